//! The front matter of a ticket's file, in its own words: reading it, and changing single keys of it.
//!
//! It is YAML. What is read borrows from the text; what is changed is cut out and put in by lines, so that
//! everything else keeps its bytes: unknown keys, comments, order, quotes.

use std::{borrow::Cow, fmt, ops::Range};

use serde::{
    Deserialize, Deserializer, Serialize,
    de::{self, IgnoredAny, MapAccess, SeqAccess, Visitor},
};
use serde_json::{Map, Value};
use serde_saphyr::{FlowSeq, Options, Spanned};
use usher_adapter_sdk::model::{Due, Time};

use crate::error::Fault;

/// Everything that the adapter knows of a front matter; other keys are left alone.
#[derive(Debug, Deserialize)]
pub(crate) struct FrontMatter<'a> {
    /// Only for a text that comes without the name of its file.
    #[serde(borrow, default)]
    pub(crate) key: Option<Text<'a>>,
    #[serde(borrow)]
    pub(crate) title: Text<'a>,
    #[serde(borrow, rename = "type", default)]
    pub(crate) ticket_type: Option<Text<'a>>,
    #[serde(borrow, default)]
    pub(crate) status: Option<Text<'a>>,
    #[serde(borrow, default)]
    pub(crate) resolution: Option<Text<'a>>,
    #[serde(borrow, default)]
    pub(crate) priority: Option<Text<'a>>,
    #[serde(borrow, default)]
    pub(crate) labels: Texts<'a>,
    #[serde(borrow, default)]
    pub(crate) assignees: Texts<'a>,
    #[serde(borrow, default)]
    pub(crate) reporter: Option<Text<'a>>,
    #[serde(default)]
    pub(crate) created: Option<Time>,
    #[serde(default)]
    pub(crate) updated: Option<Time>,
    #[serde(default)]
    pub(crate) closed: Option<Time>,
    #[serde(default)]
    pub(crate) due: Option<Due>,
    #[serde(borrow, default)]
    pub(crate) parent: Option<Text<'a>>,
    #[serde(borrow, default)]
    pub(crate) links: Links<'a>,
    #[serde(default)]
    pub(crate) estimate: Option<Amount>,
    #[serde(borrow, default)]
    pub(crate) milestone: Option<Text<'a>>,
    #[serde(default)]
    pub(crate) fields: Option<Fields>,
    /// Where the ticket is on the web as well.
    #[serde(borrow, default)]
    pub(crate) url: Option<Text<'a>>,
    #[serde(borrow, default)]
    pub(crate) marker: Option<Text<'a>>,
}

/// A text that borrows from the file where it stands there as it is.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Text<'a>(pub(crate) Cow<'a, str>);

/// A list of texts; a single one may stand without brackets.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Texts<'a>(pub(crate) Vec<Text<'a>>);

/// Relations: a list of maps from the kind to the other ticket, or to several.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Links<'a>(pub(crate) Vec<(Text<'a>, Text<'a>)>);

/// An estimate: a number, and perhaps a unit after it.
#[derive(Debug, PartialEq)]
pub(crate) struct Amount {
    pub(crate) value: f64,
    pub(crate) unit: Option<String>,
}

/// Fields of the folder's own, in the order of the file.
#[derive(Debug, Default, PartialEq)]
pub(crate) struct Fields(pub(crate) Vec<(String, Value)>);

/// A change to one key: its new value, or nothing to remove it.
pub(crate) type Edit = (&'static str, Option<Value>);

/// The keys that hold times and days, sorted; their values are written without quotes.
const UNQUOTED: &[&str] = &["closed", "created", "due", "updated"];

/// Reads the lines between the two `---`; a fault's line is counted from the first of them.
pub(crate) fn read(block: &str) -> Result<FrontMatter<'_>, Fault> {
    parse(block)
}

/// Changes single keys; every other byte stays as it is.
///
/// What comes out is read again and compared, so a front matter whose form does not allow the change (an
/// anchor that would be lost, a map in braces) is an error and not a damaged file.
pub(crate) fn edit(block: &str, edits: &[Edit], newline: &str) -> Result<String, Fault> {
    let mut changed = block.to_owned();
    let mut expected = values(block)?;
    for (key, value) in edits {
        if expected.get(*key) == value.as_ref() {
            continue;
        }
        changed = set(&changed, key, value.as_ref(), newline)?;
        match value {
            Some(value) => expected.insert((*key).to_owned(), value.clone()),
            None => expected.remove(*key),
        };
    }
    match values(&changed) {
        Ok(found) if found == expected => Ok(changed),
        _ => Err(Fault::new(1, "the front matter is written in a form in which these keys cannot be changed")),
    }
}

