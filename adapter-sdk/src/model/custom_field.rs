//! Fields that a platform's administrator made up.

use serde::{Deserialize, Serialize};

use super::{Json, word::words};

words! {
    /// The type of a field's value.
    FieldType {
        /// A string.
        Text = "text",
        /// A string of Markdown.
        RichText = "rich_text",
        /// A number.
        Number = "number",
        /// `true` or `false`.
        Boolean = "boolean",
        /// A day, `2026-11-21`.
        Date = "date",
        /// A point in time, RFC 3339.
        DateTime = "date_time",
        /// One of the platform's choices: a string, or an object with `id` and `name`.
        Choice = "choice",
        /// Several of the platform's choices.
        Choices = "choices",
        /// Somebody: an object like a user.
        User = "user",
        /// Several people.
        Users = "users",
        /// An address of a page.
        Url = "url",
        /// A list of strings.
        List = "list",
    }
}

/// One custom field: who it is, and its value with its type.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct CustomField {
    /// The platform's own id.
    pub id: String,
    /// The name people read; two fields may share one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// The type of the value.
    #[serde(rename = "type", default)]
    pub value_type: FieldType,
    /// The value, as JSON.
    pub value: Json,
}

impl CustomField {
    /// Returns a field whose value is anything that can be written as JSON.
    pub fn new<T: Serialize + ?Sized>(
        id: impl Into<String>,
        value_type: FieldType,
        value: &T,
    ) -> Result<Self, crate::Error> {
        Ok(Self { id: id.into(), name: None, value_type, value: Json::of(value)? })
    }

    /// Sets the name people read.
    #[must_use]
    pub fn with_name(mut self, name: impl Into<String>) -> Self {
        self.name = Some(name.into());
        self
    }
}
