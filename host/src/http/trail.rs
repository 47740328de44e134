//! What happened to a request on its way: each layer leaves its mark, and the outermost one reads them.
//!
//! It travels with the request and not with the answer, because a request without an answer has a story too.

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicU8, AtomicU32, AtomicU64, Ordering::Relaxed},
    },
    time::Duration,
};

/// The marks of one request; clones are the same trail.
#[derive(Debug, Clone, Default)]
pub(crate) struct Trail(Arc<Marks>);

#[derive(Debug, Default)]
struct Marks {
    attempts: AtomicU32,
    paused: AtomicU64,
    held_back: AtomicU64,
    asked_with_validator: AtomicBool,
    received: AtomicU64,
    breaker: AtomicU8,
}

/// What the breaker did over this request.
const TURNED_OPEN: u8 = 1;
const TURNED_CLOSED: u8 = 2;

impl Trail {
    /// Notes that the request is about to be sent once more.
    pub(crate) fn attempt(&self) {
        self.0.attempts.fetch_add(1, Relaxed);
    }

    /// Notes a pause between two attempts.
    pub(crate) fn paused(&self, pause: Duration) {
        add(&self.0.paused, pause);
    }

    /// Notes a wait for a rate limit.
    pub(crate) fn held_back(&self, wait: Duration) {
        add(&self.0.held_back, wait);
    }

    /// Notes that an answer is stored, and that the platform is asked whether it still holds.
    pub(crate) fn asked_with_validator(&self) {
        self.0.asked_with_validator.store(true, Relaxed);
    }

    /// Notes bytes of an answer's body.
    pub(crate) fn received(&self, bytes: u64) {
        self.0.received.fetch_add(bytes, Relaxed);
    }

    /// Notes that the platform begins or ceases to be left alone.
    pub(crate) fn breaker_turned(&self, is_open: bool) {
        self.0.breaker.store(if is_open { TURNED_OPEN } else { TURNED_CLOSED }, Relaxed);
    }

    /// Returns how often it was sent.
    pub(crate) fn attempts(&self) -> u32 {
        self.0.attempts.load(Relaxed)
    }

    /// Returns how long it waited between attempts.
    pub(crate) fn pauses(&self) -> Duration {
        Duration::from_nanos(self.0.paused.load(Relaxed))
    }

    /// Returns how long it waited for rate limits.
    pub(crate) fn waits(&self) -> Duration {
        Duration::from_nanos(self.0.held_back.load(Relaxed))
    }

    /// Returns how many bytes of bodies came.
    pub(crate) fn received_bytes(&self) -> u64 {
        self.0.received.load(Relaxed)
    }

    /// Says whether the breaker opened or closed over it, if it did.
    pub(crate) fn breaker(&self) -> Option<bool> {
        match self.0.breaker.load(Relaxed) {
            TURNED_OPEN => Some(true),
            TURNED_CLOSED => Some(false),
            _ => None,
        }
    }

    /// Says whether an answer was stored.
    pub(crate) fn had_validator(&self) -> bool {
        self.0.asked_with_validator.load(Relaxed)
    }
}

fn add(total: &AtomicU64, duration: Duration) {
    total.fetch_add(u64::try_from(duration.as_nanos()).unwrap_or(u64::MAX), Relaxed);
}