/// One key of a front matter: the lines that it takes, without comments and blank lines after it.
struct Entry {
    name: String,
    lines: Range<usize>,
}

fn set(block: &str, key: &str, value: Option<&Value>, newline: &str) -> Result<String, Fault> {
    let entries = entries(block)?;
    let entry = entries.iter().find(|entry| entry.name == key);
    let Some(value) = value else {
        let lines = entry.map_or(0..0, |entry| entry.lines.clone());
        return Ok(splice(block, lines, ""));
    };
    let line = format!("{key}: {}", written(key, value)?);
    match entry {
        Some(entry) => {
            let comment = comment(&block[entry.lines.clone()]);
            Ok(splice(block, entry.lines.clone(), &format!("{line}{comment}{newline}")))
        }
        None => {
            let end = entries.last().map_or(block.len(), |entry| entry.lines.end);
            Ok(splice(block, end..end, &format!("{line}{newline}")))
        }
    }
}

fn splice(text: &str, range: Range<usize>, new: &str) -> String {
    [&text[..range.start], new, &text[range.end..]].concat()
}

/// Returns the lines that each key takes.
fn entries(block: &str) -> Result<Vec<Entry>, Fault> {
    if is_blank(block) {
        return Ok(Vec::new());
    }
    let keys: Keys = parse(block)?;
    let ends = keys.0.iter().skip(1).map(|(_, start)| *start).chain([block.len()]);
    let entries = keys.0.iter().zip(ends).map(|((name, start), end)| {
        let at_line_start = *start == 0 || block[..*start].ends_with('\n');
        if !at_line_start {
            return Err(Fault::new(1, format!("the key `{name}` does not stand at the beginning of a line")));
        }
        Ok(Entry { name: name.clone(), lines: *start..*start + own_length(&block[*start..end]) })
    });
    entries.collect()
}

/// Returns how much of an entry's text is its own: comments and blank lines at the end belong to the next.
fn own_length(text: &str) -> usize {
    let mut length = text.len();
    for line in text.split_inclusive('\n').rev() {
        if !is_blank(line) {
            break;
        }
        length -= line.len();
    }
    length
}

/// Says whether there is nothing but comments at the first column and white space.
fn is_blank(text: &str) -> bool {
    text.lines().all(|line| line.starts_with('#') || line.trim().is_empty())
}

/// Returns the comment at the end of an entry of one line, with the space before it.
fn comment(entry: &str) -> &str {
    let line = entry.trim_end_matches(['\n', '\r']);
    if line.contains('\n') {
        return "";
    }
    let Ok(whole) = values(line) else { return "" };
    let marks = line.match_indices(" #").map(|(at, _)| line[..at].trim_end().len());
    let is_value = |at: &usize| values(&line[..*at]).is_ok_and(|value| value == whole);
    marks.into_iter().find(is_value).map_or("", |at| &line[at..])
}

/// Returns a value as YAML on one line.
fn written(key: &str, value: &Value) -> Result<String, Fault> {
    if let (Value::String(text), Ok(_)) = (value, UNQUOTED.binary_search(&key)) {
        return Ok(text.clone());
    }
    let list = flow(&FlowSeq([value])).map_err(|error| Fault::new(1, error))?;
    let value = list.trim_end().strip_prefix('[').and_then(|list| list.strip_suffix(']'));
    value.map(str::to_owned).ok_or_else(|| Fault::new(1, format!("`{key}` cannot be written on one line")))
}

fn flow<T: Serialize>(value: &T) -> Result<String, serde_saphyr::ser::Error> {
    serde_saphyr::to_string(value)
}

/// Returns every key with its value, known or not.
fn values(block: &str) -> Result<Map<String, Value>, Fault> {
    if is_blank(block) { Ok(Map::new()) } else { parse(block) }
}

fn parse<'a, T: Deserialize<'a>>(block: &'a str) -> Result<T, Fault> {
    let mut options = Options::default();
    options.with_snippet = false;
    serde_saphyr::from_str_with_options(block, options).map_err(|error| {
        let line = error.location().map_or(1, |location| location.line());
        let message = error.without_snippet().to_string();
        // The place is said by the caller, who knows the file.
        let message = message.split(" at line ").next().unwrap_or_default().to_owned();
        Fault::new(usize::try_from(line).unwrap_or(1), message)
    })
}

