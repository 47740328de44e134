//! Rate limits, as an adapter's manifest declares them and the operator changed them: a request asks for a permit before it
//! is sent, and the permit is shown the answer.
//!
//! What lives here is when a request may go. That it is sent, and whether it is sent again, is the business of others. The
//! files, from the outside in:
//!
//! | file | what it decides |
//! |---|---|
//! | `wanted.rs` | what is said of a request, and what people are told of waits |
//! | `rule.rs` | which requests spend from a limit, and how much |
//! | `line.rs` | how one waits, gives up, and tells people |
//! | `ledger.rs` | which budgets there are; a request takes from all of its own or from none |
//! | `budget.rs` | whether a request may go now, and what an answer changes |
//! | `told.rs` | which of the platform's words on what is left holds |
//! | `meter.rs` | how fast what was declared may be spent |
//! | `permit.rs`, `sign.rs`, `reading.rs`, `moment.rs` | what an answer says: whether it was too much, what is left, until when |

mod budget;
mod ledger;
mod line;
mod meter;
mod moment;
mod permit;
mod reading;
mod refusal;
mod rule;
mod sign;
#[cfg(test)]
mod tests;
mod told;
mod wanted;

use std::{collections::BTreeMap, sync::Arc, time::SystemTime};

use tokio::time::Instant;
use usher_adapter_manifest::{Effect, Limit, LimitScope};
use usher_adapter_sdk::{Error, Result};

use crate::config::LimitOverride;
use budget::Refusal;
pub(crate) use ledger::Ledgers;
use ledger::{Key, Ledger, Owner, Seat};
use line::{InLine, News};
pub(crate) use moment::retry_after;
#[cfg(test)]
pub(crate) use permit::TooMuch;
pub(crate) use permit::{Permit, Verdict};
pub(crate) use rule::ALL;
use rule::Rule;
pub use wanted::Waiting;
pub(crate) use wanted::{Priority, Waits, Wanted};

/// The limits of one connection.
#[derive(Clone)]
pub(crate) struct Limits(Arc<Inner>);

struct Inner {
    connection: Arc<str>,
    platform: Arc<str>,
    rules: Vec<Rule>,
    ledger: Arc<Ledger>,
    wall: Arc<dyn WallClock>,
}

/// Whose limits they are.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Place<'a> {
    /// The platform's name, for people.
    pub(crate) platform: &'a str,
    /// The connection's name.
    pub(crate) connection: &'a str,
    /// The host that is spoken with.
    pub(crate) host: &'a str,
}

/// Says what time it is. Waits are measured by tokio's clock; this one is for what platforms write as dates.
pub(crate) trait WallClock: Send + Sync {
    /// Returns what time it is.
    fn now(&self) -> SystemTime;
}

/// The machine's own clock.
pub(crate) struct SystemClock;

impl WallClock for SystemClock {
    fn now(&self) -> SystemTime {
        SystemTime::now()
    }
}

impl Limits {
    /// Returns the limits of a connection.
    ///
    /// A connection that is made anew finds what was spent before, as long as the old one or a permit of it is there.
    pub(crate) fn new(
        place: Place<'_>,
        limits: &[Limit],
        overrides: &BTreeMap<String, LimitOverride>,
        ledgers: &Ledgers,
        wall: Arc<dyn WallClock>,
    ) -> Result<Self> {
        Ok(Self(Arc::new(Inner {
            connection: place.connection.into(),
            platform: place.platform.into(),
            rules: rule::rules(place.platform, limits, overrides)?,
            ledger: ledgers.of(place.host),
            wall,
        })))
    }

    /// Waits until a request may be sent, and returns the right to send it.
    ///
    /// If it is known that this would take until the deadline, the error comes at once. Dropping the future gives the place
    /// in the line back.
    pub(crate) async fn acquire(&self, wanted: &Wanted<'_>, deadline: Instant, waits: &dyn Waits) -> Result<Permit> {
        if Instant::now() >= deadline {
            return Err(refusal::too_late());
        }
        let mut line = InLine::new(&self.0, wanted);
        let mut news = News::new(waits);
        loop {
            let Err(refused) = line.try_enter() else { return Ok(line.permit()) };
            let title = self.0.rules[refused.rule].title.as_str();
            if let Some(until) = refused.refusal.until.filter(|until| *until >= deadline) {
                return Err(self.used_up(title, until));
            }
            let look_again = news.tell(title, &refused.refusal);
            line.turn_or(look_again.unwrap_or(deadline).min(deadline)).await;
            if Instant::now() >= deadline {
                return Err(self.no_place(title, &refused.refusal));
            }
        }
    }

    fn used_up(&self, title: &str, until: Instant) -> Error {
        let wait = until.saturating_duration_since(Instant::now());
        refusal::used_up(title, &refusal::clock(self.0.wall.now() + wait), wait)
    }

    /// Returns the error of a request that waited for others until its deadline.
    fn no_place(&self, title: &str, refusal: &Refusal) -> Error {
        match refusal.until {
            Some(until) => self.used_up(title, until),
            None => refusal::crowded(title),
        }
    }
}

impl Inner {
    /// Returns what a request takes from a limit; none if it does not spend from it.
    fn seat(&self, rule: usize, limit: &Rule, wanted: &Wanted<'_>) -> Option<Seat> {
        let owner = match limit.scope {
            LimitScope::Address => Owner::Address(self.platform.clone()),
            _ => Owner::Connection(self.connection.clone()),
        };
        let key = Key {
            owner,
            limit: limit.name.clone(),
            numbers: limit.numbers,
            in_points: limit.is_in_points(),
            part: limit.part(wanted)?,
        };
        let kind = (wanted.class.map(str::to_owned), wanted.effect != Effect::Read);
        Some(Seat { key, rule, kind, cost: limit.cost(wanted), episode: 0 })
    }
}
