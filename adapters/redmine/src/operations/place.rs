//! Where a page begins. Lists are cut into windows of ids, which never change: whatever is made, changed, moved or closed while
//! a list is read, nothing slips from one page over to another.

use serde::{Deserialize, Serialize};
use usher_adapter_sdk::{
    Error, Result,
    message::{Criterion, Cursor},
};

/// The greatest page that Redmine gives.
pub(super) const PAGE_SIZE: u64 = 100;
/// Into how many windows a rest is cut at most; each of them may be cut again.
const MOST_WINDOWS: u64 = 128;
/// How many issues a window is meant to have, so that most of them are one page.
const ISSUES_EACH: u64 = 80;

/// A page of a list, with what every page of it has in common: names are looked up once.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct Place {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub project: Option<String>,
    pub query: Vec<(String, String)>,
    pub pushed_down: Vec<Criterion>,
    pub page_size: u64,
    pub spot: Spot,
}

/// Where in a list a page begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Spot {
    /// The ids between two, both included, smallest first.
    Window { from: u64, to: Option<u64> },
    /// The ids up to one, greatest first.
    UpTo(Option<u64>),
    /// So many issues of an order that Redmine keeps.
    Offset(u64),
}

impl Place {
    /// Reads a cursor.
    pub(super) fn read(cursor: &Cursor) -> Result<Self> {
        usher_adapter_sdk::decode::json(cursor.as_str().as_bytes()).map_err(|_| {
            Error::validation(format!("`{}` is no place in a list", cursor.as_str()))
                .with_hint("Begin the list anew, without a cursor.")
        })
    }

    /// Returns the place as a cursor.
    pub(super) fn cursor(&self) -> Result<Cursor> {
        Ok(Cursor::new(usher_adapter_sdk::model::Json::of(self)?.as_str()))
    }

    /// Returns the same list at another spot.
    pub(super) fn at(&self, spot: Spot) -> Self {
        Self { spot, ..self.clone() }
    }
}

impl Spot {
    /// Returns the pairs that ask for this page.
    pub(super) fn query(self) -> Vec<(&'static str, String)> {
        match self {
            Self::Window { from: 0, to: None } => vec![("sort", "id".to_owned())],
            Self::Window { from, to: None } => vec![("sort", "id".to_owned()), ("issue_id", format!(">={from}"))],
            Self::Window { from, to: Some(to) } => {
                vec![("sort", "id".to_owned()), ("issue_id", format!("><{from}|{to}"))]
            }
            Self::UpTo(None) => vec![("sort", "id:desc".to_owned())],
            Self::UpTo(Some(to)) => vec![("sort", "id:desc".to_owned()), ("issue_id", format!("<={to}"))],
            Self::Offset(offset) => vec![("offset", offset.to_string())],
        }
    }

    /// Says whether an id can be on this page.
    pub(super) fn holds(self, id: u64) -> bool {
        match self {
            Self::Window { from, to } => from <= id && to.is_none_or(|to| id <= to),
            Self::UpTo(to) => to.is_none_or(|to| id <= to),
            Self::Offset(_) => true,
        }
    }
}

/// Cuts what is left between two ids into windows; the last one is open where the list was.
pub(super) fn windows(from: u64, greatest: u64, to: Option<u64>, rest: u64) -> Vec<Spot> {
    let span = greatest.saturating_sub(from) + 1;
    let count = if rest <= PAGE_SIZE { 1 } else { rest.div_ceil(ISSUES_EACH).min(MOST_WINDOWS).min(span) };
    let bound = |number: u64| from + span / count * number + span % count * number / count;
    let window = |number: u64| {
        let end = if number + 1 == count { to } else { Some(bound(number + 1) - 1) };
        Spot::Window { from: bound(number), to: end }
    };
    (0..count).map(window).collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn windows_lie_side_by_side_and_cover_everything(
            from in 1u64..1_000_000_000, span in 0u64..1_000_000_000, rest in 1u64..100_000, is_open in any::<bool>()
        ) {
            let greatest = from + span;
            let to = (!is_open).then_some(greatest);
            let windows = windows(from, greatest, to, rest);
            let ends: Vec<(u64, Option<u64>)> = windows.iter().map(|spot| match spot {
                Spot::Window { from, to } => (*from, *to),
                other => panic!("{other:?}"),
            }).collect();
            prop_assert_eq!(ends[0].0, from);
            prop_assert_eq!(ends[ends.len() - 1].1, to);
            for pair in ends.windows(2) {
                prop_assert_eq!(pair[0].1.map(|end| end + 1), Some(pair[1].0));
                prop_assert!(pair[0].0 <= pair[0].1.unwrap());
            }
        }
    }

    #[test]
    fn a_place_is_read_as_it_is_written_and_nothing_else_is() {
        let place = Place {
            project: Some("a".to_owned()),
            query: vec![("status_id".to_owned(), "*".to_owned())],
            pushed_down: vec![Criterion::Project],
            page_size: 100,
            spot: Spot::Window { from: 7, to: None },
        };
        assert_eq!(Place::read(&place.cursor().unwrap()).unwrap(), place);
        for text in ["", "7", "{}", r#"{"query":[],"pushed_down":[],"page_size":1,"spot":{"window":{"from":-1}}}"#] {
            assert!(Place::read(&Cursor::new(text)).is_err(), "{text}");
        }
    }
}
