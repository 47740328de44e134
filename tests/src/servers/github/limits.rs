//! Rate limits: how much is left for whom, and the answers when nothing is.

use std::{
    collections::{HashMap, VecDeque},
    time::{Duration, SystemTime, UNIX_EPOCH},
};

/// What is counted by itself.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub enum Resource {
    /// Everything but searches.
    Core,
    /// Searches.
    Search,
}

impl Resource {
    /// Returns the word that the header has.
    pub fn word(self) -> &'static str {
        match self {
            Self::Core => "core",
            Self::Search => "search",
        }
    }

    /// Returns what is allowed when a test says nothing else.
    fn usual(self, authorized: bool) -> Limit {
        let (limit, resets_in) = match (self, authorized) {
            (Self::Core, true) => (5_000, 3_600),
            (Self::Core, false) => (60, 3_600),
            (Self::Search, true) => (30, 60),
            (Self::Search, false) => (10, 60),
        };
        Limit { limit, remaining: limit, resets_in: Duration::from_secs(resets_in) }
    }
}

/// How much is allowed, and how much of that is left.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Limit {
    /// Requests in a window.
    pub limit: u64,
    /// Requests that are left in this one.
    pub remaining: u64,
    /// When the next window begins.
    pub resets_in: Duration,
}

impl Limit {
    /// Returns one that no test reaches.
    pub fn plenty() -> Self {
        Self { limit: 1_000_000_000, remaining: 1_000_000_000, resets_in: Duration::from_secs(3_600) }
    }

    /// Returns one of which nothing is left.
    pub fn exceeded(resets_in: Duration) -> Self {
        Self { limit: 5_000, remaining: 0, resets_in }
    }
}

/// An answer of the limit that has no headers of its own.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct SecondaryLimit {
    /// 403 or 429.
    pub status: u16,
    /// Seconds in `retry-after`; without them only the message tells.
    pub retry_after: Option<u64>,
}

/// All limits.
#[derive(Debug, Default)]
pub(super) struct Limits {
    off: bool,
    set: HashMap<Resource, Limit>,
    buckets: HashMap<(Option<String>, Resource), Bucket>,
    secondary: VecDeque<SecondaryLimit>,
}

/// What one token, or nobody in particular, has of one resource.
#[derive(Clone, Copy, Debug)]
pub(super) struct Bucket {
    pub(super) limit: u64,
    pub(super) remaining: u64,
    /// Seconds since 1970.
    pub(super) reset: u64,
    pub(super) resource: Resource,
}

impl Limits {
    /// Returns whether there are limits.
    pub(super) fn are_on(&self) -> bool {
        !self.off
    }

    pub(super) fn turn_off(&mut self) {
        self.off = true;
    }

    /// Sets a limit for everybody, from now on.
    pub(super) fn set(&mut self, resource: Resource, limit: Limit) {
        self.set.insert(resource, limit);
        self.buckets.retain(|(_, known), _| *known != resource);
    }

    pub(super) fn add_secondary(&mut self, limit: SecondaryLimit, times: usize) {
        self.secondary.extend(std::iter::repeat_n(limit, times));
    }

    pub(super) fn next_secondary(&mut self) -> Option<SecondaryLimit> {
        self.secondary.pop_front()
    }

    /// Returns what is left, without taking from it.
    pub(super) fn look(&mut self, who: Option<&str>, resource: Resource) -> Bucket {
        *self.bucket(who, resource)
    }

    /// Takes one request, or nothing if nothing is left.
    pub(super) fn take(&mut self, who: Option<&str>, resource: Resource) -> Result<Bucket, Bucket> {
        let bucket = self.bucket(who, resource);
        if bucket.remaining == 0 {
            return Err(*bucket);
        }
        bucket.remaining -= 1;
        Ok(*bucket)
    }

    /// Gives one request back.
    pub(super) fn give_back(&mut self, who: Option<&str>, resource: Resource) -> Bucket {
        let bucket = self.bucket(who, resource);
        bucket.remaining = bucket.limit.min(bucket.remaining + 1);
        *bucket
    }

    fn bucket(&mut self, who: Option<&str>, resource: Resource) -> &mut Bucket {
        let now = SystemTime::now().duration_since(UNIX_EPOCH).expect("it is after 1970").as_secs();
        let limit = self.set.get(&resource).copied().unwrap_or_else(|| resource.usual(who.is_some()));
        let fresh =
            |remaining, wait: Duration| Bucket { limit: limit.limit, remaining, reset: now + wait.as_secs(), resource };
        let key = (who.map(str::to_owned), resource);
        let bucket = self.buckets.entry(key).or_insert_with(|| fresh(limit.remaining, limit.resets_in));
        if bucket.reset <= now {
            *bucket = fresh(limit.limit, resource.usual(who.is_some()).resets_in);
        }
        bucket
    }
}
