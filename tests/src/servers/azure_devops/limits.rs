//! Rate limits: first requests are delayed, which answers say, and later refused.

use std::collections::VecDeque;

use hyper::HeaderMap;

use super::reply::Refusal;

/// A limit that is met.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum RateLimit {
    /// The request is done, and so many seconds should pass before the next one.
    Delayed(u64),
    /// The request is refused for so many seconds.
    Refused(u64),
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
        let (seconds, refused) = match self.0.pop_front() {
            None => return Ok(()),
            Some(RateLimit::Delayed(seconds)) => (seconds, false),
            Some(RateLimit::Refused(seconds)) => (seconds, true),
        };
        headers.insert("retry-after", seconds.into());
        headers.insert("x-ratelimit-resource", hyper::http::HeaderValue::from_static("core"));
        headers.insert("x-ratelimit-limit", 200.into());
        headers.insert("x-ratelimit-remaining", 0.into());
        if !refused {
            headers.insert("x-ratelimit-delay", hyper::http::HeaderValue::from_static("2.5"));
            return Ok(());
        }
        let message = "TF400733: The request has been canceled: Request was blocked due to exceeding usage of resource 'Concurrency' in namespace 'User'.";
        Err(Refusal::new(429, "RequestBlockedException", message))
    }
}
