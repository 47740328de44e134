//! Pages, and the header that leads from one to the next.

use std::fmt::Write as _;

use form_urlencoded::{Serializer, parse};

use super::{reply::Refusal, service::Call};

/// Which part of a list was asked for.
#[derive(Clone, Copy, Debug)]
pub(super) struct Page {
    pub(super) number: usize,
    pub(super) size: usize,
}

impl Page {
    /// Reads `page` and `per_page`. More than a hundred is a hundred, without a word.
    pub(super) fn of(call: &Call) -> Self {
        let read = |name: &str, default| call.query.get(name).and_then(|text| text.parse().ok()).unwrap_or(default);
        let size = match read("per_page", 30) {
            0 => 30,
            size => size.min(100),
        };
        Self { number: read("page", 1).max(1), size }
    }

    /// Returns the range of the page in a list of so many.
    pub(super) fn range(self, total: usize) -> std::ops::Range<usize> {
        let start = ((self.number - 1).saturating_mul(self.size)).min(total);
        start..(start + self.size).min(total)
    }

    /// Returns `link`, if there is more than this page.
    pub(super) fn link(self, call: &Call, path: &str, total: usize) -> Option<String> {
        let last = total.div_ceil(self.size).max(1);
        let targets = [
            (self.number > 1, "prev", self.number.saturating_sub(1).min(last)),
            (self.number < last, "next", self.number + 1),
            (self.number < last, "last", last),
            (self.number > 1, "first", 1),
        ];
        let there = targets.into_iter().filter(|(there, ..)| *there);
        joined(there.map(|(_, name, page)| (name, address(call, path, "page", &page.to_string()))))
    }
}

/// A place in a list that stays where it is while the list changes: the sort key and the number of the item before it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Cursor {
    pub(super) key: i64,
    pub(super) number: u64,
}

impl Cursor {
    /// Reads a cursor that was given out.
    pub(super) fn read(text: &str) -> Option<Self> {
        let text = text.strip_prefix("Y3Vyc29y")?;
        let (key, number) = text.split_once('-')?;
        let key = u64::from_str_radix(key, 16).ok()?.cast_signed();
        Some(Self { key, number: u64::from_str_radix(number, 16).ok()? })
    }

    pub(super) fn of(call: &Call) -> Result<Option<Self>, Refusal> {
        let Some(text) = call.query.get("after") else { return Ok(None) };
        Self::read(text).map(Some).ok_or_else(|| Refusal::new(422, "Invalid cursor"))
    }

    /// Returns `link` with the page after this cursor.
    pub(super) fn link(self, call: &Call, path: &str) -> Option<String> {
        let text = format!("Y3Vyc29y{:x}-{:x}", self.key, self.number);
        joined([("next", address(call, path, "after", &text))].into_iter())
    }
}

fn joined(links: impl Iterator<Item = (&'static str, String)>) -> Option<String> {
    let mut header = String::new();
    for (name, address) in links {
        let comma = if header.is_empty() { "" } else { ", " };
        write!(header, "{comma}<{address}>; rel=\"{name}\"").expect("a string takes everything");
    }
    (!header.is_empty()).then_some(header)
}

/// Returns the address that was asked for, with another place in the list.
fn address(call: &Call, path: &str, name: &str, value: &str) -> String {
    let mut query = Serializer::new(String::new());
    let asked = parse(call.request.query.as_deref().unwrap_or_default().as_bytes());
    query.extend_pairs(asked.filter(|(known, _)| !["page", "after"].contains(&&**known)));
    query.append_pair(name, value);
    format!("{}{path}?{}", call.site.api, query.finish())
}
