//! Rate limits as data: how much is allowed, which headers tell, and how "too much" is said.

use crate::duration::parse_duration;
use crate::header;
use crate::pattern::Pattern;
use serde::{Deserialize, Serialize, Serializer};
use std::collections::BTreeMap;
use std::time::Duration;

/// One budget of the platform.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct Limit {
    /// Its name, for messages and metrics.
    pub name: String,
    /// What it is, for people.
    pub help: Option<String>,
    /// The endpoint classes that spend from it; empty for all.
    #[serde(default)]
    pub classes: Vec<String>,
    /// The endpoint classes that do not spend from it, where all others do.
    #[serde(default)]
    pub except: Vec<String>,
    /// The operations by effect that spend from it; absent for all.
    pub effect: Option<Effect>,
    /// Who shares it.
    #[serde(default)]
    pub scope: LimitScope,
    /// How many requests it allows in `per`.
    pub requests: Option<u64>,
    /// How many points it allows in `per`.
    pub points: Option<u64>,
    /// How many points a request costs, by effect or endpoint class; the answer may say better.
    #[serde(default)]
    pub costs: BTreeMap<String, u64>,
    /// The span of time of `requests` and `points`.
    #[serde(default, with = "crate::duration")]
    pub per: Option<Duration>,
    /// How many requests may be sent at once after a pause; half of them if it is absent. Together with what comes in
    /// afterwards it stays within `requests`. A burst of at least `requests` says that the platform keeps a bucket of that
    /// size, which fills at `requests` in `per`.
    pub burst: Option<u64>,
    /// How many requests may be under way at once.
    pub concurrency: Option<u64>,
    /// Which headers of an answer speak of it.
    #[serde(default)]
    pub headers: LimitHeaders,
    /// How an answer says that it was exceeded; the first that fits counts, and of several limits that a request spends
    /// from the first in their order.
    #[serde(default)]
    pub exceeded: Vec<Exceeded>,
}

/// What a request does to the platform.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Effect {
    /// It only reads.
    Read,
    /// It may write.
    Write,
}

/// Who shares a budget.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum LimitScope {
    /// Everything that a connection sends.
    #[default]
    Connection,
    /// Each endpoint class has its own.
    Class,
    /// Each endpoint class and HTTP method has its own.
    Method,
    /// Each ticket has its own.
    Ticket,
    /// All connections to the host from this machine.
    Address,
}

/// The headers that tell the state of a budget.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
#[non_exhaustive]
pub struct LimitHeaders {
    /// How much is allowed.
    pub limit: Option<String>,
    /// How much is left.
    pub remaining: Option<String>,
    /// When it is full again.
    pub reset: Option<String>,
    /// How `reset` is written; required beside it.
    pub reset_format: Option<ResetFormat>,
    /// The length of its interval.
    pub interval: Option<String>,
    /// How `interval` is written: `seconds` or `milliseconds`; required beside it.
    pub interval_format: Option<ResetFormat>,
    /// How long the server held this answer back, in seconds.
    pub delay: Option<String>,
    /// How long to wait, in seconds or as a date; obeyed on success too.
    pub retry_after: Option<String>,
    /// What this request cost.
    pub cost: Option<String>,
    /// A flag that the budget is nearly spent.
    pub near: Option<String>,
    /// One header that holds all as a structured list, as in `RateLimit: "default";r=50;t=30`. Of several policies only one
    /// that is used up counts, since nobody says in what each counts.
    pub structured: Option<String>,
    /// The header and value that say that the others speak of this budget. Another value says that they speak of another;
    /// where the header is absent they speak of what the request spends from.
    pub only_if: Option<HeaderCondition>,
}

impl LimitHeaders {
    /// Returns the names of all headers that are given.
    fn names(&self) -> impl Iterator<Item = &str> {
        let Self { limit, remaining, reset, interval, delay, retry_after, cost, near, structured, .. } = self;
        let single = [limit, remaining, reset, interval, delay, retry_after, cost, near, structured];
        let single = single.into_iter().filter_map(Option::as_deref);
        single.chain(self.only_if.as_ref().map(|condition| condition.header.as_str()))
    }
}

/// A header with a given value.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct HeaderCondition {
    /// The header.
    pub header: String,
    /// Its whole value.
    pub equals: String,
}

/// How a moment or a span is written in a header.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum ResetFormat {
    /// Seconds since 1970.
    EpochSeconds,
    /// Milliseconds since 1970.
    EpochMilliseconds,
    /// Seconds from now.
    Seconds,
    /// Milliseconds from now.
    Milliseconds,
    /// An ISO 8601 time, also without seconds.
    #[serde(rename = "iso8601")]
    Iso8601,
    /// A date as in `Last-Modified`.
    HttpDate,
}

/// How an answer says that a budget was exceeded: all that is given must fit.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct Exceeded {
    /// One of these HTTP statuses.
    #[serde(default)]
    pub status: Vec<u16>,
    /// Each of these headers, with a value that fits as a whole.
    #[serde(default)]
    pub header: BTreeMap<String, Pattern>,
    /// A code in the JSON body.
    pub code: Option<ErrorCode>,
    /// A pattern that fits somewhere in the body; its group `seconds` is a time to wait.
    pub body: Option<Pattern>,
    /// How long to wait: the first that is known.
    pub wait: Vec<Wait>,
    /// Whether a fixed wait doubles each time; what the platform says is taken as it says it.
    #[serde(default)]
    pub double: bool,
}

