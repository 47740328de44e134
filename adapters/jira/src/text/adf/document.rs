//! A document to be sent.

use std::borrow::Cow;

use serde::{Serialize, Serializer, ser::SerializeMap};

/// A document: what a body or a comment is.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub(crate) struct Document<'a> {
    version: u8,
    #[serde(rename = "type")]
    kind: &'static str,
    content: Vec<Node<'a>>,
}

impl<'a> Document<'a> {
    pub(super) fn new(content: Vec<Node<'a>>) -> Self {
        Self { version: 1, kind: "doc", content }
    }
}

/// One node, and what it holds.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub(crate) struct Node<'a> {
    #[serde(rename = "type")]
    kind: &'static str,
    #[serde(rename = "attrs", skip_serializing_if = "Attributes::is_empty")]
    attributes: Attributes<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    content: Option<Vec<Node<'a>>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    text: Option<Cow<'a, str>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    marks: Vec<Mark<'a>>,
}

impl<'a> Node<'a> {
    /// Returns a node that holds nothing.
    pub(super) fn leaf(kind: &'static str) -> Self {
        Self { kind, attributes: Attributes::default(), content: None, text: None, marks: Vec::new() }
    }

    /// Returns a node that holds others.
    pub(super) fn new(kind: &'static str, content: Vec<Node<'a>>) -> Self {
        Self { content: Some(content), ..Self::leaf(kind) }
    }

    pub(super) fn text(text: Cow<'a, str>, marks: Vec<Mark<'a>>) -> Self {
        Self { text: Some(text), marks, ..Self::leaf("text") }
    }

    pub(super) fn with(mut self, name: &'static str, value: impl Into<Value<'a>>) -> Self {
        self.attributes.0.push((name, value.into()));
        self
    }

    pub(super) fn with_mark(mut self, mark: Mark<'a>) -> Self {
        self.marks.push(mark);
        self
    }

    pub(super) fn is(&self, kinds: &[&str]) -> bool {
        kinds.contains(&self.kind)
    }
}

/// One mark.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub(crate) struct Mark<'a> {
    #[serde(rename = "type")]
    kind: &'static str,
    #[serde(rename = "attrs", skip_serializing_if = "Attributes::is_empty")]
    attributes: Attributes<'a>,
}

impl<'a> Mark<'a> {
    pub(super) fn new(kind: &'static str) -> Self {
        Self { kind, attributes: Attributes::default() }
    }

    pub(super) fn with(mut self, name: &'static str, value: impl Into<Value<'a>>) -> Self {
        self.attributes.0.push((name, value.into()));
        self
    }
}

/// Attributes in the order in which they were given.
#[derive(Debug, Clone, Default, PartialEq)]
struct Attributes<'a>(Vec<(&'static str, Value<'a>)>);

impl Attributes<'_> {
    fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl Serialize for Attributes<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(self.0.len()))?;
        for (name, value) in &self.0 {
            map.serialize_entry(name, value)?;
        }
        map.end()
    }
}

/// What an attribute says.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(untagged)]
pub(crate) enum Value<'a> {
    Text(Cow<'a, str>),
    Number(serde_json::Number),
}

impl<'a> From<Cow<'a, str>> for Value<'a> {
    fn from(text: Cow<'a, str>) -> Self {
        Self::Text(text)
    }
}

impl From<String> for Value<'_> {
    fn from(text: String) -> Self {
        Self::Text(text.into())
    }
}

impl<'a> From<&'a str> for Value<'a> {
    fn from(text: &'a str) -> Self {
        Self::Text(text.into())
    }
}

impl From<u64> for Value<'_> {
    fn from(number: u64) -> Self {
        Self::Number(number.into())
    }
}

impl From<serde_json::Number> for Value<'_> {
    fn from(number: serde_json::Number) -> Self {
        Self::Number(number)
    }
}
