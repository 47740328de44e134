//! Windows of the time in which issues were made: where a page begins, and how the rest of a window is cut.

use std::fmt;

use usher_adapter_sdk::{Error, Result, message::Cursor, model::Time};

use crate::api::{Born, Connection, PageInfo};

/// Into how many windows a rest is cut at most; each of them may be cut again.
const MOST_WINDOWS: i64 = 32;
/// How many pages a window is meant to have. Issues are not made evenly, so that some have more, and some none.
const PAGES_EACH: i64 = 2;

/// Where a page begins: a window, from a millisecond (included) to another (excluded), and Linear's cursor in it.
///
/// Written as `1767225600000..1767312000000>CURSOR`; an end that is open, and no cursor, are nothing.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Place {
    pub from: Option<i64>,
    pub to: Option<i64>,
    pub after: Option<String>,
}

/// What a page shows of the time in which issues were made.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Seen {
    /// The newest and the oldest of the page, and the oldest of the window; none where the page is in another order.
    span: Option<(i64, i64, i64)>,
}

/// Where a list goes on after a page.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Next {
    /// Where the windows begin that hold the rest; what is older than this on the page itself comes again in them.
    pub seam: Option<i64>,
    pub places: Vec<Place>,
}

impl Seen {
    /// Reads a page, the newest first, and what is said of the oldest of its window.
    pub(super) fn of(page: &[Option<Time>], oldest: Option<&Connection<Born>>) -> Self {
        let times: Option<Vec<i64>> = page.iter().map(|time| Some((*time)?.unix_millis())).collect();
        let times = times.filter(|times| times.is_sorted_by(|one, other| one >= other)).unwrap_or_default();
        let oldest = oldest.and_then(|oldest| oldest.nodes.first()?.created_at).map(Time::unix_millis);
        let ends = times.first().copied().zip(times.last().copied());
        Self { span: ends.zip(oldest).map(|((newest, last), oldest)| (newest, last, oldest)) }
    }
}

impl Place {
    /// Reads a cursor; none is the beginning.
    pub(super) fn read(cursor: Option<&Cursor>) -> Result<Self> {
        let Some(cursor) = cursor else { return Ok(Self::default()) };
        let parse = |text: &str| -> Option<Self> {
            let (window, after) = text.split_once('>')?;
            let (from, to) = window.split_once("..")?;
            let end = |text: &str| if text.is_empty() { Some(None) } else { text.parse().ok().map(Some) };
            let after = Some(after).filter(|after| !after.is_empty()).map(str::to_owned);
            Some(Self { from: end(from)?, to: end(to)?, after })
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

    /// Returns where the list goes on: in several windows, if the rest of this one seems to be of several pages.
    pub(super) fn next(&self, page_info: &PageInfo, seen: &Seen) -> Next {
        let Some(after) = page_info.next() else { return Next { seam: None, places: Vec::new() } };
        let Some((seam, count, oldest)) = cut(seen) else {
            let rest = Self { after: Some(after.to_owned()), ..self.clone() };
            return Next { seam: None, places: vec![rest] };
        };
        // The newest window first, as in the list itself.
        let bound = |place: i64| oldest + (seam - oldest) * place / count;
        let window = |place: i64| Self {
            from: if place == 0 { self.from } else { Some(bound(place)) },
            to: Some(bound(place + 1)),
            after: None,
        };
        Next { seam: Some(seam), places: (0..count).rev().map(window).collect() }
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let end = |end: Option<i64>| end.map_or_else(String::new, |end| end.to_string());
        write!(f, "{}..{}>{}", end(self.from), end(self.to), self.after.as_deref().unwrap_or_default())
    }
}

/// Returns where the rest begins, into how many windows it is cut, and when its oldest was made.
///
/// The last millisecond of a page may go on beyond it, and belongs to the rest as a whole: so the seam is after it. How
/// many pages the rest has is guessed from the page itself, and each window guesses anew.
fn cut(seen: &Seen) -> Option<(i64, i64, i64)> {
    let (newest, last, oldest) = seen.span?;
    let (of_page, of_rest) = (newest - last, last - oldest);
    if of_page <= 0 || of_rest <= 0 {
        return None;
    }
    let count = (of_rest / of_page / PAGES_EACH).min(MOST_WINDOWS).min(of_rest);
    (count > 1).then_some((last + 1, count, oldest))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_is_read_as_it_is_written() {
        for text in ["..>", "1..2>", "..5>", "-7..>abc", "1..2>3f-9c"] {
            assert_eq!(Place::read(Some(&Cursor::new(text))).unwrap().to_string(), text);
        }
        assert_eq!(Place::read(None).unwrap(), Place::default());
        for text in ["", ">", "1>", "a..b>", "1..2", "1...2>", "1..99999999999999999999>"] {
            assert!(Place::read(Some(&Cursor::new(text))).is_err(), "{text}");
        }
    }

    fn going_on() -> PageInfo {
        PageInfo { has_next_page: true, end_cursor: Some("c".to_owned()) }
    }

    #[test]
    fn windows_lie_side_by_side_and_cover_everything_before_the_page() {
        let place = Place { from: Some(-50), to: Some(2_000), after: Some("b".to_owned()) };
        let Next { seam, places } = place.next(&going_on(), &Seen { span: Some((1_999, 1_900, 0)) });
        assert_eq!(seam, Some(1_901));
        assert_eq!(places.len(), 9);
        assert_eq!((places[0].to, places[8].from), (seam, Some(-50)));
        assert!(places.windows(2).all(|pair| pair[0].from == pair[1].to && pair[0].from < pair[0].to), "{places:?}");
        assert!(places.iter().all(|place| place.after.is_none()));
        let first = Place::default().next(&going_on(), &Seen { span: Some((1_999, 1_900, 0)) });
        assert_eq!(first.places[8].from, None, "the oldest window is open: an import may put something before it");
    }

    #[test]
    fn where_nothing_is_gained_or_known_the_list_goes_on_behind_the_page() {
        let chain = |seen: Seen| Place::default().next(&going_on(), &seen);
        for span in [
            None,
            Some((2_000, 1_000, 500)),
            Some((2_000, 2_000, 0)),
            Some((2_000, 1_999, 1_999)),
            Some((2_000, 1_999, 5_000)),
        ] {
            let next = chain(Seen { span });
            assert_eq!(next.seam, None);
            assert_eq!(next.places.iter().map(Place::to_string).collect::<Vec<_>>(), ["..>c"], "{span:?}");
        }
        let end = PageInfo { has_next_page: false, end_cursor: Some("c".to_owned()) };
        assert_eq!(Place::default().next(&end, &Seen { span: Some((9, 5, 0)) }).places, []);
    }

    #[test]
    fn a_page_in_another_order_says_nothing_of_the_rest() {
        let time = |millis| Time::from_unix_millis(millis);
        let oldest = Connection { nodes: vec![Born { created_at: time(1) }], page_info: PageInfo::default() };
        assert_eq!(Seen::of(&[time(9), time(5), time(5)], Some(&oldest)).span, Some((9, 5, 1)));
        assert_eq!(Seen::of(&[time(5), time(9)], Some(&oldest)).span, None);
        assert_eq!(Seen::of(&[time(9), None], Some(&oldest)).span, None);
        assert_eq!(Seen::of(&[], Some(&oldest)).span, None);
        assert_eq!(Seen::of(&[time(9)], None).span, None);
    }
}