/// A code in a JSON body.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct ErrorCode {
    /// Where it stands, as a JSON pointer.
    pub pointer: String,
    /// What it may be.
    pub equals: Vec<String>,
}

/// How long to wait after too much.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
#[non_exhaustive]
pub enum Wait {
    /// As the header `headers.retry_after` says; `retry-after`.
    RetryAfter,
    /// Until the moment in `headers.reset`; `reset`.
    Reset,
    /// As long as `headers.interval` says; `interval`.
    Interval,
    /// The group `seconds` of `body`; `body`.
    Body,
    /// The number of seconds at a JSON pointer; `/errors/0/extensions/retry_in_seconds`.
    Pointer(String),
    /// Until the next midnight in UTC; `midnight-utc`.
    MidnightUtc,
    /// Not again; `never`.
    Never,
    /// A fixed time; `60s`.
    For(Duration),
}

/// Words for [`Wait`], sorted.
const WAITS: &[(&str, Wait)] = &[
    ("body", Wait::Body),
    ("interval", Wait::Interval),
    ("midnight-utc", Wait::MidnightUtc),
    ("never", Wait::Never),
    ("reset", Wait::Reset),
    ("retry-after", Wait::RetryAfter),
];

impl Wait {
    /// Returns the wait that a text spells, or what is wrong with it.
    pub fn parse(text: &str) -> Result<Self, String> {
        if text.starts_with('/') {
            return Ok(Self::Pointer(text.to_owned()));
        }
        if let Some((_, wait)) = WAITS.iter().find(|(word, _)| *word == text) {
            return Ok(wait.clone());
        }
        parse_duration(text).map(Self::For).map_err(|_| {
            let mut choices: Vec<&str> = WAITS.iter().map(|(word, _)| *word).collect();
            choices.extend(["60s", "/json/pointer"]);
            crate::error::unknown("wait", text, &choices)
        })
    }
}

impl Limit {
    /// Returns what does not fit together in this limit.
    pub(crate) fn check(&self) -> Result<(), String> {
        if !self.classes.is_empty() && !self.except.is_empty() {
            return Err("`classes` and `except` exclude each other: `except` is for limits of all other classes".into());
        }
        if self.requests.or(self.points).is_some() != self.per.is_some() {
            return Err("`requests` or `points` go with `per`, and `per` with one of them".into());
        }
        self.headers.names().try_for_each(header::check)?;
        if self.headers.reset.is_some() != self.headers.reset_format.is_some() {
            return Err("`headers.reset` and `headers.reset_format` go together".into());
        }
        if self.headers.interval.is_some() != self.headers.interval_format.is_some() {
            return Err("`headers.interval` and `headers.interval_format` go together".into());
        }
        self.exceeded.iter().try_for_each(|exceeded| exceeded.check(&self.headers))
    }
}

impl Exceeded {
    fn check(&self, headers: &LimitHeaders) -> Result<(), String> {
        self.header.keys().try_for_each(|name| header::check(name))?;
        let says_nothing =
            self.status.is_empty() && self.header.is_empty() && self.code.is_none() && self.body.is_none();
        if says_nothing {
            return Err("`exceeded` needs one of `status`, `header`, `code`, `body`".into());
        }
        if self.wait.is_empty() {
            return Err("`exceeded` needs a `wait`".into());
        }
        if let Some(status) = self.status.iter().find(|s| !(100..600).contains(*s)) {
            return Err(format!("`{status}` is not an HTTP status"));
        }
        let pointer = self.code.iter().map(|code| &code.pointer);
        let mut pointers = pointer.filter(|pointer| !pointer.starts_with('/'));
        if let Some(pointer) = pointers.next() {
            return Err(format!("`{pointer}` is not a JSON pointer such as `/error`"));
        }
        self.wait.iter().try_for_each(|wait| match wait {
            Wait::Reset if headers.reset.is_none() && headers.structured.is_none() => {
                Err("`wait` names `reset`, but `headers.reset` is not given".into())
            }
            Wait::RetryAfter if headers.retry_after.is_none() => {
                Err("`wait` names `retry-after`, but `headers.retry_after` is not given".into())
            }
            Wait::Interval if headers.interval.is_none() => {
                Err("`wait` names `interval`, but `headers.interval` is not given".into())
            }
            Wait::Body if !self.body_tells_seconds() => {
                Err("`wait` names `body`, but `body` has no group `(?<seconds>[0-9]+)`".into())
            }
            _ => Ok(()),
        })
    }

    fn body_tells_seconds(&self) -> bool {
        let mut groups = self.body.iter().flat_map(Pattern::groups);
        groups.any(|group| group == "seconds")
    }
}

impl TryFrom<String> for Wait {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        Self::parse(&text)
    }
}

impl Serialize for Wait {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Pointer(pointer) => serializer.serialize_str(pointer),
            Self::For(duration) => serializer.serialize_str(&crate::duration::format_duration(*duration)),
            word => {
                let known = WAITS.iter().find(|(_, wait)| wait == word);
                serializer.serialize_str(known.map_or("never", |(word, _)| word))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_are_words_pointers_or_durations() {
        assert_eq!(Wait::parse("reset"), Ok(Wait::Reset));
        assert_eq!(Wait::parse("2m"), Ok(Wait::For(Duration::from_secs(120))));
        assert_eq!(Wait::parse("/a/0"), Ok(Wait::Pointer("/a/0".to_owned())));
        let error = Wait::parse("resett").unwrap_err();
        assert!(error.contains("`midnight-utc`"), "{error}");
        assert!(WAITS.is_sorted_by_key(|(word, _)| *word));
    }
}