/// The keys and where they begin.
struct Keys(Vec<(String, usize)>);

impl<'de> Deserialize<'de> for Keys {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct KeysVisitor;

        impl<'de> Visitor<'de> for KeysVisitor {
            type Value = Keys;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("keys with values")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Keys, A::Error> {
                let mut keys = Vec::new();
                while let Some(key) = map.next_key::<Spanned<String>>()? {
                    map.next_value::<IgnoredAny>()?;
                    let start = key.referenced.span().byte_offset().and_then(|start| usize::try_from(start).ok());
                    keys.push((key.value, start.ok_or_else(|| de::Error::custom("a key without a place"))?));
                }
                Ok(Keys(keys))
            }
        }

        deserializer.deserialize_map(KeysVisitor)
    }
}

impl<'de: 'a, 'a> Deserialize<'de> for Text<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct TextVisitor;

        impl<'de> Visitor<'de> for TextVisitor {
            type Value = Text<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a text")
            }

            fn visit_borrowed_str<E: de::Error>(self, text: &'de str) -> Result<Self::Value, E> {
                Ok(Text(Cow::Borrowed(text)))
            }

            fn visit_str<E: de::Error>(self, text: &str) -> Result<Self::Value, E> {
                Ok(Text(Cow::Owned(text.to_owned())))
            }
        }

        deserializer.deserialize_str(TextVisitor)
    }
}

impl<'de: 'a, 'a> Deserialize<'de> for Texts<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct TextsVisitor;

        impl<'de> Visitor<'de> for TextsVisitor {
            type Value = Texts<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a list of texts")
            }

            fn visit_unit<E: de::Error>(self) -> Result<Self::Value, E> {
                Ok(Texts::default())
            }

            fn visit_borrowed_str<E: de::Error>(self, text: &'de str) -> Result<Self::Value, E> {
                Ok(Texts(vec![Text(Cow::Borrowed(text))]))
            }

            fn visit_str<E: de::Error>(self, text: &str) -> Result<Self::Value, E> {
                Ok(Texts(vec![Text(Cow::Owned(text.to_owned()))]))
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Self::Value, A::Error> {
                let mut texts = Vec::new();
                while let Some(text) = list.next_element()? {
                    texts.push(text);
                }
                Ok(Texts(texts))
            }
        }

        deserializer.deserialize_any(TextsVisitor)
    }
}

impl<'de: 'a, 'a> Deserialize<'de> for Links<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let maps = Option::<Vec<Pairs<Texts<'de>>>>::deserialize(deserializer)?.unwrap_or_default();
        let pairs = maps.into_iter().flat_map(|map| map.0);
        let links = pairs.flat_map(|(kind, targets)| targets.0.into_iter().map(move |target| (kind.clone(), target)));
        Ok(Links(links.map(|(kind, target)| (Text(Cow::Owned(kind)), target)).collect()))
    }
}

impl<'de> Deserialize<'de> for Amount {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let Text(words) = Text::deserialize(deserializer)?;
        let (number, unit) = words.split_once(' ').unwrap_or((&words, ""));
        let value = number
            .parse()
            .ok()
            .filter(|value: &f64| value.is_finite())
            .ok_or_else(|| de::Error::custom(format!("`{words}` is no estimate such as `3` or `5 hours`")))?;
        let unit = Some(unit.trim()).filter(|unit| !unit.is_empty());
        Ok(Amount { value, unit: unit.map(str::to_owned) })
    }
}

impl<'de> Deserialize<'de> for Fields {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Pairs::deserialize(deserializer).map(|pairs| Fields(pairs.0))
    }
}

/// A map in the order of the file.
struct Pairs<V>(Vec<(String, V)>);

impl<'de, V: Deserialize<'de>> Deserialize<'de> for Pairs<V> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct PairsVisitor<V>(std::marker::PhantomData<V>);

        impl<'de, V: Deserialize<'de>> Visitor<'de> for PairsVisitor<V> {
            type Value = Pairs<V>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("names with values")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
                let mut pairs = Vec::new();
                while let Some(pair) = map.next_entry()? {
                    pairs.push(pair);
                }
                Ok(Pairs(pairs))
            }
        }

        deserializer.deserialize_map(PairsVisitor(std::marker::PhantomData))
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    const BLOCK: &str = "\
# The first words of a ticket.
title: \"Checkout: dead on Safari\"   # quoted
status: in progress          # free words
labels:
- checkout
# About the crew.
assignees: [mara, tom]

