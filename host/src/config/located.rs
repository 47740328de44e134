//! Values that remember where they were written: `Located<T>` for settings, `Node` for the whole tree. TOML, YAML and JSON
//! all become one tree of nodes (see `syntax.rs`), so that everything after that is written once and still knows its line.

use std::borrow::Cow;
use std::fmt;
use std::marker::PhantomData;

use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde::de::{Deserialize, Deserializer, Error as _, SeqAccess, Visitor};
use serde_json::Number;

/// Name under which `Located` asks our deserializer for the offset; see `read.rs`.
pub(super) const LOCATED: &str = "$usher::Located";

/// A value and the byte offset at which it was written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Located<T> {
    pub(super) offset: usize,
    pub(super) value: T,
}

/// A setting, a list or a table, with the place where it begins.
pub(super) type Node = Located<Value>;

/// What the three formats have in common.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Value {
    Null,
    Bool(bool),
    Number(Number),
    Text(String),
    List(Vec<Node>),
    Table(Vec<Entry>),
}

/// One key of a table and its value, in the order of the file.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Entry {
    pub(super) key: Located<String>,
    pub(super) node: Node,
}

impl Node {
    /// Returns the entries of a table; anything else has none.
    pub(super) fn entries(&self) -> &[Entry] {
        match &self.value {
            Value::Table(entries) => entries,
            _ => &[],
        }
    }

    /// Returns the value under a key of a table.
    pub(super) fn get(&self, key: &str) -> Option<&Node> {
        self.entries().iter().find(|entry| entry.key.value == key).map(|entry| &entry.node)
    }

    /// Returns the tree without its places.
    pub(super) fn to_json(&self) -> serde_json::Value {
        use serde_json::Value as Json;
        match &self.value {
            Value::Null => Json::Null,
            Value::Bool(value) => Json::Bool(*value),
            Value::Number(number) => Json::Number(number.clone()),
            Value::Text(text) => Json::String(text.clone()),
            Value::List(items) => Json::Array(items.iter().map(Node::to_json).collect()),
            Value::Table(entries) => Json::Object(json_object(entries)),
        }
    }
}

/// Returns the entries of a table without their places.
pub(super) fn json_object(entries: &[Entry]) -> serde_json::Map<String, serde_json::Value> {
    entries.iter().map(|entry| (entry.key.value.clone(), entry.node.to_json())).collect()
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Located<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Pair<T>(PhantomData<T>);

        impl<'de, T: Deserialize<'de>> Visitor<'de> for Pair<T> {
            type Value = Located<T>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a located value")
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut pair: A) -> Result<Located<T>, A::Error> {
                let offset = pair.next_element()?.ok_or_else(|| A::Error::custom("no offset"))?;
                let value = pair.next_element()?.ok_or_else(|| A::Error::custom("no value"))?;
                Ok(Located { offset, value })
            }
        }

        deserializer.deserialize_struct(LOCATED, &["offset", "value"], Pair(PhantomData))
    }
}

/// To the reader of the schema the place does not exist.
impl<T: JsonSchema> JsonSchema for Located<T> {
    fn inline_schema() -> bool {
        T::inline_schema()
    }

    fn schema_name() -> Cow<'static, str> {
        T::schema_name()
    }

    fn schema_id() -> Cow<'static, str> {
        T::schema_id()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        T::json_schema(generator)
    }
}

/// Stands where a `T` is written that somebody else reads: a connection, so that a broken one fails alone; secrets, so that
/// serde never holds one. Keeps the key known and the schema complete, and nothing more.
#[derive(Debug)]
pub(super) struct Elsewhere<T>(PhantomData<T>);

impl<'de, T> Deserialize<'de> for Elsewhere<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        serde::de::IgnoredAny::deserialize(deserializer).map(|_| Elsewhere(PhantomData))
    }
}

impl<T: JsonSchema> JsonSchema for Elsewhere<T> {
    fn inline_schema() -> bool {
        T::inline_schema()
    }

    fn schema_name() -> Cow<'static, str> {
        T::schema_name()
    }

    fn schema_id() -> Cow<'static, str> {
        T::schema_id()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        T::json_schema(generator)
    }
}
