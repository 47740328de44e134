//! How much of a ticket is wanted.

use serde::{Deserialize, Serialize};

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
