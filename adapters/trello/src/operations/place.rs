//! Where a page of a list begins: what a cursor says, and into which windows the cards of a board are divided.
//!
//! Cards are listed by their ids, the newest first, and an id begins with the second in which its card was made: a window
//! never changes what it holds. Windows overlap by a second, so that nothing is lost at a seam whether Trello takes the ends
//! with it or not, and whether it compares ids or seconds; the host lists a card that is on two pages once.

use std::fmt;

use usher_adapter_sdk::{Error, ErrorKind, Result, message::Cursor};

use crate::object_id::{first_of, is_id, second};

/// Into how many windows the older cards of a board are divided at most.
const WINDOWS: u64 = 8;

/// A place in a list.
///
/// Written as `BOARD=SINCE-BEFORE`, each end an id or nothing; with `>` in place of `=` the boards after it follow.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Place {
    pub board: String,
    /// Whether the next board follows at the end of this one.
    pub goes_on: bool,
    pub since: Option<String>,
    pub before: Option<String>,
}

/// The ids of the cards on a page, as far as the next ones depend on them.
#[derive(Debug, Clone, Copy)]
pub(super) struct Ids<'a> {
    pub oldest: &'a str,
    pub newest: &'a str,
    /// The id of the board, which also says when it was made.
    pub board: Option<&'a str>,
}

impl Place {
    /// Returns the beginning of a board.
    pub(super) fn of_board(board: &str, goes_on: bool) -> Self {
        Self { board: board.to_owned(), goes_on, since: None, before: None }
    }

    /// Reads a cursor.
    pub(super) fn read(cursor: &Cursor) -> Result<Self> {
        let parse = |text: &str| -> Option<Self> {
            let at = text.rfind(['=', '>'])?;
            let (since, before) = text[at + 1..].split_once('-')?;
            let end = |end: &str| match end {
                "" => Some(None),
                end => is_id(end).then(|| Some(end.to_owned())),
            };
            let board = text[..at].to_owned();
            let goes_on = text[at..].starts_with('>');
            (!board.is_empty()).then_some(Self { board, goes_on, since: end(since)?, before: end(before)? })
        };
        parse(cursor.as_str()).ok_or_else(|| {
            Error::validation(format!("`{}` is no place in a list", cursor.as_str()))
                .with_hint("Begin the list anew, without a cursor.")
        })
    }

    /// Returns the place as a cursor.
    pub(super) fn cursor(&self) -> Cursor {
        Cursor::new(self.to_string())
    }

    /// Says whether it is the beginning of a board.
    pub(super) fn is_beginning(&self) -> bool {
        self.since.is_none() && self.before.is_none()
    }

    /// Returns the place after a full page: what is older, with the second of the oldest card once more.
    pub(super) fn after(&self, ids: Ids<'_>) -> Result<Self> {
        let is_further = |end: &str| self.before.as_deref().is_none_or(|before| end < before);
        let whole_second = second(ids.oldest).and_then(|second| second.checked_add(1)).map(first_of);
        // A page of cards that were all made in one second: only their ids tell them apart.
        let is_one_second = second(ids.oldest) == second(ids.newest);
        let before = whole_second.filter(|end| !is_one_second && is_further(end));
        let before = before.or_else(|| Some(ids.oldest.to_owned()).filter(|end| is_further(end)));
        let before = before.ok_or_else(|| {
            Error::new(ErrorKind::Platform, format!("board {}: Trello gives the same cards again", self.board))
        })?;
        Ok(Self { before: Some(before), ..self.clone() })
    }

