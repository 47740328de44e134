//! One exchange as a file holds it: text that people can read and compare, and from which the same bytes come back.

use std::collections::BTreeMap;

use base64::{Engine, prelude::BASE64_STANDARD};
use bytes::Bytes;
use http::{HeaderMap, HeaderName, HeaderValue};
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use usher_adapter_sdk::{Error, Result};

/// The version of the form.
pub(super) const FORMAT: u32 = 1;

/// What a folder is.
#[derive(Serialize, Deserialize)]
pub(super) struct Manifest {
    pub(super) format: u32,
    pub(super) program: String,
}

/// A request and its answer.
#[derive(Serialize, Deserialize)]
pub(super) struct Recorded {
    pub(super) connection: String,
    pub(super) operation: String,
    pub(super) request: Asked,
    pub(super) response: Answered,
}

/// A request.
#[derive(Serialize, Deserialize)]
pub(super) struct Asked {
    pub(super) method: String,
    pub(super) url: String,
    #[serde(default)]
    pub(super) headers: Headers,
    pub(super) body: Option<Body>,
}

/// An answer.
#[derive(Serialize, Deserialize)]
pub(super) struct Answered {
    pub(super) status: u16,
    #[serde(default)]
    pub(super) headers: Headers,
    pub(super) body: Option<Body>,
}

/// Headers by name, sorted.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(super) struct Headers(BTreeMap<String, Values>);

#[derive(Debug, Serialize, Deserialize)]
#[serde(untagged)]
enum Values {
    One(String),
    Several(Vec<String>),
}

impl Headers {
    pub(super) fn of(headers: &HeaderMap) -> Self {
        let values = |name: &HeaderName| {
            let text = |value: &HeaderValue| String::from_utf8_lossy(value.as_bytes()).into_owned();
            let mut values: Vec<String> = headers.get_all(name).iter().map(text).collect();
            match values.len() {
                1 => Values::One(values.remove(0)),
                _ => Values::Several(values),
            }
        };
        Self(headers.keys().map(|name| (name.as_str().to_owned(), values(name))).collect())
    }

    pub(super) fn map(&self) -> Result<HeaderMap> {
        let mut headers = HeaderMap::new();
        for (name, values) in &self.0 {
            let unusable = || Error::validation(format!("`{name}` is no header"));
            let parsed = HeaderName::try_from(name).map_err(|_| unusable())?;
            let values = match values {
                Values::One(value) => std::slice::from_ref(value),
                Values::Several(values) => values,
            };
            for value in values {
                headers.append(parsed.clone(), HeaderValue::try_from(value).map_err(|_| unusable())?);
            }
        }
        Ok(headers)
    }
}

/// A body that is not empty.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Body {
    /// JSON without white space between its values, spread over lines here.
    Json(Box<RawValue>),
    Text(String),
    Base64(String),
    /// What it was; the bytes are not here.
    Omitted(String),
}

impl Body {
    /// Returns the form of bytes; nothing for none.
    pub(super) fn of(bytes: &[u8]) -> Option<Self> {
        if bytes.is_empty() {
            return None;
        }
        let Ok(text) = std::str::from_utf8(bytes) else { return Some(Self::Base64(BASE64_STANDARD.encode(bytes))) };
        // A bare word or number is as readable as text.
        let is_nested = text.starts_with(['{', '[']) && packed(text) == text;
        let json = is_nested.then(|| RawValue::from_string(spread(text)).ok()).flatten();
        Some(json.map_or_else(|| Self::Text(text.to_owned()), Self::Json))
    }

    /// Returns the bytes; nothing if they are not here.
    pub(super) fn bytes(&self) -> Result<Option<Bytes>> {
        Ok(Some(match self {
            Self::Json(json) => packed(json.get()).into(),
            Self::Text(text) => text.clone().into(),
            Self::Base64(text) => BASE64_STANDARD
                .decode(text)
                .map_err(|error| Error::validation(format!("a body is no base64: {error}")))?
                .into(),
            Self::Omitted(_) => return Ok(None),
        }))
    }
}

/// How deep a body stands in its file.
const INDENTATION: usize = 3;

/// Returns JSON without white space between its values.
fn packed(json: &str) -> String {
    let mut packed = String::with_capacity(json.len());
    for (letter, is_inside) in letters(json) {
        if is_inside || !letter.is_ascii_whitespace() {
            packed.push(letter);
        }
    }
    packed
}

/// Returns packed JSON with a line for each value; nothing but white space is added.
fn spread(json: &str) -> String {
    let mut spread = String::with_capacity(json.len() * 2);
    let mut depth = INDENTATION;
    let mut before = ' ';
    let new_line = |spread: &mut String, depth: usize| {
        spread.push('\n');
        spread.extend(std::iter::repeat_n("  ", depth));
    };
    for (letter, is_inside) in letters(json) {
        match letter {
            _ if is_inside => spread.push(letter),
            '}' | ']' => {
                depth = depth.saturating_sub(1);
                if !matches!(before, '{' | '[') {
                    new_line(&mut spread, depth);
                }
                spread.push(letter);
            }
            _ => {
                if matches!(before, '{' | '[') {
                    new_line(&mut spread, depth);
                }
                spread.push(letter);
                match letter {
                    '{' | '[' => depth += 1,
                    ',' => new_line(&mut spread, depth),
                    ':' => spread.push(' '),
                    _ => {}
                }
            }
        }
        before = if is_inside { '"' } else { letter };
    }
    spread
}

/// Returns the letters of a JSON text, each with whether it is part of a string after its first quote.
fn letters(json: &str) -> impl Iterator<Item = (char, bool)> {
    let (mut is_inside, mut is_escaped) = (false, false);
    json.chars().map(move |letter| {
        let was_inside = is_inside;
        match letter {
            _ if is_escaped => is_escaped = false,
            '\\' if is_inside => is_escaped = true,
            '"' => is_inside = !is_inside,
            _ => {}
        }
        (letter, was_inside)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_bytes_come_back_whatever_they_are() {
        let cases: [&[u8]; 12] = [
            br#"{"a":[1,{"b":"x, y: {z}"}],"c":{},"d":[],"e":1.0,"f":1e5,"g":12345678901234567890,"h":null}"#,
            br#"{"quote":"a \" b \\","unicode":"\u00e9 \t","deep":[[[[]]]]}"#,
            br#"[{"z":1,"a":2,"z":3}]"#,
            b"[\"  spaces  \"]",
            b"{ \"spaced\": true }",
            b"{\"end\":true}\n",
            b"{broken",
            b"[1,]",
            b"plain text",
            b"\"word\"",
            "ümlaut {}".as_bytes(),
            &[0, 159, 146, 150],
        ];
        for bytes in cases {
            let body = Body::of(bytes).unwrap();
            let file = serde_json::to_string_pretty(&body).unwrap();
            let read: Body = serde_json::from_str(&file).unwrap();
            assert_eq!(read.bytes().unwrap().unwrap(), bytes, "{file}");
        }
        assert!(Body::of(b"").is_none());
    }

    #[test]
    fn json_is_spread_over_lines() {
        let body = Body::of(br#"{"a":[1,{}],"b":"x"}"#).unwrap();
        let Body::Json(json) = body else { panic!("not JSON") };
        let expected = "{\n        \"a\": [\n          1,\n          {}\n        ],\n        \"b\": \"x\"\n      }";
        assert_eq!(json.get(), expected);
    }
}
