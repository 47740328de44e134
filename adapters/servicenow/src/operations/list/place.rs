//! Where a page begins, and how the rest of a window is cut.

use std::fmt;

use usher_adapter_sdk::{Error, Result, message::Cursor};

use crate::key::is_table;

/// Into how many windows a rest is cut at most; each of them may be cut again.
const MOST_WINDOWS: u64 = 32;
/// How many pages a window is meant to have. Ids are spread evenly, but not quite.
const PAGES_EACH: u64 = 2;
/// How many digits of an id bounds are reckoned with.
const DIGITS: usize = 15;
const LENGTH: usize = 32;

/// Where a page begins: a table, a window of ids, and how many records of the window are before it.
///
/// Written as `incident/>9d385…/a/100`: behind an id (`>`) or from it on (`=`), up to another, which does not belong to it;
/// an end that is open is nothing.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Place {
    pub table: String,
    from: Option<(bool, String)>,
    to: Option<String>,
    pub offset: u64,
}

/// What a page shows of the rest.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Seen<'a> {
    /// How many records came, and how many were asked for.
    pub rows: u64,
    pub size: u64,
    /// The id of the last, where the page is in the order of ids.
    pub last: Option<&'a str>,
    /// How many there are from the window's beginning on, those included that are hidden.
    pub total: Option<u64>,
    /// Whether the answer names a next page.
    pub has_next: Option<bool>,
}

impl Place {
    /// Returns the beginning of a table.
    pub(super) fn start(table: &str) -> Self {
        Self { table: table.to_owned(), ..Self::default() }
    }

    /// Reads a cursor.
    pub(super) fn read(cursor: &Cursor) -> Result<Self> {
        parse(cursor.as_str()).ok_or_else(|| {
            Error::validation(format!("`{}` is no place in a list", cursor.as_str()))
                .with_hint("Begin the list anew, without a cursor.")
        })
    }

    /// Returns the place as a cursor.
    pub(super) fn cursor(&self) -> Cursor {
        Cursor::new(self.to_string())
    }

    /// Returns the terms of the window.
    pub(super) fn window(&self) -> String {
        let from = self.from.as_ref().map(|(from_on, id)| format!("sys_id>{}{id}", if *from_on { "=" } else { "" }));
        let to = self.to.as_ref().map(|id| format!("sys_id<{id}"));
        from.into_iter().chain(to).collect::<Vec<_>>().join("^")
    }

    /// Returns where the list goes on: in several windows, if the rest of this one seems to be of several pages.
    pub(super) fn next(&self, seen: &Seen<'_>, windows: bool) -> Vec<Place> {
        let counted = seen.total.map(|total| self.offset + seen.size < total);
        // A short or empty page is not the end: what may not be seen is taken out of it after it was cut.
        if !seen.has_next.or(counted).unwrap_or(seen.rows == seen.size) {
            return Vec::new();
        }
        let Some(last) = seen.last.filter(|last| windows && is_plain(last)) else {
            return vec![Self { offset: self.offset + seen.size, ..self.clone() }];
        };
        let rest = Self { from: Some((false, last.to_owned())), offset: 0, ..self.clone() };
        let count = seen.total.map_or(1, |total| total.saturating_sub(self.offset + seen.rows) / seen.size.max(1));
        rest.cut((count / PAGES_EACH).min(MOST_WINDOWS))
    }

    /// Cuts a window into so many, if its ends are numbers.
    fn cut(self, count: u64) -> Vec<Place> {
        let low = self.from.as_ref().and_then(|(_, id)| digits(id));
        let high = self.to.as_deref().map_or(Some(1 << (4 * DIGITS)), digits);
        let (Some(low), Some(high)) = (low, high) else { return vec![self] };
        if count < 2 || high.saturating_sub(low) <= count {
            return vec![self];
        }
        let step = (high - low) / count;
        let bound = |place: u64| {
            let start = format!("{:0DIGITS$x}", low + step * place);
            format!("{start:0<LENGTH$}")
        };
        let window = |place: u64| Self {
            from: if place == 0 { self.from.clone() } else { Some((true, bound(place))) },
            to: if place == count - 1 { self.to.clone() } else { Some(bound(place + 1)) },
            ..self.clone()
        };
        (0..count).map(window).collect()
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let from = self.from.as_ref().map(|(from_on, id)| format!("{}{id}", if *from_on { '=' } else { '>' }));
        let to = self.to.as_deref().unwrap_or_default();
        write!(f, "{}/{}/{to}/{}", self.table, from.unwrap_or_default(), self.offset)
    }
}

