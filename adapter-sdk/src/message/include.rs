//! How much of a ticket is wanted.

use serde::{Deserialize, Serialize};

use crate::model::{Ticket, word::with};

/// How much of a ticket is wanted; the same for `get`, `fetch` and `search`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
#[non_exhaustive]
pub struct Include {
    /// The description.
    pub body: bool,
    /// The notes.
    pub notes: bool,
    /// The list of attachments.
    pub attachments: bool,
    /// The custom fields.
    pub fields: bool,
    /// The platform's own documents.
    pub raw: bool,
}

impl Default for Include {
    fn default() -> Self {
        Self { body: true, notes: false, attachments: false, fields: false, raw: false }
    }
}

impl Include {
    /// Everything but the raw documents.
    pub const EVERYTHING: Include = Include { body: true, notes: true, attachments: true, fields: true, raw: false };

    /// Only what a list shows.
    pub const SUMMARY: Include = Include { body: false, notes: false, attachments: false, fields: false, raw: false };
}

with!(Include {
    /// Says whether the description is wanted.
    with_body: body: bool,
    /// Says whether the notes are wanted.
    with_notes: notes: bool,
    /// Says whether the list of attachments is wanted.
    with_attachments: attachments: bool,
    /// Says whether the custom fields are wanted.
    with_fields: fields: bool,
    /// Says whether the platform's own documents are wanted.
    with_raw: raw: bool,
});

impl Ticket {
    /// Leaves out the parts that were not asked for, and what was said of how whole they are.
    ///
    /// For `get` the SDK does this; in pages the adapter does.
    pub fn keep(&mut self, include: &Include) {
        let mut forget = |part: &str| drop(self.completeness.0.remove(part));
        if !include.body {
            self.body = None;
            forget("body");
        }
        if !include.notes {
            self.notes = None;
            forget("notes");
        }
        if !include.attachments {
            self.attachments = None;
            forget("attachments");
        }
        if !include.fields {
            self.custom_fields = None;
            forget("custom_fields");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{CutReason, Part};

    #[test]
    fn what_was_not_asked_for_is_neither_there_nor_said_to_be_cut() {
        let cut = || Part::new(0, Some(1), CutReason::NotLoaded);
        let mut ticket =
            Ticket::new("A-1", "t").with_notes(vec![]).with_cut("notes", cut()).with_cut("children", cut());
        ticket.keep(&Include::SUMMARY.with_notes(true));
        assert!(ticket.notes.is_some() && ticket.completeness.0.contains_key("notes"));
        ticket.keep(&Include::SUMMARY);
        assert!(ticket.notes.is_none());
        assert_eq!(ticket.completeness.0.into_keys().collect::<Vec<_>>(), ["children"]);
    }
}
