//! Answers in GitHub's own words, the refusals above all.

use std::borrow::Cow;

use jiff::Timestamp;
use serde_json::{Value, json};

use super::state::Document;

/// What an operation came to.
#[derive(Debug)]
pub(super) struct Reply {
    pub(super) status: u16,
    pub(super) document: Document,
    /// The value of `link`.
    pub(super) link: Option<String>,
    /// The value of `location`.
    pub(super) location: Option<String>,
    /// When what is answered was last changed.
    pub(super) last_modified: Option<Timestamp>,
    /// Whether it can be asked for again by its tag.
    pub(super) has_tag: bool,
    /// Whether something was written.
    pub(super) committed: bool,
}

impl Reply {
    /// Returns what was read.
    pub(super) fn read(document: Document) -> Self {
        let (link, location, last_modified) = (None, None, None);
        Self { status: 200, document, link, location, last_modified, has_tag: true, committed: false }
    }

    /// Returns what was written.
    pub(super) fn written(status: u16, document: Document) -> Self {
        Self { status, committed: true, ..Self::read(document) }
    }
}

/// Why something is not done.
#[derive(Debug)]
pub(super) struct Refusal {
    pub(super) status: u16,
    pub(super) message: Cow<'static, str>,
    /// The member `errors`; null if there is none.
    pub(super) errors: Value,
    /// Where the thing is now.
    pub(super) location: Option<String>,
}

impl Refusal {
    pub(super) fn new(status: u16, message: impl Into<Cow<'static, str>>) -> Self {
        Self { status, message: message.into(), errors: Value::Null, location: None }
    }

    /// Not there, or not for you: the two look the same.
    pub(super) fn not_found() -> Self {
        Self::new(404, "Not Found")
    }

    pub(super) fn moved(location: String) -> Self {
        Self { location: Some(location), ..Self::new(301, "Moved Permanently") }
    }

    pub(super) fn needs_push() -> Self {
        Self::new(403, "Must have push access to repository")
    }

    /// Returns the refusal of one field.
    pub(super) fn invalid(resource: &str, field: &str, code: &str) -> Self {
        Self::unprocessable(json!({ "resource": resource, "field": field, "code": code }))
    }

    /// Returns the refusal of one field, with the value that is wrong.
    pub(super) fn invalid_value(resource: &str, field: &str, value: &Value) -> Self {
        Self::unprocessable(json!({ "value": value, "resource": resource, "field": field, "code": "invalid" }))
    }

    /// Returns the refusal of one field with a sentence.
    pub(super) fn custom(resource: &str, field: &str, message: &str) -> Self {
        Self::unprocessable(json!({ "resource": resource, "field": field, "code": "custom", "message": message }))
    }

    pub(super) fn unprocessable(error: Value) -> Self {
        Self { errors: json!([error]), ..Self::new(422, "Validation Failed") }
    }

    pub(super) fn body(&self) -> Value {
        let mut body = json!({
            "message": self.message,
            "documentation_url": "https://docs.github.com/rest",
            "status": self.status.to_string(),
        });
        if !self.errors.is_null() {
            body["errors"] = self.errors.clone();
        }
        if let Some(location) = &self.location {
            body["url"] = json!(location);
        }
        body
    }
}
