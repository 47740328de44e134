//! How an answer says "too much". Here is recognised that it says so, and how long to wait; what follows from it is elsewhere.

use std::{
    cell::OnceCell,
    time::{Duration, SystemTime},
};

use http::HeaderMap;
use memchr::memmem;
use regex_lite::Regex;
use serde_json::Value;
use usher_adapter_manifest::{ErrorCode, Exceeded, Wait};

use super::{moment, reading::Reading, rule};

/// How much of a body is searched with a pattern: a platform's complaint is short.
const SEARCHED: usize = 64 * 1024;

/// One way of saying "too much".
pub(super) struct Sign {
    statuses: Vec<u16>,
    headers: Vec<(String, Regex)>,
    code: Option<ErrorCode>,
    body: Option<Regex>,
    waits: Vec<Wait>,
    doubles: bool,
}

/// What a sign that fits asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Asked {
    /// To wait that long.
    Wait(Duration),
    /// To wait that long the first time, and twice as long each time after.
    Doubling(Duration),
    /// Not to send this request again.
    Never,
    /// To wait, and nobody said how long.
    Unknown,
}

/// An answer, as far as signs look at it. Its JSON is parsed when it is needed, and once.
pub(super) struct Answer<'a> {
    pub(super) status: u16,
    pub(super) headers: &'a HeaderMap,
    pub(super) body: &'a [u8],
    pub(super) now: SystemTime,
    json: OnceCell<Option<Value>>,
}

impl<'a> Answer<'a> {
    pub(super) fn new(status: u16, headers: &'a HeaderMap, body: &'a [u8], now: SystemTime) -> Self {
        Self { status, headers, body, now, json: OnceCell::new() }
    }

    /// Returns the value at a pointer; none if it is not there or the body is no JSON.
    fn json(&self, pointer: &str) -> Option<&Value> {
        let parsed = self.json.get_or_init(|| serde_json::from_slice(self.body).ok());
        parsed.as_ref()?.pointer(pointer)
    }

    /// Says whether the body was parsed.
    #[cfg(test)]
    pub(super) fn was_parsed(&self) -> bool {
        self.json.get().is_some()
    }

    fn searched(&self) -> std::borrow::Cow<'a, str> {
        String::from_utf8_lossy(&self.body[..self.body.len().min(SEARCHED)])
    }
}

impl Sign {
    pub(super) fn new(exceeded: &Exceeded) -> Result<Self, String> {
        let headers = exceeded.header.iter();
        let headers = headers.map(|(name, pattern)| Ok((name.clone(), rule::compiled(pattern, true)?)));
        Ok(Self {
            statuses: exceeded.status.clone(),
            headers: headers.collect::<Result<_, String>>()?,
            code: exceeded.code.clone(),
            body: exceeded.body.as_ref().map(|pattern| rule::compiled(pattern, false)).transpose()?,
            waits: exceeded.wait.clone(),
            doubles: exceeded.double,
        })
    }

    /// Returns the signs that HTTP itself has: 429, and 503 with a `Retry-After`.
    pub(super) fn of_http() -> Result<Vec<Self>, String> {
        let anything = Regex::new(".+").map_err(|error| error.to_string())?;
        let sign = |status, headers| Self {
            statuses: vec![status],
            headers,
            code: None,
            body: None,
            waits: vec![Wait::RetryAfter],
            doubles: false,
        };
        Ok(vec![sign(429, Vec::new()), sign(503, vec![("retry-after".to_owned(), anything)])])
    }

    /// Says whether an answer has this sign. What is cheap to see is looked at first, the JSON last.
    pub(super) fn fits(&self, answer: &Answer<'_>) -> bool {
        (self.statuses.is_empty() || self.statuses.contains(&answer.status))
            && self.headers.iter().all(|(name, pattern)| has_header(answer.headers, name, pattern))
            && self.body.as_ref().is_none_or(|pattern| pattern.is_match(&answer.searched()))
            && self.code.as_ref().is_none_or(|code| has_code(answer, code))
    }

    /// Returns what a sign that fits asks for: the first wait that is known.
    pub(super) fn asks(&self, answer: &Answer<'_>, reading: &Reading) -> Asked {
        let told = |wait: Duration| Asked::Wait(wait.clamp(moment::LEAST, moment::LONGEST));
        let known = self.waits.iter().find_map(|wait| match wait {
            // It has been brought within its bounds.
            Wait::RetryAfter => reading.retry_after.map(Asked::Wait),
            Wait::Reset => reading.reset.map(told),
            Wait::Interval => reading.interval.map(told),
            Wait::Body => self.seconds_in_body(answer).map(told),
            Wait::Pointer(pointer) => answer.json(pointer).and_then(seconds).map(told),
            Wait::MidnightUtc => Some(told(moment::until_midnight(answer.now))),
            Wait::Never => Some(Asked::Never),
            Wait::For(wait) if self.doubles => Some(Asked::Doubling(*wait)),
            Wait::For(wait) => Some(Asked::Wait(*wait)),
            // A later manifest's wait: what cannot be read is not known.
            _ => None,
        });
        known.unwrap_or(Asked::Unknown)
    }

    fn seconds_in_body(&self, answer: &Answer<'_>) -> Option<Duration> {
        let text = answer.searched();
        let found = self.body.as_ref()?.captures(&text)?;
        moment::seconds(found.name("seconds")?.as_str())
    }
}

fn has_header(headers: &HeaderMap, name: &str, pattern: &Regex) -> bool {
    headers.get_all(name).iter().any(|value| value.to_str().is_ok_and(|value| pattern.is_match(value.trim())))
}

fn has_code(answer: &Answer<'_>, code: &ErrorCode) -> bool {
    // Tickets are large and codes are rare: a body without the word is not parsed.
    let may_have = |word: &String| {
        let is_plain = word.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.'));
        !is_plain || memmem::find(answer.body, word.as_bytes()).is_some()
    };
    if !code.equals.iter().any(may_have) {
        return false;
    }
    match answer.json(&code.pointer) {
        Some(Value::String(found)) => code.equals.contains(found),
        Some(Value::Number(found)) => code.equals.contains(&found.to_string()),
        _ => false,
    }
}

fn seconds(value: &Value) -> Option<Duration> {
    match value {
        Value::Number(number) => Duration::try_from_secs_f64(number.as_f64()?).ok(),
        Value::String(text) => moment::seconds(text),
        _ => None,
    }
}
