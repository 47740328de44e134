//! Notes (comments) and attachments.

use serde::{Deserialize, Serialize};

use super::{
    RichText, Time, User,
    word::{with, words},
};
use crate::message::Altered;

words! {
    /// Who may read a [`Note`].
    Visibility {
        /// Only the people who work on tickets.
        Internal = "internal",
        /// Everybody who sees the ticket, its reporter included.
        Public = "public",
    }
}

/// A note on a ticket: what other systems call a comment, an update or a journal.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default)]
#[non_exhaustive]
pub struct Note {
    /// The platform's own id.
    pub id: String,
    /// Who wrote it; absent where the platform does not say.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub author: Option<User>,
    /// What it says.
    pub body: RichText,
    /// Who may read it.
    pub visibility: Visibility,
    /// When it was written.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub created_at: Option<Time>,
    /// When it was last changed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub updated_at: Option<Time>,
    /// The id of the note that it answers.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub in_reply_to: Option<String>,
    /// Where people read it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    /// What of a new note was written, though not exactly as asked; only the answer to `add_note` says it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[cfg_attr(feature = "schema", schemars(skip))]
    pub altered: Vec<Altered>,
}

impl Note {
    /// Returns a note of unknown author and visibility.
    pub fn new(id: impl Into<String>, body: impl Into<RichText>) -> Self {
        Self { id: id.into(), body: body.into(), ..Self::default() }
    }
}

with!(Note {
    /// Sets who wrote it.
    with_author: author: Option<User>,
    /// Sets who may read it.
    with_visibility: visibility: Visibility,
    /// Sets when it was written.
    with_created_at: created_at: Option<Time>,
    /// Sets when it was last changed.
    with_updated_at: updated_at: Option<Time>,
    /// Sets the note that it answers.
    with_in_reply_to: in_reply_to: Option<String>,
    /// Sets where people read it.
    with_url: url: Option<String>,
    /// Says what of a new note was not written exactly as asked.
    with_altered: altered: Vec<Altered>,
});

/// A file that hangs on a ticket.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default)]
#[non_exhaustive]
pub struct Attachment {
    /// The platform's own id, the one that `download` takes.
    pub id: String,
    /// The file's name.
    pub name: String,
    /// The size in bytes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub size: Option<u64>,
    /// The media type.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub media_type: Option<String>,
    /// Who attached it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub author: Option<User>,
    /// When it was attached.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub created_at: Option<Time>,
    /// Where it can be had; it may need the connection's credentials.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    /// Whether it is a link to another place and not a file of the platform's.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub is_link: Option<bool>,
}

impl Attachment {
    /// Returns an attachment of that id and file name.
    pub fn new(id: impl Into<String>, name: impl Into<String>) -> Self {
        Self { id: id.into(), name: name.into(), ..Self::default() }
    }
}

with!(Attachment {
    /// Sets the size in bytes.
    with_size: size: Option<u64>,
    /// Sets the media type.
    with_media_type: media_type: Option<String>,
    /// Sets who attached it.
    with_author: author: Option<User>,
    /// Sets when it was attached.
    with_created_at: created_at: Option<Time>,
    /// Sets where it can be had.
    with_url: url: Option<String>,
    /// Says whether it is a link.
    with_is_link: is_link: Option<bool>,
});
