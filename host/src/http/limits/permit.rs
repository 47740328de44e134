//! The right to send one request, and what its answer teaches.

use std::{sync::Arc, time::Duration};

use http::HeaderMap;
use tokio::time::Instant;
use usher_adapter_sdk::{Error, ErrorKind};

use super::{
    Inner,
    budget::Budget,
    ledger::Seat,
    reading::{self, Reading},
    refusal,
    rule::Rule,
    sign::{Answer, Asked},
    wanted::Priority,
};

/// The right to send one request. Dropped without an answer, it gives its place back and keeps what it spent: nobody knows
/// whether the platform has counted it.
#[must_use = "a request under way is counted as long as its permit is held"]
pub(crate) struct Permit {
    pub(super) inner: Arc<Inner>,
    pub(super) seats: Vec<Seat>,
    pub(super) number: u64,
    pub(super) priority: Priority,
}

/// What an answer says of the limits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// Nothing that concerns this request.
    Fine,
    /// It was too much.
    Exceeded(TooMuch),
}

/// A request that was too much.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct TooMuch {
    /// The limit, as in `GitHub's search limit`.
    pub(crate) limit: String,
    /// How long nobody is let through, if that is known.
    pub(crate) wait: Option<Duration>,
    /// Whether the same request is refused however long one waits.
    pub(crate) never: bool,
    until: Option<String>,
}

/// A seat, and what an answer's headers say of its limit.
struct Heard {
    seat: Seat,
    reading: Option<Reading>,
}

impl TooMuch {
    /// Returns the error that says so.
    pub(crate) fn error(&self, status: u16) -> Error {
        if self.never {
            let message = format!("the request is too large for {}", self.limit);
            return Error::new(ErrorKind::RateLimited, message)
                .with_status(status)
                .with_retryable(false)
                .with_hint("Ask for less at once: waiting does not help.");
        }
        let error = match (&self.until, self.wait) {
            (Some(until), Some(wait)) => refusal::used_up(&self.limit, until, wait),
            _ => Error::new(ErrorKind::RateLimited, format!("{} is used up, and nobody says until when", self.limit)),
        };
        error.with_status(status)
    }
}

impl Permit {
    /// Takes note of the answer, all of it: what its headers say is left, and whether it says "too much".
    ///
    /// The body may be empty where it went elsewhere: then only status and headers are judged.
    pub(crate) fn answered(mut self, status: u16, headers: &HeaderMap, body: &[u8]) -> Verdict {
        let now = reading::now(headers, self.inner.wall.now());
        let answer = Answer::new(status, headers, body, now);
        // What is answered is not given back a second time when the permit is dropped.
        let seats = std::mem::take(&mut self.seats);
        let heard: Vec<Heard> = seats.into_iter().map(|seat| self.read(seat, &answer)).collect();
        let sign = self.sign(&answer, &heard);
        self.learn(status, &heard, sign)
    }

    /// Returns what the answer's headers say of a seat's limit, unless they speak of another.
    fn read(&self, seat: Seat, answer: &Answer<'_>) -> Heard {
        let names = &self.rule(&seat).headers;
        let speaks_of_it = !reading::speaks_of_another(names, answer.headers);
        let reading = speaks_of_it.then(|| Reading::new(names, answer.headers, answer.now));
        Heard { seat, reading }
    }

    /// Returns the first limit that says "too much" in this answer, and what it asks for.
    fn sign(&self, answer: &Answer<'_>, heard: &[Heard]) -> Option<(usize, Asked)> {
        heard.iter().enumerate().find_map(|(place, Heard { seat, reading })| {
            let reading = reading.as_ref()?;
            let sign = self.rule(seat).signs.iter().find(|sign| sign.fits(answer))?;
            Some((place, sign.asks(answer, reading)))
        })
    }

    fn learn(&self, status: u16, heard: &[Heard], sign: Option<(usize, Asked)>) -> Verdict {
        let now = Instant::now();
        let mut books = self.inner.ledger.open();
        let next = books.next_number();
        let mut verdict = Verdict::Fine;
        for (place, Heard { seat, reading }) in heard.iter().enumerate() {
            let rule = self.rule(seat);
            let wait = books.change(seat, |budget| {
                // First, so that what is under way is what others have under way.
                budget.release(self.is_bulk(), seat.cost);
                if let Some(reading) = reading {
                    self.apply(budget, seat, reading, next, now);
                    // Of a refusal, how long to wait is the word to the limit that it names.
                    let told = reading.retry_after.filter(|_| rule.obeys_on_success && sign.is_none());
                    told.into_iter().for_each(|wait| budget.hold(wait, now));
                }
                match sign {
                    Some((exceeded, asked)) if exceeded == place => budget.exceeded(asked, seat.episode, now),
                    // A failing server says nothing of limits.
                    None if status < 500 => {
                        budget.fine(seat.episode);
                        None
                    }
                    _ => None,
                }
            });
            if let Some((_, asked)) = sign.filter(|(exceeded, _)| *exceeded == place) {
                verdict = Verdict::Exceeded(self.too_much(rule, asked, wait));
            }
        }
        verdict
    }

    fn apply(&self, budget: &mut Budget, seat: &Seat, reading: &Reading, next: u64, now: Instant) {
        if let Some(cost) = reading.cost {
            budget.correct(&seat.kind, seat.cost, cost, reading.remaining.is_some());
        }
        budget.hear(reading, self.number, seat.cost, next, now);
    }

    fn is_bulk(&self) -> bool {
        self.priority == Priority::Bulk
    }

    fn too_much(&self, rule: &Rule, asked: Asked, wait: Option<Duration>) -> TooMuch {
        let until = wait.map(|wait| refusal::clock(self.inner.wall.now() + wait));
        TooMuch { limit: rule.title.clone(), wait, never: asked == Asked::Never, until }
    }

    fn rule(&self, seat: &Seat) -> &Rule {
        &self.inner.rules[seat.rule]
    }
}

impl Drop for Permit {
    fn drop(&mut self) {
        let mut books = self.inner.ledger.open();
        for seat in &self.seats {
            books.change(seat, |budget| budget.release(self.is_bulk(), seat.cost));
        }
    }
}
