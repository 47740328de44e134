//! A platform that cannot be reached is left alone for a while, and whoever asks meanwhile is told so at once.
//!
//! One breaker per connection: the same host may be down for one account's network or proxy and not for another's.

use std::{
    sync::{Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use tokio::time::Instant;
use usher_adapter_sdk::{Error, ErrorKind};

use crate::http::{Again, Call, Exchange, Failure, Request, Response, Seen};

/// How many failures in a row open it: more than one request with its repetitions (3 by default), so that a single bad
/// endpoint does not, and few enough that a list of a thousand tickets does not knock a thousand times.
const FAILURES: u32 = 5;

/// How long there must be nothing but failures: of many requests at once five may fail in a row while the others come through.
const SILENCE: Duration = Duration::from_secs(1);

/// How long it stays open: time for a restart behind a load balancer, and short enough for a person who tries again.
const PAUSE: Duration = Duration::from_secs(30);

/// Refuses requests while the platform cannot be reached.
pub(crate) struct Breaker<N> {
    state: Mutex<State>,
    next: N,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    /// All pass; the last so many have failed, the first of these at that time.
    Closed { failures: u32, since: Option<Instant> },
    /// None pass before that time.
    Open { until: Instant },
    /// One is under way and will tell.
    Probing,
}

const CLOSED: State = State::Closed { failures: 0, since: None };

/// What an outcome tells of the platform.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Sign {
    Reached,
    Failed,
    /// The request never came as far as that.
    Nothing,
}

/// The one request that may find out; if it is given up, the next one may.
struct Probe<'a, N> {
    breaker: &'a Breaker<N>,
    is_over: bool,
}

impl<N> Drop for Probe<'_, N> {
    fn drop(&mut self) {
        if !self.is_over {
            *self.breaker.state() = State::Open { until: Instant::now() };
        }
    }
}

impl<N> Breaker<N> {
    /// Returns the layer around the next one, closed.
    pub(crate) fn new(next: N) -> Self {
        Self { state: Mutex::new(CLOSED), next }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Lets a request pass, as a probe where the pause is over, or refuses it.
    fn admit(&self, request: &Request) -> Result<Option<Probe<'_, N>>, Failure> {
        let mut state = self.state();
        match *state {
            State::Closed { .. } => Ok(None),
            State::Open { until } if until <= Instant::now() => {
                *state = State::Probing;
                Ok(Some(Probe { breaker: self, is_over: false }))
            }
            State::Open { until } => Err(refused(request, Some(until - Instant::now()))),
            State::Probing => Err(refused(request, None)),
        }
    }

    /// Takes note of an outcome.
    fn learn(&self, sign: Sign, probe: Option<Probe<'_, N>>, request: &Request) {
        let is_probe = probe.is_some();
        let mut state = self.state();
        let next = match (*state, sign) {
            (_, Sign::Reached) if is_probe => CLOSED,
            (_, Sign::Failed) if is_probe => State::Open { until: Instant::now() + PAUSE },
            (_, Sign::Nothing) if is_probe => State::Open { until: Instant::now() },
            (State::Closed { .. }, Sign::Reached) => CLOSED,
            (State::Closed { failures, since: Some(since) }, Sign::Failed)
                if failures + 1 >= FAILURES && since.elapsed() >= SILENCE =>
            {
                State::Open { until: Instant::now() + PAUSE }
            }
            (State::Closed { failures, since }, Sign::Failed) => {
                State::Closed { failures: failures.saturating_add(1), since: since.or_else(|| Some(Instant::now())) }
            }
            // Those that were sent before it opened tell nothing new.
            (state, _) => state,
        };
        let (was_closed, is_closed) = (is_closed(*state), is_closed(next));
        *state = next;
        drop(state);
        if let Some(mut probe) = probe {
            probe.is_over = true;
        }
        if was_closed != is_closed {
            request.trail.breaker_turned(!is_closed);
        }
    }
}

fn is_closed(state: State) -> bool {
    matches!(state, State::Closed { .. })
}

impl<N: Exchange> Exchange for Breaker<N> {
    async fn send(&self, request: Request, call: &Call) -> Result<Response, Failure> {
        let probe = self.admit(&request)?;
        let outcome = self.next.send(request.clone(), call).await;
        self.learn(sign(&outcome), probe, &request);
        outcome
    }
}

/// Says what an outcome tells of the platform: whether it could be reached, not whether it liked the request.
fn sign(outcome: &Result<Response, Failure>) -> Sign {
    match outcome {
        Ok(response) if response.status.is_server_error() => Sign::Failed,
        Ok(_) => Sign::Reached,
        Err(failure) => match failure.error.kind() {
            ErrorKind::Network | ErrorKind::Timeout => Sign::Failed,
            // It has answered, with more than was wanted.
            ErrorKind::Platform => Sign::Reached,
            _ => Sign::Nothing,
        },
    }
}

