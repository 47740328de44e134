//! Budgets: how much is allowed in a window, and what of it is left for whom.

use std::{
    collections::HashMap,
    hash::Hash,
    time::{Duration, SystemTime, UNIX_EPOCH},
};

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

/// All budgets; `R` names what is counted by itself.
#[derive(Debug)]
pub(in crate::servers) struct Budgets<R> {
    /// What is allowed when a test says nothing else.
    usual: fn(R) -> Limit,
    set: HashMap<R, Limit>,
    buckets: HashMap<(String, R), Bucket>,
}

/// What is left for one of them.
#[derive(Clone, Copy, Debug)]
pub(in crate::servers) struct Bucket {
    pub(in crate::servers) limit: u64,
    pub(in crate::servers) remaining: u64,
    /// Milliseconds since 1970.
    pub(in crate::servers) reset: u64,
}

impl<R: Copy + Eq + Hash> Budgets<R> {
    pub(in crate::servers) fn new(usual: fn(R) -> Limit) -> Self {
        Self { usual, set: HashMap::new(), buckets: HashMap::new() }
    }

    /// Sets a limit for everybody, from now on.
    pub(in crate::servers) fn set(&mut self, resource: R, limit: Limit) {
        self.set.insert(resource, limit);
        self.buckets.retain(|(_, known), _| *known != resource);
    }

    /// Takes what a request costs from what is left; says whether there was enough.
    pub(in crate::servers) fn take(&mut self, who: &str, resource: R, amount: u64) -> bool {
        let bucket = self.bucket(who, resource);
        let left = bucket.remaining.checked_sub(amount);
        bucket.remaining = left.unwrap_or(bucket.remaining);
        left.is_some()
    }

    /// Returns what is left.
    pub(in crate::servers) fn left(&mut self, who: &str, resource: R) -> Bucket {
        *self.bucket(who, resource)
    }

    fn bucket(&mut self, who: &str, resource: R) -> &mut Bucket {
        let now = since_1970();
        let usual = (self.usual)(resource);
        let limit = self.set.get(&resource).copied().unwrap_or(usual);
        let fresh = |remaining, wait| Bucket { limit: limit.limit, remaining, reset: milliseconds(now + wait) };
        let key = (who.to_owned(), resource);
        let bucket = self.buckets.entry(key).or_insert_with(|| fresh(limit.remaining, limit.resets_in));
        if bucket.reset <= milliseconds(now) {
            *bucket = fresh(limit.limit, usual.resets_in);
        }
        bucket
    }
}

impl Bucket {
    /// Returns in how many seconds the next window begins, rounded up.
    pub(in crate::servers) fn seconds(&self) -> u64 {
        self.reset.saturating_sub(milliseconds(since_1970())).div_ceil(1000)
    }
}

fn since_1970() -> Duration {
    SystemTime::now().duration_since(UNIX_EPOCH).expect("it is after 1970")
}

fn milliseconds(time: Duration) -> u64 {
    u64::try_from(time.as_millis()).expect("this is not the far future")
}