    /// Returns the windows that hold everything after the first page of a board, newest first.
    ///
    /// They are as many as the page lets expect pages. A card may have been made on another board before this one, so that
    /// the last window has no end.
    pub(super) fn windows(&self, ids: Ids<'_>) -> Result<Vec<Self>> {
        let rest = self.after(ids)?;
        let times = second(ids.oldest).zip(second(ids.newest)).zip(ids.board.and_then(second));
        let Some(((oldest, newest), born)) = times.filter(|((oldest, _), born)| born < oldest) else {
            return Ok(vec![rest]);
        };
        let (span, age) = (u64::from(newest.saturating_sub(oldest).max(1)), u64::from(oldest - born));
        let count = age.div_ceil(span).clamp(1, WINDOWS);
        let seam = |number: u64| born + u32::try_from(age * number / count).unwrap_or_default();
        let mut windows: Vec<Self> = (0..count)
            .map(|number| Self {
                since: Some(first_of(seam(number).saturating_sub(1))),
                before: if number + 1 == count { rest.before.clone() } else { Some(first_of(seam(number + 1))) },
                ..self.clone()
            })
            .collect();
        windows.insert(0, Self { before: Some(first_of(born)), ..self.clone() });
        windows.reverse();
        Ok(windows)
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mark = if self.goes_on { '>' } else { '=' };
        let end = |end: &Option<String>| end.clone().unwrap_or_default();
        write!(f, "{}{mark}{}-{}", self.board, end(&self.since), end(&self.before))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn id(second: u32, number: u32) -> String {
        format!("{second:08x}{number:016x}")
    }

    #[test]
    fn a_place_is_read_as_it_is_written() {
        for text in [
            "0zx7ive1=-",
            "My = board>-",
            "b=5f0000000000000000000000-5f0000010000000000000000",
            "b>-5f0000010000000000000000",
        ] {
            assert_eq!(Place::read(&Cursor::new(text)).unwrap().to_string(), text);
        }
        for text in ["", "b", "b=", "=-", "b=x-", "b=-5f", "b=-5f0000010000000000000000&key=1"] {
            assert!(Place::read(&Cursor::new(text)).is_err(), "{text}");
        }
    }

    #[test]
    fn the_next_page_has_the_second_of_the_oldest_card_once_more() {
        let place = Place::of_board("b", true);
        let (oldest, newest) = (id(100, 7), id(200, 1));
        let next = place.after(Ids { oldest: &oldest, newest: &newest, board: None }).unwrap();
        assert_eq!(next.before, Some(first_of(101)));
        let (oldest, newest) = (id(100, 3), id(100, 9));
        let next = next.after(Ids { oldest: &oldest, newest: &newest, board: None }).unwrap();
        assert_eq!(next.before.as_ref(), Some(&oldest), "a page of one second goes on by ids");
        assert!(next.after(Ids { oldest: &oldest, newest: &newest, board: None }).is_err(), "and never in circles");
    }

    #[test]
    fn windows_hold_every_second_and_are_as_many_as_there_may_be_pages() {
        for (born, oldest, newest, count) in
            [(1_000, 2_000, 3_000, 2), (1_000, 9_000, 9_100, 9), (1_000, 1_001, 9_000, 2)]
        {
            let (oldest, newest, born) = (id(oldest, 5), id(newest, 5), id(born, 0));
            let ids = Ids { oldest: &oldest, newest: &newest, board: Some(&born) };
            let windows = Place::of_board("b", false).windows(ids).unwrap();
            assert_eq!(windows.len(), count, "{windows:?}");
            let holds = |card: &str| {
                windows.iter().any(|window| {
                    window.since.as_deref().is_none_or(|since| since < card)
                        && window.before.as_deref().is_none_or(|before| card < before)
                })
            };
            let first = second(&oldest).unwrap();
            assert!((0..=first).all(|second| holds(&id(second, 5)) && holds(&first_of(second))), "{windows:?}");
        }
    }

    #[test]
    fn without_a_board_s_id_or_on_a_younger_board_there_is_one_chain() {
        let (oldest, newest, young) = (id(100, 1), id(200, 1), id(150, 1));
        for board in [None, Some(young.as_str()), Some("x")] {
            let ids = Ids { oldest: &oldest, newest: &newest, board };
            assert_eq!(Place::of_board("b", false).windows(ids).unwrap().len(), 1);
        }
    }
}
