//! Where a page of a list begins: what a cursor says, and into which windows the cards of a board are divided.
//!
//! Cards are listed by their ids, the newest first, and an id begins with the second in which its card was made: a window
//! never changes what it holds. Windows overlap by a second, so that nothing is lost at a seam whether Trello takes the ends
//! with it or not, and whether it compares ids or seconds; the host lists a card that is on two pages once.

use serde::{Deserialize, Serialize};
use serde_json::json;
use usher_adapter_sdk::{Error, ErrorKind, Result, message::Cursor};

use crate::{
    key::is_short_link,
    object_id::{first_of, is_id, second},
};

/// Into how many windows the older cards of a board are divided at most.
const WINDOWS: u64 = 8;

/// A place in a list; written as JSON.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(super) struct Place {
    /// The board, by its id or short link.
    pub board: String,
    /// Whether the whole list is of this board, so that its order is that of the list.
    #[serde(skip_serializing_if = "is_false")]
    pub is_alone: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub since: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub before: Option<String>,
    /// The boards that follow in the same chain. They are those of the first page: one that the account leaves meanwhile takes
    /// no other with it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub rest: Vec<String>,
}

fn is_false(value: &bool) -> bool {
    !value
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
    /// Returns the beginning of a board, with the boards that follow it.
    pub(super) fn of_board(board: String, rest: Vec<String>) -> Self {
        Self { board, rest, ..Self::default() }
    }

    /// Reads a cursor.
    pub(super) fn read(cursor: &Cursor) -> Result<Self> {
        let is_board = |board: &String| is_id(board) || is_short_link(board);
        let place: Option<Self> = serde_json::from_str(cursor.as_str()).ok();
        let place = place.filter(|place| {
            let mut ends = place.since.iter().chain(&place.before);
            is_board(&place.board) && place.rest.iter().all(is_board) && ends.all(|end| is_id(end))
        });
        place.ok_or_else(|| {
            Error::validation(format!("`{}` is no place in a list", cursor.as_str()))
                .with_hint("Begin the list anew, without a cursor.")
        })
    }

    /// Returns the place as a cursor.
    pub(super) fn cursor(&self) -> Cursor {
        Cursor::new(json!(self).to_string())
    }

    /// Returns the beginning of the board that follows, if one does.
    pub(super) fn following(&self) -> Option<Self> {
        let (board, rest) = self.rest.split_first()?;
        Some(Self::of_board(board.clone(), rest.to_vec()))
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

#[cfg(test)]
mod tests {
    use super::*;

    fn id(second: u32, number: u32) -> String {
        format!("{second:08x}{number:016x}")
    }

    fn beginning() -> Place {
        Place::of_board("0zx7ive1".to_owned(), Vec::new())
    }

    #[test]
    fn a_place_is_read_as_it_is_written() {
        for text in [
            r#"{"board":"0zx7ive1"}"#,
            r#"{"before":"5f0000010000000000000000","board":"5f00000000000000000000b0","is_alone":true}"#,
            r#"{"before":"5f0000010000000000000000","board":"0zx7ive1","since":"5f0000000000000000000000"}"#,
            r#"{"board":"0zx7ive1","rest":["cI66RoQS","5f00000000000000000000b0"]}"#,
        ] {
            assert_eq!(Place::read(&Cursor::new(text)).unwrap().cursor().as_str(), text);
        }
        for text in [
            "",
            "0zx7ive1=-",
            "{}",
            r#"{"board":""}"#,
            r#"{"board":"../cards"}"#,
            r#"{"board":"0zx7ive1","rest":["x"]}"#,
            r#"{"board":"0zx7ive1","before":"5f"}"#,
            r#"{"board":"0zx7ive1","before":"5f0000010000000000000000&key=1"}"#,
            r#"{"board":"0zx7ive1","more":1}"#,
        ] {
            assert!(Place::read(&Cursor::new(text)).is_err(), "{text}");
        }
    }

    #[test]
    fn the_boards_that_follow_are_told_one_after_another() {
        let place = Place::of_board("0zx7ive1".to_owned(), vec!["cI66RoQS".to_owned(), "aaaaaaa1".to_owned()]);
        let next = place.following().unwrap();
        assert_eq!((next.board.as_str(), &next.rest[..]), ("cI66RoQS", &["aaaaaaa1".to_owned()][..]));
        assert_eq!(next.following().unwrap().following(), None);
    }

    #[test]
    fn the_next_page_has_the_second_of_the_oldest_card_once_more() {
        let place = beginning();
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
            let windows = beginning().windows(ids).unwrap();
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
            assert_eq!(beginning().windows(ids).unwrap().len(), 1);
        }
    }
}
