//! How the texts of an input are written: with the types that Redmine itself answers, and `null` where one is to be cleared.

use serde::{Serialize, Serializer};
use serde_json::Number;

/// Writes a number, such as the id of something; what is none stays as it is, for Redmine to complain of.
pub(super) fn number<S: Serializer>(text: &Option<String>, serializer: S) -> Result<S::Ok, S::Error> {
    let text = text.as_deref().unwrap_or_default();
    match serde_json::from_str::<Number>(text) {
        Ok(number) => number.serialize(serializer),
        Err(_) => text_or_null(text, serializer),
    }
}

/// Writes the id of somebody: Redmine 5.0.4 takes `null` here for nothing said, and an empty text for nobody.
pub(super) fn person<S: Serializer>(text: &Option<String>, serializer: S) -> Result<S::Ok, S::Error> {
    match text.as_deref() {
        Some("") => serializer.serialize_str(""),
        _ => number(text, serializer),
    }
}

/// Writes a day.
pub(super) fn date<S: Serializer>(text: &Option<String>, serializer: S) -> Result<S::Ok, S::Error> {
    text_or_null(text.as_deref().unwrap_or_default(), serializer)
}

/// Writes whether something is so.
pub(super) fn truth<S: Serializer>(text: &Option<String>, serializer: S) -> Result<S::Ok, S::Error> {
    match text.as_deref() {
        Some("0") => serializer.serialize_bool(false),
        Some("1") => serializer.serialize_bool(true),
        other => text_or_null(other.unwrap_or_default(), serializer),
    }
}

fn text_or_null<S: Serializer>(text: &str, serializer: S) -> Result<S::Ok, S::Error> {
    if text.is_empty() { serializer.serialize_none() } else { serializer.serialize_str(text) }
}
