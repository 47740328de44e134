//! People, and what acts like them.

use serde::{Deserialize, Serialize};

use super::word::{with, words};

words! {
    /// What kind of account a [`User`] is.
    UserKind {
        /// A person of the organisation.
        Person = "person",
        /// A program.
        Bot = "bot",
        /// Several people behind one name, such as a team or a queue's owners.
        Group = "group",
        /// Somebody outside, known by an address or through another system.
        External = "external",
    }
}

/// Somebody, or something, that reports, owns or writes.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default)]
#[non_exhaustive]
pub struct User {
    /// The platform's own id.
    pub id: String,
    /// The name one types to mention or assign them.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub handle: Option<String>,
    /// The name people read.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub display_name: Option<String>,
    /// The mail address, where the platform shows it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub email: Option<String>,
    /// What kind of account it is.
    pub kind: UserKind,
}

impl User {
    /// Returns a user of unknown kind, known by an id alone.
    pub fn new(id: impl Into<String>) -> Self {
        Self { id: id.into(), ..Self::default() }
    }

    /// Returns the best name for a reader: display name, else handle, else mail address, else id.
    pub fn label(&self) -> &str {
        [&self.display_name, &self.handle, &self.email]
            .into_iter()
            .find_map(|name| name.as_deref().filter(|name| !name.is_empty()))
            .unwrap_or(&self.id)
    }
}

with!(User {
    /// Sets the name one types.
    with_handle: handle: Option<String>,
    /// Sets the name people read.
    with_display_name: display_name: Option<String>,
    /// Sets the mail address.
    with_email: email: Option<String>,
    /// Sets the kind of account.
    with_kind: kind: UserKind,
});
