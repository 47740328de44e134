//! The adapter's own options: what `[connections.NAME.options]` may hold.

use crate::duration::parse_duration;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// One option of the adapter.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct ConfigField {
    /// The key in `[connections.NAME.options]`.
    pub name: String,
    /// What kind of value it takes.
    #[serde(rename = "type")]
    pub kind: FieldType,
    /// Whether a connection must set it.
    pub required: bool,
    /// The value where a connection sets none.
    pub default: Option<Value>,
    /// The only values that are allowed; empty allows all.
    pub choices: Vec<String>,
    /// What to enter, for people.
    pub help: Option<String>,
    /// What a value looks like.
    pub example: Option<String>,
}

/// The kinds of values.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum FieldType {
    /// Text.
    String,
    /// A whole number.
    Integer,
    /// `true` or `false`.
    Boolean,
    /// A file or folder.
    Path,
    /// A URL with `http:` or `https:`.
    Url,
    /// A list of texts.
    List,
    /// Texts by name.
    Map,
    /// A duration such as `60s`.
    Duration,
}

/// The value of an option.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(untagged, expecting = "a text, a whole number, `true` or `false`, a list of texts or a table of texts")]
#[non_exhaustive]
pub enum Value {
    /// `true` or `false`.
    Boolean(bool),
    /// A whole number.
    Integer(i64),
    /// Text; also paths, URLs and durations.
    Text(String),
    /// A list of texts.
    List(Vec<String>),
    /// Texts by name.
    Map(BTreeMap<String, String>),
}

impl ConfigField {
    /// Returns whether a value fits, or why it does not.
    pub fn accepts(&self, value: &Value) -> Result<(), String> {
        self.kind.accepts(value)?;
        let given: Vec<&str> = match value {
            Value::Text(text) => vec![text],
            Value::List(texts) => texts.iter().map(String::as_str).collect(),
            _ => return Ok(()),
        };
        let stranger = given.iter().find(|given| !self.choices.is_empty() && !self.choices.iter().any(|c| c == *given));
        stranger.map_or(Ok(()), |stranger| {
            let choices: Vec<&str> = self.choices.iter().map(String::as_str).collect();
            Err(crate::error::unknown("choice", stranger, &choices))
        })
    }
}

impl FieldType {
    /// Returns the word that a manifest writes.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::String => "string",
            Self::Integer => "integer",
            Self::Boolean => "boolean",
            Self::Path => "path",
            Self::Url => "url",
            Self::List => "list",
            Self::Map => "map",
            Self::Duration => "duration",
        }
    }

    /// Returns whether a value is of this kind, or why it is not.
    pub fn accepts(self, value: &Value) -> Result<(), String> {
        match (self, value) {
            (Self::String, Value::Text(_))
            | (Self::Integer, Value::Integer(_))
            | (Self::Boolean, Value::Boolean(_))
            | (Self::List, Value::List(_))
            | (Self::Map, Value::Map(_)) => Ok(()),
            (Self::Path, Value::Text(path)) if !path.is_empty() => Ok(()),
            (Self::Url, Value::Text(url)) if is_http_url(url) => Ok(()),
            (Self::Duration, Value::Text(text)) => parse_duration(text).map(|_| ()),
            _ => Err(format!("{} does not fit the type `{}`", value.describe(), self.as_str())),
        }
    }
}

impl Value {
    /// Returns what a message calls this value.
    fn describe(&self) -> String {
        match self {
            Self::Boolean(flag) => format!("the boolean `{flag}`"),
            Self::Integer(number) => format!("the integer `{number}`"),
            Self::Text(text) => format!("the string `{text}`"),
            Self::List(_) => "a list".to_owned(),
            Self::Map(_) => "a map".to_owned(),
        }
    }
}

/// Returns whether a text looks like a web address; the host parses it fully.
pub(crate) fn is_http_url(text: &str) -> bool {
    let rest = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://"));
    rest.is_some_and(|rest| !rest.is_empty() && !rest.starts_with('/') && !rest.contains(char::is_whitespace))
}
