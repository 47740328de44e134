//! Pages of tickets and of notes.

use serde::{Deserialize, Serialize};

use crate::{
    Error, Result,
    message::{Criterion, Raw},
    model::{Note, Part, Ticket, word::with},
};

/// Where a page begins, in the adapter's own words.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Cursor(String);

impl Cursor {
    /// Returns a cursor; only the adapter that made it reads it.
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// Returns the adapter's own words.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// A page of tickets.
///
/// Tickets are written as JSON when they are pushed: the host passes these bytes on and reads of them only
/// what it needs.
#[derive(Debug, Clone, Default)]
#[non_exhaustive]
pub struct Page {
    pub(crate) lines: Vec<u8>,
    pub(crate) head: PageHead,
}

/// Everything of a page but its tickets.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
#[non_exhaustive]
pub struct PageHead {
    /// How many tickets follow.
    pub count: u64,
    /// Where it goes on; empty at the end.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub next: Vec<Cursor>,
    /// How many there are in all.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub total: Option<u64>,
    /// The criteria that were applied.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub pushed_down: Vec<Criterion>,
    /// Why the list, or the chain of pages that this one belongs to, is cut here, if it is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cut: Option<Part>,
    /// What went wrong with single tickets.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub errors: Vec<Error>,
}

impl Page {
    /// Returns an empty page.
    pub fn new() -> Self {
        Self::default()
    }

    /// Writes a ticket at the end of the page.
    pub fn push(&mut self, ticket: &Ticket) -> Result<()> {
        let start = self.lines.len();
        if let Err(error) = crate::wire::write_ticket(&mut self.lines, ticket) {
            self.lines.truncate(start);
            return Err(error);
        }
        self.lines.push(b'\n');
        self.head.count += 1;
        Ok(())
    }

    /// Writes a ticket at the end of the page, with the platform's documents.
    pub fn push_with_raw(&mut self, ticket: &Ticket, raw: &Raw) -> Result<()> {
        let mut ticket = ticket.clone();
        ticket.attach_raw(raw)?;
        self.push(&ticket)
    }

    /// Notes that one ticket could not be had; the others are not hidden by it.
    pub fn push_error(&mut self, error: Error) {
        self.head.errors.push(error);
    }

    /// Says where it goes on. The host lists a ticket that comes on two pages once.
    ///
    /// Several cursors each begin a chain of pages: the numbered pages of a listing in ascending order of creation
    /// whose last page is known, or disjoint windows (of creation, ids or keys) that cover the list together. The
    /// host may ask for them side by side; it lists the tickets in the order of the cursors. Never divide a list by what changes, such as the time of the last update: a ticket could slip
    /// from one part into another, and be in neither.
    #[must_use]
    pub fn with_next(mut self, next: impl IntoIterator<Item = Cursor>) -> Self {
        self.head.next = next.into_iter().collect();
        self
    }

    /// Says how many there are in all.
    #[must_use]
    pub fn with_total(mut self, total: Option<u64>) -> Self {
        self.head.total = total;
        self
    }

    /// Names the criteria that were applied; the host filters by the rest.
    #[must_use]
    pub fn with_pushed_down(mut self, criteria: impl IntoIterator<Item = Criterion>) -> Self {
        self.head.pushed_down = criteria.into_iter().collect();
        self
    }

    /// Says that the platform gives no more than this, although there may be more. Other chains of pages go on.
    #[must_use]
    pub fn with_cut(mut self, cut: Part) -> Self {
        self.head.cut = Some(cut);
        self
    }

    /// Returns how many tickets there are on the page.
    pub fn len(&self) -> u64 {
        self.head.count
    }

    /// Says whether there is no ticket on the page; that alone is not the end of a list.
    pub fn is_empty(&self) -> bool {
        self.head.count == 0
    }

    /// Returns everything but the tickets.
    pub fn head(&self) -> &PageHead {
        &self.head
    }

    /// Returns the tickets as JSON, one a line.
    pub fn lines(&self) -> &[u8] {
        &self.lines
    }

    /// Reads the tickets again.
    pub fn tickets(&self) -> Result<Vec<Ticket>> {
        self.lines.split(|byte| *byte == b'\n').filter(|line| !line.is_empty()).map(crate::decode::json).collect()
    }
}

/// A page of notes, oldest first.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
#[non_exhaustive]
pub struct NotePage {
    /// The notes.
    pub notes: Vec<Note>,
    /// Where it goes on.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next: Option<Cursor>,
    /// How many there are in all.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub total: Option<u64>,
    /// Why the list as a whole is cut here, if it is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cut: Option<Part>,
}

impl NotePage {
    /// Returns a page with these notes and nothing after it.
    pub fn new(notes: Vec<Note>) -> Self {
        Self { notes, ..Self::default() }
    }
}

with!(NotePage {
    /// Says where it goes on.
    with_next: next: Option<Cursor>,
    /// Says how many there are in all.
    with_total: total: Option<u64>,
    /// Says that the platform gives no more than this.
    with_cut: cut: Option<Part>,
});
