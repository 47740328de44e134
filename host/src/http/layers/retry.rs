//! What failed for the moment is tried again, if that can do no harm.

use std::time::{Duration, Instant, SystemTime};

use backon::{BackoffBuilder, ExponentialBuilder};
use http::{StatusCode, header::RETRY_AFTER};
use usher_adapter_sdk::{Error, ErrorKind};

use crate::{
    config,
    http::{Again, Call, Exchange, Failure, Request, Response, Seen, retry_after},
};

/// Tries again: reads, and writes that the platform cannot have seen.
pub(crate) struct Retry<N> {
    policy: config::Retry,
    next: N,
}

impl<N> Retry<N> {
    /// Returns the layer around the next one.
    pub(crate) fn new(policy: config::Retry, next: N) -> Self {
        Self { policy, next }
    }
}

impl<N: Exchange> Exchange for Retry<N> {
    async fn send(&self, request: Request, call: &Call) -> Result<Response, Failure> {
        let mut pauses = pauses(&self.policy);
        loop {
            request.trail.attempt();
            let outcome = self.next.send(request.clone(), call).await;
            let again = match judge(&self.policy, &request, &outcome) {
                Again::Never => return settled(&request, outcome),
                // A file that has been read cannot be sent once more.
                _ if !request.body.is_repeatable() => return settled(&request, outcome),
                again => again,
            };
            // Attempts are counted by the pauses between them, whoever says how long one is.
            let Some(pause) = pauses.next() else { return settled(&request, outcome) };
            let pause = match again {
                // The whole of each pause is random: many that failed at once do not come back at once.
                Again::AfterPause | Again::Never => pause.mul_f64(fastrand::f64()),
                Again::After(wait) => wait,
            };
            let left = call.deadline.instant().saturating_duration_since(Instant::now());
            if pause >= left {
                return settled(&request, outcome);
            }
            tell(&request, &outcome, pause);
            request.trail.paused(pause);
            tokio::time::sleep(pause).await;
        }
    }
}

/// Says that an attempt has failed and what is done about it.
fn tell(request: &Request, outcome: &Result<Response, Failure>, pause: Duration) {
    let (status, error) = match outcome {
        Ok(response) => (Some(response.status.as_u16()), None),
        Err(failure) => (failure.error.status(), Some(failure.error.kind().name())),
    };
    let pause_ms = pause.as_secs_f64() * 1000.0;
    // With its fields for programs and as a sentence for people.
    tracing::debug!(
        attempt = request.trail.attempts(),
        status,
        error,
        pause_ms,
        "attempt {}: {}; again in {pause_ms:.0} ms",
        request.trail.attempts(),
        error.map_or_else(|| status.unwrap_or_default().to_string(), str::to_owned),
    );
}

/// Returns the pauses between the attempts, the longest that each may be.
fn pauses(policy: &config::Retry) -> impl Iterator<Item = Duration> {
    ExponentialBuilder::default()
        .with_min_delay(policy.initial_delay)
        .with_factor(policy.multiplier as f32)
        .with_max_delay(policy.max_delay)
        .with_max_times(usize::try_from(policy.max_attempts).unwrap_or(usize::MAX).saturating_sub(1))
        .build()
}

/// Says whether an outcome is worth another attempt.
fn judge(policy: &config::Retry, request: &Request, outcome: &Result<Response, Failure>) -> Again {
    match outcome {
        Err(failure) if request.writes() && failure.seen == Seen::Maybe => Again::Never,
        Err(failure) => failure.again,
        Ok(response) if !policy.retryable_statuses.contains(&response.status.as_u16()) => Again::Never,
        Ok(response) => {
            let wait = response.headers.get(RETRY_AFTER).and_then(|value| retry_after(value, SystemTime::now()));
            let is_unseen = response.status == StatusCode::TOO_MANY_REQUESTS
                || (response.status == StatusCode::SERVICE_UNAVAILABLE && wait.is_some());
            match wait {
                _ if request.writes() && !is_unseen => Again::Never,
                Some(wait) => Again::After(wait),
                None => Again::AfterPause,
            }
        }
    }
}

/// Returns what becomes of an outcome that stays: a server that fails while it writes may have written.
fn settled(request: &Request, outcome: Result<Response, Failure>) -> Result<Response, Failure> {
    match outcome {
        Ok(response) if request.writes() && may_have_written(&response) => {
            let status = response.status;
            let host = response.url.host_str().unwrap_or_default();
            let error = Error::new(ErrorKind::Platform, format!("{host} answered {status}"));
            Err(Failure::ambiguous(error.with_status(status.as_u16())))
        }
        outcome => outcome,
    }
}

/// Statuses with which a server, or one in front of it, gives up on what it may have begun.
fn may_have_written(response: &Response) -> bool {
    let unread = response.status == StatusCode::SERVICE_UNAVAILABLE && response.headers.contains_key(RETRY_AFTER);
    match response.status {
        StatusCode::NOT_IMPLEMENTED | StatusCode::HTTP_VERSION_NOT_SUPPORTED => false,
        StatusCode::REQUEST_TIMEOUT => true,
        status => status.is_server_error() && !unread,
    }
}
