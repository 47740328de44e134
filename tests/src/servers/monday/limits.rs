//! Limits: points of complexity a minute, calls a minute, and the points of one query.

use std::time::Duration;

use super::reply::Refusal;
pub use crate::servers::graphql::Limit;
use crate::servers::{
    Answer,
    graphql::{Bucket, Budgets},
};

/// What one query may cost, in points.
pub const MOST_POINTS: u64 = 5_000_000;

/// What is counted by itself.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub enum Resource {
    /// Points a minute.
    Complexity,
    /// Calls a minute.
    Minute,
}

/// How it is said that the points are used up. Each was in use with HTTP 200 as well as with 429.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub enum Dialect {
    /// A code and a number of seconds.
    #[default]
    Now,
    /// A code, and the seconds in words alone.
    InWords,
    /// A code at the top of the answer, and the seconds in words alone.
    Older,
}

/// All limits.
#[derive(Debug)]
pub(super) struct Limits {
    budgets: Budgets<Resource>,
    pub(super) dialect: Dialect,
}

impl Default for Limits {
    fn default() -> Self {
        Self { budgets: Budgets::new(Resource::usual), dialect: Dialect::default() }
    }
}

impl Resource {
    /// Returns what is allowed when a test says nothing else.
    fn usual(self) -> Limit {
        let limit = match self {
            Self::Complexity => 10_000_000,
            Self::Minute => 5_000,
        };
        Limit { limit, remaining: limit, resets_in: Duration::from_secs(60) }
    }

    fn name(self) -> &'static str {
        match self {
            Self::Complexity => "complexity",
            Self::Minute => "minute",
        }
    }
}

impl Limits {
    /// Sets a limit for everybody, from now on.
    pub(super) fn set(&mut self, resource: Resource, limit: Limit) {
        self.budgets.set(resource, limit);
    }

    /// Takes what a request costs from what is left; returns the answer that there is too little, if there is.
    pub(super) fn take(&mut self, who: &str, points: u64) -> Option<Answer> {
        if !self.budgets.take(who, Resource::Minute, 1) {
            let seconds = self.left(who, Resource::Minute).seconds();
            return Some(Refusal::minute(seconds).answer(429));
        }
        if self.budgets.take(who, Resource::Complexity, points) {
            return None;
        }
        let bucket = self.left(who, Resource::Complexity);
        let words = Refusal::complexity_in_words(points, bucket.remaining, bucket.limit, bucket.seconds());
        Some(match self.dialect {
            Dialect::Now => Refusal::complexity(bucket.seconds()).answer(200),
            Dialect::InWords => words.answer(200),
            Dialect::Older => words.older_answer(200, "ComplexityException"),
        })
    }

    pub(super) fn left(&mut self, who: &str, resource: Resource) -> Bucket {
        self.budgets.left(who, resource)
    }

    /// Returns an answer with the headers that say what is left.
    pub(super) fn tell(&mut self, who: &str, answer: Answer) -> Answer {
        let resources = [Resource::Complexity, Resource::Minute];
        let policies = resources.map(|resource| {
            let Bucket { limit, .. } = self.left(who, resource);
            format!("\"{}\";q={limit};w=60", resource.name())
        });
        let states = resources.map(|resource| {
            let bucket = self.left(who, resource);
            format!("\"{}\";r={};t={}", resource.name(), bucket.remaining, bucket.seconds())
        });
        answer.header("ratelimit-policy", &policies.join(", ")).header("ratelimit", &states.join(", "))
    }
}
