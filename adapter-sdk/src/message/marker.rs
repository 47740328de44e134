//! Finding again what an ambiguous write may have left behind.

use serde::{Deserialize, Serialize};

use crate::model::{
    TicketKey, Time,
    word::{with, words},
};

words! {
    /// What a marker was given to.
    MarkerKind {
        /// A ticket.
        Ticket = "ticket",
        /// A note.
        Note = "note",
    }
}

/// Something that carries a marker, found by direct read.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
#[non_exhaustive]
pub struct Found {
    /// The ticket.
    pub key: TicketKey,
    /// The note, if it is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub note_id: Option<String>,
    /// Where people read it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    /// When it was made.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub created_at: Option<Time>,
}

impl Found {
    /// Returns a found ticket.
    pub fn ticket(key: impl Into<TicketKey>) -> Self {
        Self { key: key.into(), ..Self::default() }
    }

    /// Returns a found note.
    pub fn note(key: impl Into<TicketKey>, note_id: impl Into<String>) -> Self {
        Self { note_id: Some(note_id.into()), ..Self::ticket(key) }
    }
}

with!(Found {
    /// Sets where people read it.
    with_url: url: Option<String>,
    /// Sets when it was made.
    with_created_at: created_at: Option<Time>,
});
