//! What the requests of one call came to: it belongs to the answer that is made of them.

use std::{
    sync::{
        Arc,
        atomic::{AtomicU32, AtomicU64, Ordering::Relaxed},
    },
    time::Duration,
};

use serde::Serialize;

use super::Trail;

/// What the requests of one call came to, while it is being done; clones are the same.
#[derive(Debug, Clone, Default)]
pub(crate) struct Tally(Arc<Counts>);

#[derive(Debug, Default)]
struct Counts {
    requests: AtomicU32,
    attempts: AtomicU32,
    cache_hits: AtomicU32,
    waited_nanos: AtomicU64,
}

/// What an answer took of HTTP.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Asked {
    /// How many requests the adapter made.
    pub requests: u32,
    /// How often they were sent, repetitions and hops of redirects included.
    pub attempts: u32,
    /// How many of them were answered from what was kept, because the platform said that it still holds.
    pub cache_hits: u32,
    /// How long they waited for rate limits and between attempts, in milliseconds; side by side, each counts.
    pub waited_ms: u64,
}

impl Tally {
    /// Adds a request that has ended.
    pub(crate) fn add(&self, trail: &Trail, is_from_cache: bool) {
        let Counts { requests, attempts, cache_hits, waited_nanos } = &*self.0;
        requests.fetch_add(1, Relaxed);
        attempts.fetch_add(trail.attempts(), Relaxed);
        cache_hits.fetch_add(u32::from(is_from_cache), Relaxed);
        let waited = trail.pauses() + trail.waits();
        waited_nanos.fetch_add(u64::try_from(waited.as_nanos()).unwrap_or(u64::MAX), Relaxed);
    }

    /// Returns what there was; nothing if nothing was asked.
    pub(crate) fn asked(&self) -> Option<Asked> {
        let Counts { requests, attempts, cache_hits, waited_nanos } = &*self.0;
        let waited = Duration::from_nanos(waited_nanos.load(Relaxed));
        let asked = Asked {
            requests: requests.load(Relaxed),
            attempts: attempts.load(Relaxed),
            cache_hits: cache_hits.load(Relaxed),
            waited_ms: u64::try_from(waited.as_millis()).unwrap_or(u64::MAX),
        };
        Some(asked).filter(|asked| asked.requests > 0)
    }
}