fn parse(text: &str) -> Option<Place> {
    let mut parts = text.split('/');
    let (table, from, to, offset) = (parts.next()?, parts.next()?, parts.next()?, parts.next()?);
    let from = match from.split_at_checked(1) {
        None if from.is_empty() => None,
        Some((">", id)) if is_plain(id) => Some((false, id.to_owned())),
        Some(("=", id)) if is_plain(id) => Some((true, id.to_owned())),
        _ => return None,
    };
    let to = if to.is_empty() { None } else { Some(to.to_owned()).filter(|to| is_plain(to)) };
    let is_whole = parts.next().is_none() && is_table(table) && (text.split('/').nth(2) == Some("") || to.is_some());
    is_whole.then_some(Place { table: table.to_owned(), from, to, offset: offset.parse().ok()? })
}

/// Says whether an id can stand in a query: one that an import has made up may be no number.
fn is_plain(id: &str) -> bool {
    !id.is_empty() && id.bytes().all(|byte| byte.is_ascii_alphanumeric())
}

/// Returns the first digits of an id as a number.
fn digits(id: &str) -> Option<u64> {
    let is_lower = |byte: u8| matches!(byte, b'0'..=b'9' | b'a'..=b'f');
    let start = id.get(..DIGITS).filter(|start| start.bytes().all(is_lower))?;
    u64::from_str_radix(start, 16).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    const LAST: &str = "10000000000000000000000000000abc";

    fn texts(places: Vec<Place>) -> Vec<String> {
        places.iter().map(Place::to_string).collect()
    }

    #[test]
    fn a_place_is_read_as_it_is_written() {
        for text in ["incident///0", "incident/>9d38/a0/100", "sc_task/=00//7"] {
            assert_eq!(Place::read(&Cursor::new(text)).unwrap().to_string(), text);
        }
        for text in [
            "",
            "incident",
            "Incident///0",
            "incident/9/a/0",
            "incident/>9^x//0",
            "incident//^/0",
            "incident///0/1",
            "incident///x",
        ] {
            assert!(Place::read(&Cursor::new(text)).is_err(), "{text}");
        }
    }

    #[test]
    fn windows_lie_side_by_side_and_cover_everything_behind_the_page() {
        let seen = Seen { rows: 100, size: 100, last: Some(LAST), total: Some(2_000), has_next: Some(true) };
        let places = Place::start("incident").next(&seen, true);
        assert_eq!(places.len(), 9);
        assert_eq!(places[0].from, Some((false, LAST.to_owned())));
        assert_eq!(places[8].to, None, "the last window is open");
        for pair in places.windows(2) {
            assert_eq!(pair[1].from, pair[0].to.clone().map(|to| (true, to)));
            assert!(pair[0].from.as_ref().unwrap().1 < pair[1].from.as_ref().unwrap().1);
        }
        assert_eq!(places[1].window().matches("sys_id").count(), 2);
    }

    #[test]
    fn a_short_or_empty_page_is_not_the_end() {
        let place = Place::start("incident");
        let none_seen = Seen { rows: 0, size: 100, last: None, total: Some(150), has_next: None };
        assert_eq!(texts(place.next(&none_seen, true)), ["incident///100"]);
        let short = Seen { rows: 3, size: 100, last: Some(LAST), total: Some(150), has_next: Some(true) };
        assert_eq!(texts(place.next(&short, true)), [format!("incident/>{LAST}//0")]);
        let end = Seen { rows: 100, size: 100, last: Some(LAST), total: Some(100), has_next: None };
        assert_eq!(place.next(&end, true), []);
    }

    #[test]
    fn without_a_count_the_list_ends_with_a_page_that_is_not_full() {
        let place = Place::start("incident");
        let full = Seen { rows: 100, size: 100, last: Some(LAST), ..Seen::default() };
        assert_eq!(place.next(&full, true).len(), 1);
        assert_eq!(place.next(&Seen { rows: 99, ..full }, true), []);
        assert_eq!(texts(place.next(&full, false)), ["incident///100"]);
    }

    #[test]
    fn an_id_that_is_no_number_is_a_place_and_no_bound() {
        let seen = Seen { rows: 100, size: 100, last: Some("made-up"), total: Some(9_000), has_next: None };
        assert_eq!(texts(Place::start("incident").next(&seen, true)), ["incident///100"]);
        let seen = Seen { last: Some("zz00"), ..seen };
        assert_eq!(texts(Place::start("incident").next(&seen, true)), ["incident/>zz00//0"]);
    }
}
