//! Limits: requests and points an hour, searches a minute, and the points of one query.

use std::{
    collections::HashMap,
    time::{Duration, SystemTime, UNIX_EPOCH},
};

use super::{
    fields::{Plain, leaf},
    reply::Refusal,
};
use crate::servers::Answer;

/// What one query may cost, in points.
pub const MOST_POINTS: u64 = 10_000;

/// What is counted by itself.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub enum Resource {
    /// Requests an hour.
    Requests,
    /// Points an hour.
    Complexity,
    /// Searches a minute.
    Search,
}

/// How much is allowed, and how much of that is left.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Limit {
    /// What is allowed in a window.
    pub limit: u64,
    /// What is left in this one.
    pub remaining: u64,
    /// When the next window begins.
    pub resets_in: Duration,
}

/// All limits.
#[derive(Debug, Default)]
pub(super) struct Limits {
    set: HashMap<Resource, Limit>,
    buckets: HashMap<(String, Resource), Bucket>,
}

#[derive(Clone, Copy, Debug)]
struct Bucket {
    limit: u64,
    remaining: u64,
    /// Milliseconds since 1970.
    reset: u64,
}

impl Resource {
    /// Returns what is allowed when a test says nothing else.
    fn usual(self) -> Limit {
        let (limit, seconds) = match self {
            Self::Requests => (2_500, 3_600),
            Self::Complexity => (3_000_000, 3_600),
            Self::Search => (30, 60),
        };
        Limit { limit, remaining: limit, resets_in: Duration::from_secs(seconds) }
    }

    fn words(self) -> &'static str {
        match self {
            Self::Requests => "requests",
            Self::Complexity => "complexity points",
            Self::Search => "searches",
        }
    }

    fn headers(self) -> [&'static str; 3] {
        match self {
            Self::Requests => {
                ["x-ratelimit-requests-limit", "x-ratelimit-requests-remaining", "x-ratelimit-requests-reset"]
            }
            Self::Complexity => {
                ["x-ratelimit-complexity-limit", "x-ratelimit-complexity-remaining", "x-ratelimit-complexity-reset"]
            }
            Self::Search => [
                "x-ratelimit-endpoint-requests-limit",
                "x-ratelimit-endpoint-requests-remaining",
                "x-ratelimit-endpoint-requests-reset",
            ],
        }
    }
}

impl Limits {
    /// Sets a limit for everybody, from now on.
    pub(super) fn set(&mut self, resource: Resource, limit: Limit) {
        self.set.insert(resource, limit);
        self.buckets.retain(|(_, known), _| *known != resource);
    }

    /// Takes what a request costs from what is left.
    pub(super) fn take(&mut self, who: &str, resource: Resource, amount: u64) -> Result<(), Refusal> {
        let bucket = self.bucket(who, resource);
        let left = bucket.remaining.checked_sub(amount);
        bucket.remaining = left.ok_or_else(|| Refusal::rate_limited(resource.words()))?;
        Ok(())
    }

    /// Returns an answer with the headers that say what is left.
    pub(super) fn tell(&mut self, who: &str, resources: &[Resource], mut answer: Answer) -> Answer {
        for resource in resources {
            let Bucket { limit, remaining, reset } = *self.bucket(who, *resource);
            let values = [limit, remaining, reset].map(|value| value.to_string());
            for (name, value) in resource.headers().into_iter().zip(values) {
                answer = answer.header(name, &value);
            }
            if *resource == Resource::Search {
                answer = answer.header("x-ratelimit-endpoint-name", "searchIssues");
            }
        }
        answer
    }

    /// Returns what is left of each limit, as `rateLimitStatus` tells it.
    pub(super) fn status(&mut self, who: &str) -> Vec<Plain> {
        let resources = [(Resource::Requests, "requests"), (Resource::Complexity, "complexity")];
        let told = resources.map(|(resource, word)| {
            let Bucket { limit, remaining, reset } = *self.bucket(who, resource);
            vec![
                ("type", leaf(word)),
                ("allowedAmount", leaf(limit)),
                ("requestedAmount", leaf(1)),
                ("remainingAmount", leaf(remaining)),
                ("reset", leaf(reset)),
                ("period", leaf(3_600_000)),
            ]
        });
        told.into()
    }

    fn bucket(&mut self, who: &str, resource: Resource) -> &mut Bucket {
        let now = SystemTime::now().duration_since(UNIX_EPOCH).expect("it is after 1970");
        let milliseconds = |time: Duration| u64::try_from(time.as_millis()).expect("this is not the far future");
        let limit = self.set.get(&resource).copied().unwrap_or_else(|| resource.usual());
        let fresh = |remaining, wait| Bucket { limit: limit.limit, remaining, reset: milliseconds(now + wait) };
        let key = (who.to_owned(), resource);
        let bucket = self.buckets.entry(key).or_insert_with(|| fresh(limit.remaining, limit.resets_in));
        if bucket.reset <= milliseconds(now) {
            *bucket = fresh(limit.limit, resource.usual().resets_in);
        }
        bucket
    }
}
