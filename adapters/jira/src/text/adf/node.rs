//! Nodes and marks as they are sent, in their words.
//!
//! Schema: <https://unpkg.com/@atlaskit/adf-schema/dist/json-schema/v1/full.json>.

use std::fmt;

use serde::{
    Deserialize, Deserializer,
    de::{self, DeserializeSeed, IgnoredAny, MapAccess, SeqAccess, Visitor},
};
use serde_json::value::RawValue;
use usher_adapter_sdk::decode::Text;

use crate::text::MAX_DEPTH;

/// One node, and what it holds.
#[derive(Debug, Default)]
pub(crate) struct Node<'a> {
    pub kind: Text<'a>,
    pub text: Option<Text<'a>>,
    pub attributes: Attributes<'a>,
    pub marks: Vec<Mark<'a>>,
    pub content: Vec<Node<'a>>,
    /// What it holds where that is nested too deep to be followed.
    pub beyond: Option<&'a RawValue>,
    /// Members that we do not know.
    pub unknown: Vec<Text<'a>>,
}

/// One mark.
#[derive(Debug, Deserialize)]
pub(crate) struct Mark<'a> {
    #[serde(borrow, rename = "type")]
    pub kind: Text<'a>,
    #[serde(borrow, default, rename = "attrs")]
    pub attributes: Attributes<'a>,
}

/// Attributes by their names, read when they are asked for: each kind of node has its own, and new ones come.
#[derive(Debug, Default)]
pub(crate) struct Attributes<'a>(Vec<(Text<'a>, &'a RawValue)>);

impl<'a> Attributes<'a> {
    /// Returns an attribute that is a string.
    pub(crate) fn text(&self, name: &str) -> Option<Text<'a>> {
        self.get(name).and_then(|value| serde_json::from_str(value.get()).ok())
    }

    /// Returns an attribute that is a whole number; some write it as 1.0, some as a string.
    pub(crate) fn number(&self, name: &str) -> Option<u64> {
        let value = self.get(name)?.get().trim_matches('"');
        value
            .parse()
            .ok()
            .or_else(|| value.parse().ok().filter(|number: &f64| *number >= 0.0).map(|number| number as u64))
    }

    /// Returns an attribute as it was sent.
    pub(crate) fn get(&self, name: &str) -> Option<&'a RawValue> {
        self.iter().find(|(known, _)| *known == name).map(|(_, value)| value)
    }

    /// Returns all attributes.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (&str, &'a RawValue)> {
        self.0.iter().map(|(name, value)| (&**name, *value))
    }
}

/// Reads a document.
pub(crate) fn parse(document: &RawValue) -> serde_json::Result<Node<'_>> {
    let mut deserializer = serde_json::Deserializer::from_str(document.get());
    let node = NodeSeed { depth: 0 }.deserialize(&mut deserializer)?;
    deserializer.end()?;
    Ok(node)
}

/// A node at a depth: what it holds is followed only so far.
#[derive(Clone, Copy)]
struct NodeSeed {
    depth: usize,
}

impl<'de> DeserializeSeed<'de> for NodeSeed {
    type Value = Node<'de>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for NodeSeed {
    type Value = Node<'de>;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a node of a document, which is an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut node = Node::default();
        while let Some(name) = map.next_key::<Text<'de>>()? {
            match &*name {
                "type" => node.kind = map.next_value()?,
                "text" => node.text = map.next_value()?,
                "attrs" => node.attributes = map.next_value::<Option<_>>()?.unwrap_or_default(),
                "marks" => node.marks = map.next_value::<Option<_>>()?.unwrap_or_default(),
                "content" if self.depth < MAX_DEPTH => {
                    node.content = map.next_value_seed(ContentSeed { depth: self.depth + 1 })?;
                }
                "content" => node.beyond = Some(map.next_value()?),
                _ => {
                    map.next_value::<IgnoredAny>()?;
                    node.unknown.push(name);
                }
            }
        }
        if node.kind.is_empty() {
            return Err(de::Error::missing_field("type"));
        }
        Ok(node)
    }
}

/// The nodes that a node holds; `null` is none.
struct ContentSeed {
    depth: usize,
}

impl<'de> DeserializeSeed<'de> for ContentSeed {
    type Value = Vec<Node<'de>>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for ContentSeed {
    type Value = Vec<Node<'de>>;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a list of nodes")
    }

    fn visit_unit<E: de::Error>(self) -> Result<Self::Value, E> {
        Ok(Vec::new())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut sequence: A) -> Result<Self::Value, A::Error> {
        let mut nodes = Vec::new();
        while let Some(node) = sequence.next_element_seed(NodeSeed { depth: self.depth })? {
            nodes.push(node);
        }
        Ok(nodes)
    }
}

impl<'de: 'a, 'a> Deserialize<'de> for Attributes<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(AttributesVisitor).map(Self)
    }
}

struct AttributesVisitor;

impl<'de> Visitor<'de> for AttributesVisitor {
    type Value = Vec<(Text<'de>, &'de RawValue)>;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("attributes, which are an object")
    }

    fn visit_unit<E: de::Error>(self) -> Result<Self::Value, E> {
        Ok(Vec::new())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut attributes = Vec::new();
        while let Some(attribute) = map.next_entry()? {
            attributes.push(attribute);
        }
        Ok(attributes)
    }
}

/// Returns every text within JSON that is nested too deep, in the order in which they stand.
pub(crate) fn texts(json: &RawValue) -> Vec<String> {
    let mut texts = Vec::new();
    let mut strings = Strings { rest: json.get() };
    while let Some((string, is_name)) = strings.next() {
        if is_name
            && string == "\"text\""
            && strings.rest.trim_start().strip_prefix(':').is_some_and(|rest| rest.trim_start().starts_with('"'))
            && let Some((value, _)) = strings.next()
            && let Ok(text) = serde_json::from_str::<String>(value)
        {
            texts.push(text);
        }
    }
    texts
}

/// The strings of JSON, with their quotes, and whether each is the name of a member.
struct Strings<'a> {
    rest: &'a str,
}

impl<'a> Strings<'a> {
    fn next(&mut self) -> Option<(&'a str, bool)> {
        let text = &self.rest[self.rest.find('"')?..];
        let mut escaped = false;
        let length = text.bytes().skip(1).position(|byte| {
            let ends = byte == b'"' && !escaped;
            escaped = byte == b'\\' && !escaped;
            ends
        })?;
        let (string, rest) = text.split_at(length + 2);
        self.rest = rest;
        Some((string, rest.trim_start().starts_with(':')))
    }
}