fn refused(request: &Request, left: Option<Duration>) -> Failure {
    let host = request.url.host_str().unwrap_or_default();
    let message = format!("{host} could not be reached {FAILURES} times in a row and is not asked for now");
    let error = Error::new(ErrorKind::Network, message).with_retryable(true);
    let error = match left {
        None => error.with_hint("It is being tried at this moment: try again."),
        Some(left) => {
            // Rounded up: a little earlier would be too early.
            let seconds = left.as_secs() + 1;
            error.with_retry_after(left).with_hint(format!("It is tried again in {seconds} s."))
        }
    };
    // Not by the retry layer: the pause is longer than anything it would wait for.
    Failure { error, seen: Seen::No, again: Again::Never }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::http::testing::{FakeNetwork, answer, call, get};

    const URL: &str = "https://tickets.example/issues/3";

    fn down() -> Result<Response, Failure> {
        Err(Failure::unsent(Error::new(ErrorKind::Network, "cannot be reached")))
    }

    fn up() -> Result<Response, Failure> {
        Ok(answer(200, &[], "up"))
    }

    /// Sends so many requests, four in a second, and returns whether each came to the network.
    async fn send(breaker: &Breaker<FakeNetwork>, network: &FakeNetwork, times: usize) -> Vec<bool> {
        let mut passed = Vec::new();
        for _ in 0..times {
            tokio::time::advance(SILENCE / 4).await;
            let before = network.requests().len();
            // The outcome is the network's, which the test has made.
            let _ = breaker.send(get(URL), &call()).await;
            passed.push(network.requests().len() > before);
        }
        passed
    }

    #[tokio::test(start_paused = true)]
    async fn it_opens_after_failures_in_a_row_and_says_when_it_tries_again() {
        let network = FakeNetwork::new([down()]);
        let breaker = Breaker::new(network.clone());
        assert_eq!(send(&breaker, &network, 7).await, [true, true, true, true, true, false, false]);
        tokio::time::advance(Duration::from_secs(10) - SILENCE / 2).await;
        let failure = breaker.send(get(URL), &call()).await.unwrap_err();
        assert_eq!(
            failure.error.message(),
            "tickets.example could not be reached 5 times in a row and is not asked for now"
        );
        assert_eq!(failure.error.kind(), ErrorKind::Network);
        assert_eq!(failure.error.hint(), Some("It is tried again in 21 s."));
        assert_eq!(failure.error.retry_after(), Some(Duration::from_secs(20)));
        assert_eq!((failure.seen, failure.again), (Seen::No, Again::Never));
    }

    #[tokio::test(start_paused = true)]
    async fn one_that_passes_after_the_pause_closes_it_and_one_that_fails_does_not() {
        let network = FakeNetwork::new([down(), down(), down(), down(), down(), down(), up()]);
        let breaker = Breaker::new(network.clone());
        send(&breaker, &network, 5).await;
        tokio::time::advance(PAUSE).await;
        assert_eq!(send(&breaker, &network, 2).await, [true, false], "the probe fails");
        tokio::time::advance(PAUSE).await;
        assert_eq!(send(&breaker, &network, 3).await, [true, true, true], "the probe passes");
    }

    #[tokio::test(start_paused = true)]
    async fn what_the_platform_answers_is_no_failure_to_reach_it() {
        let refusal = || Err(Failure::refused(Error::new(ErrorKind::CredentialMissing, "no token")));
        for outcome in [Ok(answer(404, &[], "")), Ok(answer(429, &[], "")), refusal()] {
            let network = FakeNetwork::new([outcome]);
            let breaker = Breaker::new(network.clone());
            assert!(send(&breaker, &network, 20).await.into_iter().all(|passed| passed));
        }
        let late = || Err(Failure::ambiguous(Error::new(ErrorKind::Timeout, "late")));
        for outcome in [Ok(answer(500, &[], "")), Ok(answer(503, &[("retry-after", "1")], "")), late()] {
            let network = FakeNetwork::new([outcome]);
            let breaker = Breaker::new(network.clone());
            assert_eq!(send(&breaker, &network, 6).await.last(), Some(&false));
        }
    }

    #[tokio::test(start_paused = true)]
    async fn a_success_in_between_begins_the_count_anew() {
        let network = FakeNetwork::new([down(), down(), down(), down(), up(), down(), down(), down(), down(), up()]);
        let breaker = Breaker::new(network.clone());
        assert!(send(&breaker, &network, 12).await.into_iter().all(|passed| passed));
    }

    #[tokio::test(start_paused = true)]
    async fn many_that_fail_at_once_do_not_open_it() {
        let network = FakeNetwork::new([down()]);
        let breaker = Breaker::new(network.clone());
        for _ in 0..20 {
            let _ = breaker.send(get(URL), &call()).await;
        }
        assert_eq!(network.requests().len(), 20);
    }

    #[tokio::test(start_paused = true)]
    async fn a_probe_that_is_given_up_leaves_room_for_the_next() {
        struct Never;
        impl Exchange for Never {
            async fn send(&self, _: Request, _: &Call) -> Result<Response, Failure> {
                std::future::pending().await
            }
        }
        let breaker = Breaker { state: Mutex::new(State::Open { until: Instant::now() }), next: Never };
        for _ in 0..2 {
            let given_up = tokio::time::timeout(Duration::from_secs(1), breaker.send(get(URL), &call())).await;
            assert!(given_up.is_err(), "it was let through");
        }
        let call = call();
        let under_way = breaker.send(get(URL), &call);
        let mut under_way = std::pin::pin!(under_way);
        assert!(futures_util::poll!(under_way.as_mut()).is_pending());
        let failure = breaker.send(get(URL), &call).await.unwrap_err();
        assert_eq!(failure.error.hint(), Some("It is being tried at this moment: try again."));
    }
}
