//! Keys: a card's short link, its id, or its number on a board.

use std::fmt;

use usher_adapter_sdk::{Error, ErrorKind, Result, model::TicketKey};

use crate::object_id::is_id;

/// How a card is named. It borrows, since keys are read for every request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Key<'a> {
    /// A short link, which is the canonical key, or an id: the API takes either.
    Card(&'a str),
    /// A number on a board, as the board's short link, id or name has it.
    Number { board: &'a str, number: &'a str },
}

impl<'a> Key<'a> {
    /// Reads `5Lr2eHww`, an id, or `BOARD#7`, or says how it is written.
    pub(crate) fn parse(key: &'a TicketKey) -> Result<Self> {
        let text = key.as_str();
        let number = || {
            let (board, number) = text.rsplit_once('#')?;
            let is_number = number.bytes().all(|byte| byte.is_ascii_digit()) && !number.starts_with('0');
            let is_sound = !number.is_empty() && number.len() < 10 && is_number && !board.trim().is_empty();
            is_sound.then_some(Self::Number { board, number })
        };
        let card = (is_short_link(text) || is_id(text)).then_some(Self::Card(text));
        card.or_else(number).ok_or_else(|| {
            Error::new(ErrorKind::InvalidReference, format!("`{key}` is not a card of Trello's"))
                .with_hint("Write the eight characters of its link, like `5Lr2eHww`, or `BOARD#7`.")
        })
    }
}

impl fmt::Display for Key<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Card(card) => f.write_str(card),
            Self::Number { board, number } => write!(f, "{board}#{number}"),
        }
    }
}

/// Says whether a text has the form of a short link, of a card or of a board.
pub(crate) fn is_short_link(text: &str) -> bool {
    text.len() == 8 && text.bytes().all(|byte| byte.is_ascii_alphanumeric())
}

/// Returns the short link in the address of a card or of a board: `https://trello.com/c/5Lr2eHww/7-toy-adams`.
pub(crate) fn short_link_of_url(url: &str) -> Option<&str> {
    let (_, path) = url.split_once("://")?;
    let mut parts = path.split('/');
    let kind = parts.nth(1)?;
    parts.next().filter(|link| matches!(kind, "b" | "c") && is_short_link(link))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_read_and_written_alike() {
        for text in ["5Lr2eHww", "download", "4eea503d91e31d174600008f", "0zx7ive1#7", "My #1 board#12"] {
            assert_eq!(Key::parse(&text.into()).unwrap().to_string(), text);
        }
    }

    #[test]
    fn what_is_no_key_is_refused_with_an_example() {
        for text in ["", "5Lr2eHw", "5Lr2eHww9", "5Lr2/Hww", "#7", " #7", "b#0", "b#07", "b#", "b#x", "b#1234567890"] {
            let error = Key::parse(&text.into()).unwrap_err();
            assert_eq!(error.kind(), ErrorKind::InvalidReference, "{text}");
            assert!(error.hint().is_some_and(|hint| hint.contains("5Lr2eHww")));
        }
    }

    #[test]
    fn the_short_link_stands_in_an_address() {
        for (url, link) in [
            ("https://trello.com/c/G0y0X56p", Some("G0y0X56p")),
            ("https://trello.com/c/XlG8S7ll/3-finish", Some("XlG8S7ll")),
            ("https://trello.com/b/cI66RoQS/trello-public-api", Some("cI66RoQS")),
            ("https://trello.com/u/bobtestr", None),
            ("https://trello.com/c/short", None),
            ("G0y0X56p", None),
        ] {
            assert_eq!(short_link_of_url(url), link, "{url}");
        }
    }
}
