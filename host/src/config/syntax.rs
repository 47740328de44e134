//! The three ways to write the file. Each parser's own tree becomes ours; what they agree on afterwards is `located.rs`.

use std::fmt;
use std::path::Path;

use serde::de::{Deserialize, Deserializer, Error as _, MapAccess, SeqAccess, Visitor};
use serde_json::Number;
use serde_json::value::RawValue;
use toml::de::{DeTable, DeValue};

use super::error::{ConfigError, Problem};
use super::file::Source;
use super::located::{Entry, Located, Node, Value};

/// Deepest nesting that is read; nobody writes deeper by hand. The TOML and YAML parsers bring limits of their own.
const MAX_DEPTH: usize = 64;

/// How a file is written, told from its ending.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Syntax {
    Toml,
    Yaml,
    Json,
}

/// File endings that are read.
const ENDINGS: &[(&str, Syntax)] =
    &[("toml", Syntax::Toml), ("yaml", Syntax::Yaml), ("yml", Syntax::Yaml), ("json", Syntax::Json)];

impl Syntax {
    /// Returns the syntax that a file's ending stands for.
    pub(super) fn of(path: &Path) -> Option<Self> {
        let ending = path.extension()?.to_str()?;
        ENDINGS.iter().find(|(known, _)| known.eq_ignore_ascii_case(ending)).map(|(_, syntax)| *syntax)
    }
}

/// Parses a whole file. An empty one is an empty table.
pub(super) fn parse(source: &Source) -> Result<Node, ConfigError> {
    let empty = Node { offset: 0, value: Value::Table(Vec::new()) };
    if source.text.trim().is_empty() {
        return Ok(empty);
    }
    let root = match source.syntax {
        Syntax::Toml => toml_tree(source),
        Syntax::Yaml => yaml_tree(source),
        Syntax::Json => json_tree(source),
    }?;
    match root.value {
        Value::Table(_) => Ok(root),
        Value::Null => Ok(empty),
        _ => Err(source.locate(Problem::new("expected a table of settings at the top of the file").at(root.offset))),
    }
}

fn toml_tree(source: &Source) -> Result<Node, ConfigError> {
    let table = DeTable::parse(&source.text).map_err(|error| {
        let span = error.span().unwrap_or_default();
        let message = match source.text.get(span.clone()) {
            Some(key) if error.message() == "duplicate key" => format!("duplicate key `{key}`"),
            _ => error.message().lines().next().unwrap_or("not valid TOML").to_owned(),
        };
        source.locate(Problem::new(message).at(span.start))
    })?;
    let offset = table.span().start;
    toml_table(table.get_ref()).map(|value| Node { offset, value }).map_err(|problem| source.locate(problem))
}

fn toml_table(table: &DeTable<'_>) -> Result<Value, Problem> {
    let mut entries = Vec::with_capacity(table.len());
    for (key, value) in table {
        let key = Located { offset: key.span().start, value: key.get_ref().to_string() };
        // A table's own span starts at its header, `[`; the key inside is what the reader looks for.
        let offset = if value.get_ref().is_table() { key.offset } else { value.span().start };
        let value = toml_value(value.get_ref()).map_err(|problem| problem.at(offset))?;
        entries.push(Entry { key, node: Node { offset, value } });
    }
    entries.sort_by_key(|entry| entry.key.offset);
    Ok(Value::Table(entries))
}

fn toml_value(value: &DeValue<'_>) -> Result<Value, Problem> {
    Ok(match value {
        DeValue::String(text) => Value::Text(text.to_string()),
        DeValue::Boolean(value) => Value::Bool(*value),
        DeValue::Datetime(moment) => Value::Text(moment.to_string()),
        DeValue::Integer(number) => Value::Number(
            i64::from_str_radix(number.as_str(), number.radix())
                .map(Number::from)
                .map_err(|_| Problem::new("the number is too large"))?,
        ),
        DeValue::Float(number) => {
            Value::Number(number.as_str().parse().ok().and_then(Number::from_f64).ok_or_else(not_a_finite_number)?)
        }
        DeValue::Array(items) => Value::List(
            items
                .iter()
                .map(|item| {
                    let offset = item.span().start;
                    let value = toml_value(item.get_ref()).map_err(|problem| problem.at(offset))?;
                    Ok(Node { offset, value })
                })
                .collect::<Result<_, Problem>>()?,
        ),
        DeValue::Table(table) => toml_table(table)?,
    })
}

fn not_a_finite_number() -> Problem {
    Problem::new("expected a finite number")
}

fn yaml_tree(source: &Source) -> Result<Node, ConfigError> {
    // YAML 1.2: `no`, `on` and `y` are words. A tag such as `!include` would be ignored in silence. Snippets stay off, they would repeat the line and a secret in it.
    let options = serde_saphyr::options! { strict_booleans: true, reject_unsupported_tags: true, with_snippet: false };
    let YamlNode(root) = serde_saphyr::from_str_with_options(&source.text, options).map_err(|error| {
        let mut failure = ConfigError::whole_file(&source.path, yaml_message(&error));
        if let Some(place) = error.location().filter(|place| place.line() > 0) {
            failure.line = usize::try_from(place.line()).ok();
            failure.column = usize::try_from(place.column()).ok();
        }
        failure
    })?;
    Ok(root)
}

/// Returns what the parser says, without the place that it appends.
fn yaml_message(error: &serde_saphyr::Error) -> String {
    if let serde_saphyr::Error::DuplicateMappingKey { key: Some(key), .. } = error {
        return format!("duplicate key `{key}`");
    }
    let text = error.render_with_formatter(&serde_saphyr::UserMessageFormatter);
    let text = text.lines().next().unwrap_or("not valid YAML");
    text.split(" at line ").next().unwrap_or(text).to_owned()
}

