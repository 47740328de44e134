//! How a drop-in has behaved: when its next process may start, and whether one may start at all.

use std::{
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};

use usher_adapter_sdk::{Error, ErrorKind, Result};

use crate::{
    registry::{Ledger, Standing},
    transport::{Logger, Supervision},
};

/// The behaviour of one connection's workers; what counts against a file is kept in the ledger.
pub(super) struct Health {
    adapter: String,
    connection: String,
    sha256: String,
    pub(super) supervision: Supervision,
    pub(super) ledger: Arc<Ledger>,
    logger: Arc<dyn Logger>,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    /// Failures since the last answer.
    failures: u32,
    not_before: Option<Instant>,
}

impl Health {
    pub(super) fn new(
        (adapter, connection, sha256): (&str, &str, &str),
        supervision: Supervision,
        ledger: Arc<Ledger>,
        logger: Arc<dyn Logger>,
    ) -> Arc<Self> {
        Arc::new(Self {
            adapter: adapter.to_owned(),
            connection: connection.to_owned(),
            sha256: sha256.to_owned(),
            supervision,
            ledger,
            logger,
            state: Mutex::default(),
        })
    }

    pub(super) fn grace(&self) -> Duration {
        self.supervision.grace
    }

    /// Returns when a process may start, or why none may.
    pub(super) fn may_start(&self) -> Result<Option<Instant>> {
        match self.ledger.standing(&self.sha256) {
            Standing::Quarantined { reason, .. } => Err(self.quarantined(&reason)),
            _ => Ok(self.state().not_before),
        }
    }

    /// Remembers that an answer came.
    pub(super) fn succeeded(&self) {
        let mut state = self.state();
        (state.failures, state.not_before) = (0, None);
    }

    /// Remembers a failure, in words that follow the adapter's name.
    pub(super) fn failed(&self, what: &str) {
        let delay = {
            let mut state = self.state();
            let delay = delay(&self.supervision, state.failures);
            state.failures = state.failures.saturating_add(1);
            state.not_before = Instant::now().checked_add(delay);
            delay
        };
        self.warn(&format!("the adapter `{}` {what}; its next process waits {} ms", self.adapter, delay.as_millis()));
        if let Some(reason) = self.ledger.failed(&self.sha256, what) {
            self.warn(&format!("the adapter `{}` is quarantined: {reason}", self.adapter));
        }
    }

    /// Says something to whoever runs the host.
    pub(super) fn warn(&self, what: &str) {
        self.logger.line(3, &self.connection, what);
    }

    fn quarantined(&self, reason: &str) -> Error {
        Error::new(ErrorKind::AdapterRefused, format!("the adapter `{}` is quarantined: {reason}", self.adapter))
            .with_hint(format!(
                "A new file is tried again; so is this one after `usher adapter unquarantine {}`.",
                self.adapter
            ))
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Returns how long a start waits after so many failures in a row; the jitter keeps many from starting at once.
fn delay(supervision: &Supervision, failures_before: u32) -> Duration {
    let doubled = supervision.first_delay.saturating_mul(1_u32.checked_shl(failures_before).unwrap_or(u32::MAX));
    doubled.min(supervision.longest_delay).mul_f64(0.5 + 0.5 * fastrand::f64())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn delays_double_up_to_a_minute_and_are_never_less_than_half_of_that() {
        let supervision = Supervision::default();
        for (failures, seconds) in [(0, 0.5), (1, 1.0), (2, 2.0), (6, 32.0), (7, 60.0), (31, 60.0), (40, 60.0)] {
            for _ in 0..50 {
                let delay = delay(&supervision, failures).as_secs_f64();
                assert!((seconds / 2.0..=seconds).contains(&delay), "{failures}: {delay}");
            }
        }
    }
}