x_team:
  lead: &lead Žofie
  second: *lead
created: 2026-03-02T09:14:00Z
";

    #[test]
    fn plain_values_are_borrowed_from_the_text() {
        let front = read(BLOCK).unwrap();
        assert!(matches!(front.status, Some(Text(Cow::Borrowed("in progress")))));
        assert!(matches!(front.assignees.0[..], [Text(Cow::Borrowed("mara")), Text(Cow::Borrowed("tom"))]));
    }

    #[test]
    fn a_change_leaves_every_other_byte_as_it_is() {
        let edits = [
            ("status", Some(json!("done"))),
            ("labels", Some(json!(["a: b", "c"]))),
            ("assignees", None),
            ("due", Some(json!("2026-03-20"))),
        ];
        let expected = BLOCK
            .replace("status: in progress  ", "status: done  ")
            .replace("labels:\n- checkout\n", "labels: [\"a: b\", c]\n")
            .replace("assignees: [mara, tom]\n", "")
            .replace("09:14:00Z\n", "09:14:00Z\ndue: 2026-03-20\n");
        assert_eq!(edit(BLOCK, &edits, "\n").unwrap(), expected);
    }

    #[test]
    fn a_comment_is_told_from_a_number_sign_in_a_value() {
        for (line, expected) in [
            ("a: b # c", " # c"),
            ("a: \"b # c\"   # d", "   # d"),
            ("a: [b, 'c # d'] # e # f", " # e # f"),
            ("a: b#c", ""),
            ("a:\n- b # c\n", ""),
        ] {
            assert_eq!(comment(line), expected, "{line}");
        }
    }

    #[test]
    fn a_form_that_cannot_be_changed_by_lines_is_refused() {
        for block in ["{title: a, status: b}\n", "title: &t [a]\nx: *t\n"] {
            assert!(edit(block, &[("title", Some(json!("new")))], "\n").is_err(), "{block}");
        }
    }

    #[test]
    fn any_text_can_be_a_value_and_comes_back() {
        for text in [
            "",
            " ",
            "yes",
            "404",
            "~",
            "null",
            "a: b",
            "- x",
            "#x",
            "@me",
            "it's \"q\"",
            "näh 🙂",
            "tab\there",
            "'",
            "[x",
            "x]",
            "{",
            "a, b",
            "*x",
            "&x",
            "!x",
            "%x",
            "`x`",
            "line\nbreak",
            "\u{7f}\u{0}",
            "---",
            "…",
            "x ",
            "a very long text that goes on and on, past eighty columns, because somebody writes everything into it",
        ] {
            let block = edit("title: x\n", &[("title", Some(json!(text)))], "\n").unwrap();
            assert_eq!(read(&block).unwrap().title.0, text, "{block}");
            assert_eq!(block.lines().count(), 1, "{block}");
        }
    }

    #[test]
    fn a_single_text_is_a_list_of_one_and_nothing_is_an_empty_list() {
        let front = read("title: a\nlabels: x\nassignees:\nlinks: [{blocks: [A-1, A-2]}, {relates: A-3}]\n").unwrap();
        assert_eq!(front.labels.0, [Text("x".into())]);
        assert!(front.assignees.0.is_empty());
        let links: Vec<_> = front.links.0.iter().map(|(kind, target)| format!("{} {}", kind.0, target.0)).collect();
        assert_eq!(links, ["blocks A-1", "blocks A-2", "relates A-3"]);
    }

    #[test]
    fn a_fault_names_its_line() {
        for (block, line, message) in [
            ("title: a\ndue: soon\n", 2, "`soon`"),
            ("title: a\ntitle: b\n", 2, "duplicate"),
            ("status: a\n", 1, "title"),
            ("title: a\nlabels: [a\nx: b\n", 3, ""),
            ("- a\n", 1, "map"),
            ("", 1, "end of input"),
        ] {
            let fault = read(block).unwrap_err();
            assert!(fault.line == line && fault.message.contains(message), "{block:?}: {fault:?}");
        }
    }
}
