//! What failed for the moment is tried again, if that can do no harm.

use std::time::Duration;

use backon::{BackoffBuilder, ExponentialBuilder};
use http::StatusCode;
use tokio::time::Instant;
use usher_adapter_sdk::{Error, ErrorKind};

use crate::{
    config,
    http::{Again, Call, Exchange, Failure, Request, Response, Seen},
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
            let left = left(call);
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

/// Returns how much time the call has.
fn left(call: &Call) -> Duration {
    call.deadline.instant().saturating_duration_since(Instant::now().into_std())
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
            // Too many requests, or too many for now: it was refused unread.
            let is_unseen = match response.status {
                StatusCode::TOO_MANY_REQUESTS => true,
                status => status == StatusCode::SERVICE_UNAVAILABLE && !response.may_have_written(),
            };
            match response.retry_after() {
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
        Ok(response) if request.writes() && response.may_have_written() => {
            let status = response.status;
            let host = response.url.host_str().unwrap_or_default();
            let error = Error::new(ErrorKind::Platform, format!("{host} answered {status}"));
            Err(Failure::ambiguous(error.with_status(status.as_u16())))
        }
        outcome => outcome,
    }
}

#[cfg(test)]
mod tests {
    use std::{
        collections::BTreeSet,
        sync::{Arc, Mutex},
    };

    use proptest::prelude::*;

    use super::*;
    use crate::{
        http::testing::{FakeNetwork, answer, call, get, post},
        transport::Deadline,
    };

    fn quick() -> config::Retry {
        config::Retry { max_attempts: 4, ..config::Retry::default() }
    }

    fn unsent() -> Result<Response, Failure> {
        Err(Failure::unsent(Error::new(ErrorKind::Network, "no connection")))
    }

    fn ambiguous() -> Result<Response, Failure> {
        Err(Failure::ambiguous(Error::new(ErrorKind::Network, "the connection broke")))
    }

    /// Sends a request through the layer, and returns what came of it and how often the network was asked.
    async fn sent(
        request: Request,
        answers: impl IntoIterator<Item = Result<Response, Failure>>,
    ) -> (Result<Response, Failure>, usize) {
        let network = FakeNetwork::new(answers);
        let outcome = Retry::new(quick(), network.clone()).send(request, &call()).await;
        (outcome, network.requests().len())
    }

    #[tokio::test(start_paused = true)]
    async fn a_read_is_tried_again_until_it_is_answered_or_the_attempts_are_used_up() {
        let url = "https://tickets.example/1";
        for failing in [ambiguous(), unsent(), Ok(answer(503, &[], "")), Ok(answer(429, &[("retry-after", "2")], ""))] {
            let (outcome, asked) = sent(get(url), [failing.clone(), failing.clone(), Ok(answer(200, &[], "ok"))]).await;
            assert_eq!((outcome.unwrap().status.as_u16(), asked), (200, 3));
            let (_, asked) = sent(get(url), [failing]).await;
            assert_eq!(asked, 4);
        }
        let (outcome, asked) = sent(get(url), [Ok(answer(404, &[], ""))]).await;
        assert_eq!((outcome.unwrap().status.as_u16(), asked), (404, 1));
    }

    /// What may come back of a write, how often it is sent then, and whether nobody knows what became of it.
    #[tokio::test(start_paused = true)]
    async fn a_write_is_tried_again_only_if_the_platform_cannot_have_seen_it() {
        let cases: &[(Result<Response, Failure>, usize, bool)] = &[
            (unsent(), 4, false),
            (Ok(answer(429, &[], "")), 4, false),
            (Ok(answer(503, &[("retry-after", "1")], "")), 4, false),
            (Ok(answer(503, &[], "")), 1, true),
            (Ok(answer(503, &[("retry-after", "soon")], "")), 1, true),
            (Ok(answer(500, &[], "")), 1, true),
            (Ok(answer(502, &[("retry-after", "1")], "")), 1, true),
            (Ok(answer(408, &[], "")), 1, true),
            (Ok(answer(501, &[], "")), 1, false),
            (Ok(answer(422, &[], "")), 1, false),
            (ambiguous(), 1, true),
        ];
        for (failing, times, is_unknown) in cases {
            let (outcome, asked) = sent(post("https://tickets.example/", "{}"), [failing.clone()]).await;
            let unknown =
                outcome.err().map(|failure| failure.into_error(true).kind()) == Some(ErrorKind::OutcomeUnknown);
            assert_eq!((asked, unknown), (*times, *is_unknown), "{failing:?}");
        }
    }

    #[tokio::test(start_paused = true)]
    async fn a_wait_that_would_end_after_the_deadline_is_not_begun() {
        let network = FakeNetwork::new([Ok(answer(429, &[("retry-after", "3600")], ""))]);
        let start = Instant::now();
        let outcome = Retry::new(quick(), network).send(get("https://tickets.example/"), &call()).await;
        assert_eq!(outcome.unwrap().status, StatusCode::TOO_MANY_REQUESTS);
        assert_eq!(start.elapsed(), Duration::ZERO);
    }

    /// Fails at random, takes its time for it, and writes down when it was asked.
    #[derive(Clone)]
    struct Unsteady {
        outcomes: Vec<(u8, u64)>,
        asked: Arc<Mutex<Vec<Instant>>>,
    }

    impl Exchange for Unsteady {
        async fn send(&self, _: Request, _: &Call) -> Result<Response, Failure> {
            let turn = {
                let mut asked = self.asked.lock().unwrap();
                asked.push(Instant::now());
                asked.len() - 1
            };
            let (outcome, millis) = self.outcomes[turn % self.outcomes.len()];
            tokio::time::sleep(Duration::from_millis(millis)).await;
            match outcome {
                0 => unsent(),
                1 => ambiguous(),
                2 => Ok(answer(503, &[], "")),
                3 => Ok(answer(503, &[("retry-after", "1")], "")),
                4 => Ok(answer(429, &[("retry-after", "0")], "")),
                5 => Ok(answer(500, &[], "")),
                _ => Ok(answer(200, &[], "")),
            }
        }
    }

    /// Outcomes of `Unsteady` after which a write may have happened.
    fn may_have_happened(outcome: u8) -> bool {
        matches!(outcome, 1 | 2 | 5..)
    }

    proptest! {
        #[test]
        fn attempts_stay_within_their_number_and_the_deadline_and_a_write_that_may_have_been_seen_is_never_repeated(
            outcomes in prop::collection::vec((0_u8..7, 0_u64..400), 1..8),
            max_attempts in 1_u32..8,
            initial in 1_u64..2_000,
            multiplier in 1.0_f64..4.0,
            deadline in 1_u64..20_000,
            writes: bool,
        ) {
            let policy = config::Retry {
                max_attempts,
                initial_delay: Duration::from_millis(initial),
                multiplier,
                max_delay: Duration::from_secs(5),
                ..config::Retry::default()
            };
            let runtime = tokio::runtime::Builder::new_current_thread().enable_time().start_paused(true).build().unwrap();
            let network = Unsteady { outcomes: outcomes.clone(), asked: Arc::default() };
            let asked = runtime.block_on(async {
                let until = Deadline::after(Duration::from_millis(deadline));
                let request = if writes { post("https://tickets.example/", "") } else { get("https://tickets.example/") };
                let call = Call { deadline: until, ..call() };
                let _ = Retry::new(policy.clone(), network.clone()).send(request, &call).await;
                let asked = network.asked.lock().unwrap().clone();
                for late in asked.iter().skip(1) {
                    prop_assert!(late.into_std() < until.instant(), "an attempt began after the deadline");
                }
                Ok(asked)
            })?;
            prop_assert!(asked.len() <= max_attempts as usize);
            let before_last = asked.len() - 1;
            let tried: Vec<u8> = (0..before_last).map(|turn| outcomes[turn % outcomes.len()].0).collect();
            prop_assert!(!writes || !tried.iter().any(|outcome| may_have_happened(*outcome)), "{tried:?}");
            for (turn, pair) in asked.windows(2).enumerate() {
                let (outcome, took) = outcomes[turn % outcomes.len()];
                let pause = pair[1] - pair[0] - Duration::from_millis(took);
                let most = match outcome {
                    3 => Duration::from_secs(1),
                    // `Retry-After: 0` is a breath all the same.
                    4 => Duration::from_millis(100),
                    _ => Duration::from_secs_f64((initial as f64 / 1e3 * multiplier.powi(turn as i32)).min(5.0)),
                };
                // The clock of a paused runtime counts whole milliseconds, and rounds up.
                prop_assert!(pause <= most.max(Duration::from_millis(initial)) + Duration::from_millis(2), "{pause:?} > {most:?}");
            }
        }
    }

    #[tokio::test(start_paused = true)]
    async fn pauses_are_random_over_their_whole_length() {
        let mut pauses = BTreeSet::new();
        for _ in 0..50 {
            let network = FakeNetwork::new([unsent(), Ok(answer(200, &[], ""))]);
            let start = Instant::now();
            Retry::new(quick(), network).send(get("https://tickets.example/"), &call()).await.unwrap();
            pauses.insert(start.elapsed().as_millis() / 100);
        }
        // Of 0 to 500 ms, in steps of 100: fifty draws hit one half only once in a thousand billion runs.
        assert!(pauses.iter().any(|pause| *pause < 2) && pauses.iter().any(|pause| *pause >= 3), "{pauses:?}");
    }
}
