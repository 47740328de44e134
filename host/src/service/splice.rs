//! Puts the host's own words in front of a ticket, without decoding it.

use std::borrow::Cow;

use serde::{Deserialize, Serialize, de::IgnoredAny};
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
    #[serde(default)]
    schema_version: Option<IgnoredAny>,
    #[serde(default)]
    uid: Option<IgnoredAny>,
    #[serde(default)]
    platform: Option<IgnoredAny>,
    #[serde(default)]
    connection: Option<IgnoredAny>,
    #[serde(default)]
    provenance: Option<IgnoredAny>,
}

impl<'a> Peek<'a> {
    /// Reads the key of a ticket's line, and refuses a line that is not one ticket.
    pub(super) fn read(line: &'a [u8]) -> Result<Self> {
        let peek: Self = decode::json(line).map_err(|error| error.context("a ticket of the adapter's"))?;
        let claims = [
            (peek.schema_version.is_some(), "schema_version"),
            (peek.uid.is_some(), "uid"),
            (peek.platform.is_some(), "platform"),
            (peek.connection.is_some(), "connection"),
            (peek.provenance.is_some(), "provenance"),
        ];
        let broken = |what: String| {
            Err(Error::new(ErrorKind::ResponseParse, what).with_hint("This is a defect of the adapter."))
        };
        if let Some((_, name)) = claims.into_iter().find(|(claimed, _)| *claimed) {
            return broken(format!("the adapter's ticket `{}` claims `{name}`, which is the host's to say", peek.key));
        }
        if peek.key.is_empty() {
            return broken("the adapter's ticket has an empty key".to_owned());
        }
        if line.contains(&b'\n') {
            return broken(format!("the adapter's ticket `{}` is not on one line", peek.key));
        }
        Ok(peek)
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
        provenance.etag = etag.map(str::to_owned);
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
