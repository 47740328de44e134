//! Rate limits: the answers when there were too many requests, and the headers before that.

use std::{
    collections::VecDeque,
    time::{Duration, SystemTime, UNIX_EPOCH},
};

use hyper::{HeaderMap, http::HeaderValue};
use jiff::Timestamp;

use crate::servers::Answer;

/// A limit that is met.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct RateLimit {
    /// The value of `RateLimit-Reason`: `jira-burst-based`, `jira-per-issue-on-write`, `jira-quota-tenant-based`,
    /// `jira-quota-global-based`; Data Center has none.
    pub reason: Option<&'static str>,
    /// Seconds in `Retry-After`.
    pub retry_after: Option<u64>,
    /// 429, or 503.
    pub status: u16,
}

impl RateLimit {
    /// Returns the limit on many requests at once.
    pub fn burst(retry_after: u64) -> Self {
        Self { reason: Some("jira-burst-based"), retry_after: Some(retry_after), status: 429 }
    }

    /// Returns the limit on writes to one issue.
    pub fn per_issue(retry_after: u64) -> Self {
        Self { reason: Some("jira-per-issue-on-write"), ..Self::burst(retry_after) }
    }
}

/// What the next requests meet.
#[derive(Debug, Default)]
pub(super) struct Limits {
    waiting: VecDeque<RateLimit>,
    /// Whether answers say that little is left.
    pub(super) near: bool,
}

impl Limits {
    pub(super) fn add(&mut self, limit: RateLimit, times: usize) {
        self.waiting.extend(std::iter::repeat_n(limit, times));
    }

    /// Returns the answer of a limit, if the next request meets one.
    pub(super) fn met(&mut self) -> Option<Answer> {
        let limit = self.waiting.pop_front()?;
        let mut answer = Answer::json(limit.status, "{\"errorMessages\":[\"Rate limit exceeded\"],\"errors\":{}}");
        if let Some(reason) = limit.reason {
            answer = answer.header("ratelimit-reason", reason).header("x-ratelimit-limit", "100");
            answer = answer.header("x-ratelimit-remaining", "0");
            answer = answer.header("x-ratelimit-reset", &reset(limit.retry_after.unwrap_or_default()));
        }
        if let Some(seconds) = limit.retry_after {
            answer = answer.header("retry-after", &seconds.to_string());
        }
        Some(answer)
    }

    /// Adds what an answer within the limits says of them.
    pub(super) fn tell(&self, headers: &mut HeaderMap) {
        if self.near {
            headers.insert("x-ratelimit-nearlimit", HeaderValue::from_static("true"));
        }
    }
}

/// Returns a time as Jira writes it here: without seconds.
fn reset(seconds: u64) -> String {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).expect("it is after 1970") + Duration::from_secs(seconds);
    let time = Timestamp::from_second(i64::try_from(now.as_secs()).expect("a time")).expect("a time");
    time.strftime("%Y-%m-%dT%H:%MZ").to_string()
}
