//! Limits: requests and points an hour, searches a minute, and the points of one query.

use std::time::Duration;

use super::{
    fields::{Plain, leaf},
    reply::Refusal,
};
pub use crate::servers::graphql::Limit;
use crate::servers::{
    Answer,
    graphql::{Bucket, Budgets},
};

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

/// All limits.
#[derive(Debug)]
pub(super) struct Limits(Budgets<Resource>);

impl Default for Limits {
    fn default() -> Self {
        Self(Budgets::new(Resource::usual))
    }
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
        self.0.set(resource, limit);
    }

    /// Takes what a request costs from what is left.
    pub(super) fn take(&mut self, who: &str, resource: Resource, amount: u64) -> Result<(), Refusal> {
        if self.0.take(who, resource, amount) { Ok(()) } else { Err(Refusal::rate_limited(resource.words())) }
    }

    /// Returns an answer with the headers that say what is left.
    pub(super) fn tell(&mut self, who: &str, resources: &[Resource], mut answer: Answer) -> Answer {
        for resource in resources {
            let Bucket { limit, remaining, reset } = self.0.left(who, *resource);
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
            let Bucket { limit, remaining, reset } = self.0.left(who, resource);
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
}