/// A YAML value with its place. The parser hands places out through its own `Spanned` only.
struct YamlNode(Node);

impl<'de> Deserialize<'de> for YamlNode {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let spanned = serde_saphyr::Spanned::<YamlValue>::deserialize(deserializer)?;
        Ok(YamlNode(Node { offset: yaml_offset(&spanned.referenced), value: spanned.value.0 }))
    }
}

fn yaml_offset(place: &serde_saphyr::Location) -> usize {
    place.span().byte_offset().and_then(|offset| usize::try_from(offset).ok()).unwrap_or(0)
}

struct YamlValue(Value);

impl<'de> Deserialize<'de> for YamlValue {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(YamlVisitor).map(YamlValue)
    }
}

struct YamlVisitor;

impl<'de> Visitor<'de> for YamlVisitor {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a setting")
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_none<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        deserializer.deserialize_any(self)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        Ok(Value::Bool(value))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Value, E> {
        Ok(Value::Number(value.into()))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Value, E> {
        Ok(Value::Number(value.into()))
    }

    fn visit_f64<E: serde::de::Error>(self, value: f64) -> Result<Value, E> {
        Number::from_f64(value).map(Value::Number).ok_or_else(|| E::custom(not_a_finite_number()))
    }

    fn visit_str<E>(self, text: &str) -> Result<Value, E> {
        Ok(Value::Text(text.to_owned()))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Value, A::Error> {
        let mut list = Vec::new();
        while let Some(YamlNode(item)) = items.next_element()? {
            list.push(item);
        }
        Ok(Value::List(list))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Value, A::Error> {
        let mut entries = Vec::new();
        while let Some((key, YamlNode(node))) = map.next_entry::<serde_saphyr::Spanned<String>, _>()? {
            let key = Located { offset: yaml_offset(&key.referenced), value: key.value };
            entries.push(Entry { key, node });
        }
        Ok(Value::Table(entries))
    }
}

/// serde_json knows no places, but its `RawValue` is a slice of the text, and where a slice lies in the text is a place.
fn json_tree(source: &Source) -> Result<Node, ConfigError> {
    let raw: &RawValue = serde_json::from_str(&source.text).map_err(|error| {
        let mut failure = ConfigError::whole_file(&source.path, json_message(&error));
        (failure.line, failure.column) = (Some(error.line()), Some(error.column()));
        failure
    })?;
    json_node(&source.text, raw, 0).map_err(|problem| source.locate(problem))
}

fn json_message(error: &serde_json::Error) -> String {
    let text = error.to_string();
    text.split(" at line ").next().unwrap_or(&text).to_owned()
}

fn json_node(text: &str, raw: &RawValue, depth: usize) -> Result<Node, Problem> {
    let offset = json_offset(text, raw);
    let at = |error: serde_json::Error| Problem::new(json_message(&error)).at(offset);
    if depth > MAX_DEPTH {
        return Err(Problem::new(format!("nested deeper than {MAX_DEPTH} levels")).at(offset));
    }
    let value = match raw.get().as_bytes().first() {
        Some(b'{') => {
            let JsonPairs(pairs) = serde_json::from_str(raw.get()).map_err(at)?;
            json_table(text, pairs, depth)?
        }
        Some(b'[') => {
            let items: Vec<&RawValue> = serde_json::from_str(raw.get()).map_err(at)?;
            Value::List(items.into_iter().map(|item| json_node(text, item, depth + 1)).collect::<Result<_, _>>()?)
        }
        _ => match serde_json::from_str(raw.get()).map_err(at)? {
            serde_json::Value::Bool(value) => Value::Bool(value),
            serde_json::Value::Number(number) => Value::Number(number),
            serde_json::Value::String(text) => Value::Text(text),
            _ => Value::Null,
        },
    };
    Ok(Node { offset, value })
}

fn json_table(text: &str, pairs: Vec<(&RawValue, &RawValue)>, depth: usize) -> Result<Value, Problem> {
    let mut seen = std::collections::BTreeSet::new();
    let mut entries = Vec::with_capacity(pairs.len());
    for (key, value) in pairs {
        let offset = json_offset(text, key);
        let key: String =
            serde_json::from_str(key.get()).map_err(|error| Problem::new(json_message(&error)).at(offset))?;
        if !seen.insert(key.clone()) {
            return Err(Problem::new(format!("duplicate key `{key}`")).at(offset));
        }
        entries.push(Entry { key: Located { offset, value: key }, node: json_node(text, value, depth + 1)? });
    }
    Ok(Value::Table(entries))
}

/// Returns where a slice of the text begins.
fn json_offset(text: &str, raw: &RawValue) -> usize {
    raw.get().as_ptr().addr().saturating_sub(text.as_ptr().addr())
}

/// The keys and values of a JSON object, both as slices of the text, duplicates included.
struct JsonPairs<'a>(Vec<(&'a RawValue, &'a RawValue)>);

impl<'de: 'a, 'a> Deserialize<'de> for JsonPairs<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Pairs;

        impl<'de> Visitor<'de> for Pairs {
            type Value = Vec<(&'de RawValue, &'de RawValue)>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
                let mut pairs = Vec::new();
                while let Some(pair) = map.next_entry()? {
                    pairs.push(pair);
                }
                Ok(pairs)
            }
        }

        deserializer.deserialize_map(Pairs).map(JsonPairs).map_err(D::Error::custom)
    }
}
