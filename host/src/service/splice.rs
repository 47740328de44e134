//! Puts the host's own words in front of a ticket, without decoding it.

use std::borrow::Cow;

use serde::{Deserialize, Deserializer, Serialize, de::IgnoredAny};
use usher_adapter_sdk::{
    Error, ErrorKind, Result, decode,
    model::{Provenance, Route, SCHEMA_VERSION, Time},
    wire,
};

use super::levels;
use crate::route::{Levels, Target};

/// What stands in front of every ticket of one connection.
pub(super) struct Splice {
    adapter: String,
    version: String,
    connection: String,
    levels: Levels,
}

/// What is read of every ticket: its key, and that it does not claim what is the host's to say.
#[derive(Deserialize)]
pub(super) struct Peek<'a> {
    #[serde(borrow)]
    pub(super) key: Cow<'a, str>,
    #[serde(borrow, default)]
    pub(super) native_id: Option<Cow<'a, str>>,
    #[serde(default, deserialize_with = "is_there")]
    schema_version: bool,
    #[serde(default, deserialize_with = "is_there")]
    uid: bool,
    #[serde(default, deserialize_with = "is_there")]
    platform: bool,
    #[serde(default, deserialize_with = "is_there")]
    connection: bool,
    #[serde(default, deserialize_with = "is_there")]
    provenance: bool,
}

/// A member that is `null` is there as well: it would stand behind the host's own and win.
fn is_there<'de, D: Deserializer<'de>>(deserializer: D) -> Result<bool, D::Error> {
    IgnoredAny::deserialize(deserializer).map(|_| true)
}

/// How deep a ticket may be nested: what reads it further on may read it recursively.
const DEEPEST: usize = 100;

impl<'a> Peek<'a> {
    /// Reads the key of a ticket's line, and refuses a line that is not one ticket.
    pub(super) fn read(line: &'a [u8]) -> Result<Self> {
        let unreadable = |error: Error| error.context("a ticket of the adapter's");
        // What is not read here is passed on, and must be text all the same.
        let text = std::str::from_utf8(line).map_err(|error| unreadable(Error::response_parse(&error)))?;
        let peek: Self = decode::json(text.as_bytes()).map_err(unreadable)?;
        let claims = [
            (peek.schema_version, "schema_version"),
            (peek.uid, "uid"),
            (peek.platform, "platform"),
            (peek.connection, "connection"),
            (peek.provenance, "provenance"),
        ];
        let broken = |what: String| {
            Err(Error::new(ErrorKind::ResponseParse, what).with_hint("This is a defect of the adapter."))
        };
        if let Some((_, name)) = claims.into_iter().find(|(claimed, _)| *claimed) {
            return broken(format!("the adapter's ticket `{}` claims `{name}`, which is the host's to say", peek.key));
        }
        if peek.key.is_empty() || peek.key.contains(char::is_control) {
            return broken("the adapter's ticket has a key that is empty or holds control characters".to_owned());
        }
        if !line.trim_ascii_start().starts_with(b"{") {
            return broken(format!("the adapter's ticket `{}` is not a JSON object", peek.key));
        }
        if line.iter().any(|byte| matches!(byte, b'\n' | b'\r')) {
            return broken(format!("the adapter's ticket `{}` is not on one line", peek.key));
        }
        if depth(line) > DEEPEST {
            return broken(format!("the adapter's ticket `{}` is nested more than {DEEPEST} deep", peek.key));
        }
        Ok(peek)
    }
}

/// Returns how deep valid JSON is nested.
fn depth(json: &[u8]) -> usize {
    let (mut depth, mut deepest) = (0_usize, 0);
    let mut bytes = json.iter();
    while let Some(byte) = bytes.next() {
        match byte {
            b'{' | b'[' => {
                depth += 1;
                deepest = deepest.max(depth);
            }
            b'}' | b']' => depth = depth.saturating_sub(1),
            b'"' => skip_string(&mut bytes),
            _ => {}
        }
    }
    deepest
}

fn skip_string(bytes: &mut std::slice::Iter<'_, u8>) {
    while let Some(byte) = bytes.next() {
        match byte {
            b'"' => return,
            b'\\' => {
                bytes.next();
            }
            _ => {}
        }
    }
}

#[derive(Serialize)]
struct Front<'a> {
    schema_version: u32,
    uid: String,
    platform: &'a str,
    connection: &'a str,
    provenance: Provenance,
}

impl Splice {
    pub(super) fn new(target: &Target) -> Self {
        Self {
            adapter: target.adapter.id().to_owned(),
            version: target.adapter.version.clone(),
            connection: target.name.clone(),
            levels: target.levels.clone(),
        }
    }

    /// Returns a ticket's line with the host's words in front.
    pub(super) fn ticket(&self, line: &[u8], etag: Option<&str>) -> Result<Vec<u8>> {
        let peek = Peek::read(line)?;
        self.with_key(line, &peek.key, etag)
    }

    /// The same for a line that has been looked at.
    pub(super) fn with_key(&self, line: &[u8], key: &str, etag: Option<&str>) -> Result<Vec<u8>> {
        let line = match self.levels.is_empty() {
            true => Cow::Borrowed(line),
            false => Cow::Owned(levels::apply(line, &self.levels)?),
        };
        let mut provenance = Provenance::default();
        provenance.adapter.clone_from(&self.adapter);
        provenance.version.clone_from(&self.version);
        provenance.route = Route::Direct;
        provenance.fetched_at = Some(now());
        provenance.etag = etag.filter(|etag| !etag.contains(char::is_control)).map(str::to_owned);
        let mut spliced = wire::to_json(&Front {
            schema_version: SCHEMA_VERSION,
            uid: format!("{}:{key}", self.connection),
            platform: &self.adapter,
            connection: &self.connection,
            provenance,
        });
        // `{"uid":…}` and `{"key":…}` become `{"uid":…,"key":…}`; a ticket has a key, so neither is empty.
        let rest = line.trim_ascii_start().strip_prefix(b"{").unwrap_or(&line);
        spliced.pop();
        spliced.push(b',');
        spliced.extend_from_slice(rest);
        Ok(spliced)
    }
}

fn now() -> Time {
    let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap_or_default();
    // Seconds are enough to say when something was asked.
    Time::from_unix_nanos(i64::try_from(now.as_secs().saturating_mul(1_000_000_000)).unwrap_or(i64::MAX))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_ticket_of_the_adapters_own_is_refused() {
        let deep = format!(r#"{{"key":"A-1","raw":{}1{}}}"#, "[".repeat(200), "]".repeat(200));
        for (line, expected) in [
            (r#"["A-1","7"]"#, "not a JSON object"),
            (r#"{"key":"A-1","uid":null}"#, "claims `uid`"),
            (r#"{"key":"A-1","connection":"other"}"#, "claims `connection`"),
            (r#"{"key":""}"#, "a key that is empty"),
            (r#"{"key":"A\n1"}"#, "control characters"),
            ("{\"key\":\"A-1\",\r\"title\":\"\"}", "not on one line"),
            (r#"{"title":"no key"}"#, "missing field `key`"),
            (&deep, "nested more than"),
        ] {
            let error = Peek::read(line.as_bytes()).err().unwrap();
            assert!(error.message().contains(expected), "{expected}: {error}");
        }
        assert!(Peek::read(b"{\"key\":\"A-1\",\"title\":\"\xff\"}").is_err());
    }

    #[test]
    fn brackets_in_strings_nest_nothing() {
        assert_eq!(depth(br#"{"a":["{[\"]","]"],"b":{}}"#), 2);
    }
}
