//! Rate limits: the two that Trello tells apart, and one that waiting does not help against.

use std::collections::VecDeque;

use hyper::{HeaderMap, http::HeaderValue};
use serde_json::json;

use super::reply::Refusal;

/// A limit that is met.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum RateLimit {
    /// 300 requests in ten seconds for a key.
    Key,
    /// 100 requests in ten seconds for a token.
    Token,
    /// A list asks for too much at once.
    Cards,
}

impl RateLimit {
    fn code(self) -> &'static str {
        match self {
            Self::Key => "API_KEY_LIMIT_EXCEEDED",
            Self::Token => "API_TOKEN_LIMIT_EXCEEDED",
            Self::Cards => "API_TOO_MANY_CARDS_REQUESTED",
        }
    }
}

/// What the next requests meet.
#[derive(Debug, Default)]
pub(super) struct Limits(VecDeque<RateLimit>);

impl Limits {
    pub(super) fn add(&mut self, limit: RateLimit, times: usize) {
        self.0.extend(std::iter::repeat_n(limit, times));
    }

    /// Returns the refusal of a limit, if the next request meets one; what is to be told goes into the headers.
    pub(super) fn met(&mut self, headers: &mut HeaderMap) -> Result<(), Refusal> {
        let met = self.0.pop_front();
        let left = |limit: RateLimit| if met == Some(limit) { "0" } else { "99" };
        for (name, value) in [
            ("x-rate-limit-api-key-interval-ms", "10000"),
            ("x-rate-limit-api-key-max", "300"),
            ("x-rate-limit-api-key-remaining", left(RateLimit::Key)),
            ("x-rate-limit-api-token-interval-ms", "10000"),
            ("x-rate-limit-api-token-max", "100"),
            ("x-rate-limit-api-token-remaining", left(RateLimit::Token)),
        ] {
            headers.insert(name, HeaderValue::from_static(value));
        }
        let Some(limit) = met else { return Ok(()) };
        Err(Refusal::json(429, &json!({ "error": limit.code(), "message": "Rate limit exceeded" })))
    }
}
