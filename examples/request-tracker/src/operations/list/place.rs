//! Where a page begins: a window of numbers, and a page in it.

use std::fmt;

use serde::Deserialize;
use usher_adapter_sdk::{Error, Result, host::Response, message::Cursor};

use crate::api::{Collection, Id, PageInfo};

/// Into how many windows the rest of a list is cut at most.
const MOST_WINDOWS: u64 = 32;
/// How many pages a window is meant to have. What a filter leaves is not spread evenly, so that some have more.
const PAGES_EACH: u64 = 2;

/// Numbers from one (included) to another (excluded), and a page of theirs: written as `100..300@1`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Place {
    pub from: Option<u64>,
    pub to: Option<u64>,
    pub page: u64,
}

#[derive(Deserialize)]
struct Numbered {
    id: Id,
}

impl Place {
    /// Reads a cursor; none is the beginning.
    pub(super) fn read(cursor: Option<&Cursor>) -> Result<Self> {
        let Some(cursor) = cursor else { return Ok(Self { from: None, to: None, page: 1 }) };
        let parse = |text: &str| -> Option<Self> {
            let (window, page) = text.split_once('@')?;
            let (from, to) = window.split_once("..")?;
            let end = |text: &str| if text.is_empty() { Some(None) } else { text.parse().ok().map(Some) };
            Some(Self { from: end(from)?, to: end(to)?, page: page.parse().ok().filter(|page| *page > 0)? })
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

    /// Returns the condition of the window and of the list.
    pub(super) fn within(&self, conditions: &[String]) -> String {
        let from = format!("id >= {}", self.from.unwrap_or(1));
        let to = self.to.map(|to| format!("id < {to}"));
        [from].into_iter().chain(to).chain(conditions.iter().cloned()).collect::<Vec<_>>().join(" AND ")
    }

    /// Returns the page after this one, if there is one.
    pub(super) fn following(&self, page: &Response) -> Result<Vec<Self>> {
        let has_more = PageInfo::of(page)?.has_more();
        Ok(has_more.then(|| Self { page: self.page + 1, ..self.clone() }).into_iter().collect())
    }

    /// Returns what goes on above the greatest number of a page.
    pub(super) fn above(&self, page: &Response) -> Result<Vec<Self>> {
        match numbers(page)?.last() {
            Some(last) if PageInfo::of(page)?.has_more() => {
                Ok(vec![Self { from: Some(last + 1), to: self.to, page: 1 }])
            }
            _ => self.following(page),
        }
    }

    /// Returns what goes on below the smallest number of a page.
    pub(super) fn below(&self, page: &Response) -> Result<Vec<Self>> {
        match numbers(page)?.last() {
            Some(last) if PageInfo::of(page)?.has_more() => {
                Ok(vec![Self { from: self.from, to: Some(*last), page: 1 }])
            }
            _ => self.following(page),
        }
    }

    /// Returns windows side by side that hold everything above a page; the last of them is open, for what is made meanwhile.
    pub(super) fn windows(&self, page: &Response, newest: &Response) -> Result<Vec<Self>> {
        let (on_page, newest) = (numbers(page)?, numbers(newest)?);
        let (Some(first), Some(last), Some(newest)) = (on_page.first(), on_page.last(), newest.first()) else {
            return self.following(page);
        };
        // An order that was not kept would give a span below zero.
        let (of_page, of_rest) = (last.saturating_sub(*first) + 1, newest.saturating_sub(*last));
        let count = (of_rest / of_page / PAGES_EACH).clamp(1, MOST_WINDOWS);
        let bound = |place: u64| last + 1 + of_rest * place / count;
        let window = |place: u64| Self {
            from: Some(bound(place)),
            to: if place + 1 == count { self.to } else { Some(bound(place + 1)) },
            page: 1,
        };
        Ok((0..count).map(window).collect())
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let end = |end: Option<u64>| end.map_or_else(String::new, |end| end.to_string());
        write!(f, "{}..{}@{}", end(self.from), end(self.to), self.page)
    }
}

/// Returns the numbers of the tickets of a page, in its order.
fn numbers(page: &Response) -> Result<Vec<u64>> {
    let items = page.decode::<Collection<Numbered>>()?.items;
    items
        .iter()
        .map(|item| item.id.0.parse().map_err(|_| Error::response_parse(&format_args!("`{}` is no number", item.id.0))))
        .collect()
}

#[cfg(test)]
mod tests {
    use usher_adapter_sdk::testkit::TestHost;

    use super::*;

    fn answer(numbers: &[u64], total: &str, next: bool) -> Response {
        let items: Vec<String> = numbers.iter().map(|number| format!(r#"{{"id":"{number}"}}"#)).collect();
        let next = if next { r#","next_page":"x""# } else { "" };
        let body = format!(r#"{{"count":{},"total":{total},"items":[{}]{next}}}"#, numbers.len(), items.join(","));
        TestHost::response(200, body)
    }

    fn texts(places: Result<Vec<Place>>) -> Vec<String> {
        places.unwrap().iter().map(Place::to_string).collect()
    }

    #[test]
    fn a_place_is_read_as_it_is_written() {
        for text in ["..@1", "1..2@1", "..5@3", "7..@1"] {
            assert_eq!(Place::read(Some(&Cursor::new(text))).unwrap().to_string(), text);
        }
        for text in ["", "@", "..@0", "a..b@1", "1..2", "-1..2@1", "1..99999999999999999999@1"] {
            assert!(Place::read(Some(&Cursor::new(text))).is_err(), "{text}");
        }
    }

    #[test]
    fn windows_lie_side_by_side_and_cover_everything_above_the_page() {
        let start = Place::read(None).unwrap();
        let places = start.windows(&answer(&[1, 50, 100], "1000", true), &answer(&[1_000], "1000", true)).unwrap();
        assert_eq!(places.len(), 4);
        assert_eq!((places[0].from, places[3].to), (Some(101), None));
        assert!(places.windows(2).all(|pair| pair[0].to == pair[1].from && pair[0].from < pair[0].to), "{places:?}");
        let few = start.windows(&answer(&[1, 100], "150", true), &answer(&[150], "150", true));
        assert_eq!(texts(few), ["101..@1"]);
    }

    #[test]
    fn a_page_goes_on_behind_its_last_number_and_an_empty_one_by_its_page() {
        let window = Place { from: Some(5), to: Some(90), page: 1 };
        assert_eq!(texts(window.above(&answer(&[5, 9], "50", true))), ["10..90@1"]);
        assert_eq!(texts(window.below(&answer(&[80, 70], "50", true))), ["5..70@1"]);
        assert_eq!(texts(window.above(&answer(&[], "null", true))), ["5..90@2"]);
        assert!(texts(window.above(&answer(&[5, 9], "2", false))).is_empty());
    }

    #[test]
    fn without_a_total_a_page_that_names_no_next_one_is_not_the_end_unless_it_is_empty() {
        let window = Place { from: Some(5), to: None, page: 1 };
        assert_eq!(texts(window.above(&answer(&[5, 9], "null", false))), ["10..@1"]);
        assert!(texts(window.above(&answer(&[], "null", false))).is_empty());
    }
}
