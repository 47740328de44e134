//! Waiting for one's turn: how one enters a line, sleeps, gives the place back, and tells people.

use std::{sync::Arc, time::Duration};

use tokio::{
    sync::Notify,
    time::{Instant, sleep_until},
};

use super::{
    Inner,
    budget::{Order, Refusal},
    ledger::{Refused, Seat},
    permit::Permit,
    wanted::{Waiting, Waits, Wanted},
};

/// Waits that are shorter are nobody's business.
const WORTH_TELLING: Duration = Duration::from_secs(1);

/// A request that waits for its turn; dropped, it waits no longer.
pub(super) struct InLine {
    inner: Arc<Inner>,
    seats: Vec<Seat>,
    order: Order,
    turn: Arc<Notify>,
}

impl InLine {
    pub(super) fn new(inner: &Arc<Inner>, wanted: &Wanted<'_>) -> Self {
        let number = inner.ledger.open().number();
        let seats = inner.rules.iter().enumerate().filter_map(|(place, rule)| inner.seat(place, rule, wanted));
        Self { inner: inner.clone(), seats: seats.collect(), order: (wanted.priority, number), turn: Arc::default() }
    }

    /// Goes in, or says which limit does not let it.
    pub(super) fn try_enter(&mut self) -> Result<(), Refused> {
        self.inner.ledger.open().admit(&mut self.seats, self.order, &self.turn)
    }

    /// Waits until something has changed for this request, that moment at the latest.
    pub(super) async fn turn_or(&self, moment: Instant) {
        tokio::select! {
            biased;
            () = self.turn.notified() => {}
            () = sleep_until(moment) => {}
        }
    }

    /// Returns the right to send, after it went in.
    pub(super) fn permit(mut self) -> Permit {
        let (priority, number) = self.order;
        Permit { inner: self.inner.clone(), seats: std::mem::take(&mut self.seats), number, priority }
    }
}

impl Drop for InLine {
    fn drop(&mut self) {
        if !self.seats.is_empty() {
            self.inner.ledger.open().leave(&self.seats, self.order);
        }
    }
}

/// What people were told of a wait.
pub(super) struct News<'a> {
    waits: &'a dyn Waits,
    since: Instant,
    told_until: Option<Instant>,
    told_of_others: bool,
}

impl<'a> News<'a> {
    pub(super) fn new(waits: &'a dyn Waits) -> Self {
        Self { waits, since: Instant::now(), told_until: None, told_of_others: false }
    }

    /// Tells people if there is something to tell, and returns when to look again, if that is known.
    pub(super) fn tell(&mut self, limit: &str, refusal: &Refusal) -> Option<Instant> {
        let now = Instant::now();
        let Some(until) = refusal.until else { return self.tell_of_others(limit, now) };
        let is_long = until > now + WORTH_TELLING;
        if is_long && self.told_until.is_none_or(|told| until > told + WORTH_TELLING) {
            self.told_until = Some(until);
            self.waits.waiting(&Waiting { limit, wait: Some(until - now) });
        }
        Some(until)
    }

    /// Tells, once it has taken a moment, that others have to end first: nobody knows when.
    fn tell_of_others(&mut self, limit: &str, now: Instant) -> Option<Instant> {
        let worth_it = self.since + WORTH_TELLING;
        if self.told_of_others {
            return None;
        }
        if now < worth_it {
            return Some(worth_it);
        }
        self.told_of_others = true;
        self.waits.waiting(&Waiting { limit, wait: None });
        None
    }
}
