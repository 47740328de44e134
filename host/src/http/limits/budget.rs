//! The state of one budget: what was spent, what the platform said, what is under way. It decides whether a request may go
//! now, and what an answer changes. Whoever waits for it is in its line; waiting itself is elsewhere (`mod.rs`).

use std::{collections::BTreeMap, sync::Arc, time::Duration};

use tokio::{sync::Notify, time::Instant};

use super::{
    meter::Meter,
    moment,
    reading::Reading,
    rule::{Cost, Numbers},
    sign::Asked,
    told::Told,
    wanted::Priority,
};

/// How much of a budget bulk work leaves to those who look at a screen, in percent. A fifth is enough for a person, and
/// costs a long run a fifth of its speed at the most.
const RESERVE: u64 = 20;
/// How long bulk work pauses when the platform says that little is left, and not until when.
const NEAR_PAUSE: Duration = Duration::from_secs(10);
/// The longest wait that doubling makes: an hour is the window of most platforms.
const LONGEST_DOUBLED: Duration = Duration::from_secs(3_600);
/// As far as an instant can be known to reach.
const FAR: Duration = Duration::from_secs(10 * 365 * 24 * 3_600);

/// The place of a request in the order in which requests go: the priority, then the time at which it came.
pub(super) type Order = (Priority, u64);

/// One budget.
pub(super) struct Budget {
    numbers: Numbers,
    in_points: bool,
    requests: Option<Meter>,
    points: Option<Meter>,
    under_way: UnderWay,
    told: Option<Told>,
    /// Nobody is let through before.
    hold: Option<Instant>,
    /// Bulk work is not let through before.
    bulk_hold: Option<Instant>,
    /// How often "too much" came in a row.
    repeats: u32,
    /// Grows with each time that "too much" is news: an answer to what was sent before is not.
    pub(super) episode: u64,
    /// What requests of a kind were last said to cost.
    seen_costs: Vec<(Kind, u64)>,
    /// Who waits for this budget, in their order.
    pub(super) line: BTreeMap<Order, InLine>,
}

/// Requests that cost alike: the class, and whether they write.
pub(super) type Kind = (Option<String>, bool);

/// Somebody in a line.
pub(super) struct InLine {
    pub(super) cost: Cost,
    pub(super) turn: Arc<Notify>,
}

/// Requests that were sent and not answered.
#[derive(Default)]
struct UnderWay {
    all: u32,
    bulk: u32,
    cost: u64,
}

/// Why a request may not go now: until when, where that is known. Else others have to go or to be answered first.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Refusal {
    pub(super) until: Option<Instant>,
}

impl Budget {
    pub(super) fn new(numbers: Numbers, in_points: bool) -> Self {
        Self {
            numbers,
            in_points,
            requests: numbers.requests.map(Meter::new),
            points: numbers.points.map(Meter::new),
            under_way: UnderWay::default(),
            told: None,
            hold: None,
            bulk_hold: None,
            repeats: 0,
            episode: 0,
            seen_costs: Vec::new(),
            line: BTreeMap::new(),
        }
    }

    /// Returns what a request costs, as far as an answer of its kind has said better than the manifest.
    pub(super) fn cost(&self, declared: Cost, kind: &Kind) -> Cost {
        let seen = self.seen_costs.iter().find(|(known, _)| known == kind);
        Cost { points: seen.map_or(declared.points, |(_, points)| *points), ..declared }
    }

    /// Returns why a request may not go now; none if it may.
    pub(super) fn refusal(&mut self, order: Order, cost: Cost, now: Instant) -> Option<Refusal> {
        self.forget_the_past(now);
        let mut refusals = Vec::new();
        let is_bulk = order.0 == Priority::Bulk;
        let bulk_hold = self.bulk_hold.filter(|_| is_bulk);
        refusals.extend(self.hold.into_iter().chain(bulk_hold).map(Refusal::until));
        let ahead = self.ahead(order);
        let is_behind = ahead.requests > 0;
        refusals.extend(self.out_of_told(is_bulk, cost, ahead));
        refusals.extend(self.out_of_rate(is_bulk, cost, ahead).map(|wait| Refusal::until(now + wait.min(FAR))));
        if is_behind || self.is_crowded(is_bulk) {
            refusals.push(Refusal::default());
        }
        refusals.into_iter().max_by_key(|refusal| refusal.until)
    }

    /// Lets a request through.
    pub(super) fn take(&mut self, is_bulk: bool, cost: Cost) {
        let unit = self.unit(cost);
        if let Some(told) = &mut self.told {
            told.remaining = told.remaining.saturating_sub(unit);
        }
        if self.are_rates_in_force() {
            self.requests.iter().for_each(|meter| meter.spend(cost.requests));
            self.points.iter().for_each(|meter| meter.spend(cost.points));
        }
        self.under_way.all += 1;
        self.under_way.bulk += u32::from(is_bulk);
        self.under_way.cost += unit;
    }

    /// Takes note that a request is no longer under way.
    pub(super) fn release(&mut self, is_bulk: bool, cost: Cost) {
        let unit = self.unit(cost);
        self.under_way.all = self.under_way.all.saturating_sub(1);
        self.under_way.bulk = self.under_way.bulk.saturating_sub(u32::from(is_bulk));
        self.under_way.cost = self.under_way.cost.saturating_sub(unit);
    }

    /// Takes note of what the headers of an answer say. `sent` is the request's number, `next` that of the next one.
    pub(super) fn hear(&mut self, reading: &Reading, sent: u64, cost: Cost, next: u64, now: Instant) {
        self.forget_the_past(now);
        let end = reading.reset.or(reading.interval).or_else(|| self.numbers.window());
        if let Some((remaining, end)) = reading.remaining.zip(end).filter(|(_, end)| !end.is_zero()) {
            let declared = reading.limit.or_else(|| self.numbers.most(self.in_points));
            let told = Told {
                remaining,
                unsure: self.under_way.cost,
                limit: declared.unwrap_or(remaining),
                until: now + end,
                has_reset: reading.reset.is_some(),
                heard: next,
            };
            self.told = Some(match self.told.take() {
                Some(before) => before.or_newer(told, sent, self.unit(cost)),
                None => told,
            });
        }
        let near_pause = || reading.reset.or(reading.interval).unwrap_or(NEAR_PAUSE).max(moment::LEAST);
        let pause = reading.is_near.then(near_pause).into_iter().chain(reading.delay).max();
        self.bulk_hold = match pause {
            Some(pause) => Some(now + pause),
            // It speaks of what is left, and no longer of little.
            None if reading.remaining.is_some() => None,
            None => self.bulk_hold,
        };
    }

    /// Lets nobody through for a while.
    pub(super) fn hold(&mut self, wait: Duration, now: Instant) {
        self.hold = self.hold.max(Some(now + wait));
    }

    /// Takes note of what a request really cost.
    pub(super) fn correct(&mut self, kind: &Kind, estimated: Cost, actual: u64, has_remaining: bool) {
        // A part of a point is not for nothing.
        let actual = actual.max(1);
        self.seen_costs.retain(|(known, _)| known != kind);
        self.seen_costs.push((kind.clone(), actual));
        let more = actual.saturating_sub(estimated.points);
        if self.are_rates_in_force() {
            self.points.iter().for_each(|meter| meter.spend(more.min(meter.burst().into())));
        }
        if let Some(told) = self.told.as_mut().filter(|_| !has_remaining) {
            told.remaining = told.remaining.saturating_sub(more);
        }
    }

    /// Takes note that a request of that episode was too much, and returns how long to wait, where that is known.
    pub(super) fn exceeded(&mut self, asked: Asked, episode: u64, now: Instant) -> Option<Duration> {
        let is_news = episode == self.episode;
        let wait = match asked {
            Asked::Wait(wait) => Some(wait),
            Asked::Doubling(wait) => {
                let times = if is_news { self.repeats } else { self.repeats.saturating_sub(1) };
                let doubled = wait.saturating_mul(2u32.saturating_pow(times)).min(LONGEST_DOUBLED.max(wait));
                Some(doubled)
            }
            Asked::Never => return None,
            Asked::Unknown => None,
        };
        if is_news {
            self.repeats = self.repeats.saturating_add(1);
            self.episode += 1;
        }
        if let Some(wait) = wait {
            self.hold(wait, now);
        }
        self.hold.map(|hold| hold.saturating_duration_since(now)).filter(|_| wait.is_some())
    }

    /// Takes note that a request of that episode was not too much.
    pub(super) fn fine(&mut self, episode: u64) {
        if episode == self.episode {
            self.repeats = 0;
        }
    }

    /// Says whether it is as if it had never been used.
    pub(super) fn is_idle(&mut self, now: Instant) -> bool {
        self.forget_the_past(now);
        let is_full = |meter: &Option<Meter>| meter.as_ref().is_none_or(Meter::is_full);
        self.under_way.all == 0
            && self.line.is_empty()
            && self.told.is_none()
            && self.hold.is_none()
            && self.bulk_hold.is_none()
            && self.repeats == 0
            && is_full(&self.requests)
            && is_full(&self.points)
    }

    fn forget_the_past(&mut self, now: Instant) {
        self.told = self.told.take().filter(|told| told.until > now);
        self.hold = self.hold.filter(|until| *until > now);
        self.bulk_hold = self.bulk_hold.filter(|until| *until > now);
    }

    /// Returns what those ask for who go before.
    fn ahead(&self, order: Order) -> Cost {
        let before = self.line.range(..order);
        before.fold(Cost { requests: 0, points: 0 }, |sum, (_, waiting)| Cost {
            requests: sum.requests + waiting.cost.requests,
            points: sum.points.saturating_add(waiting.cost.points),
        })
    }

    /// Returns why not, if the platform has said that too little is left.
    fn out_of_told(&self, is_bulk: bool, cost: Cost, ahead: Cost) -> Option<Refusal> {
        let told = self.told.as_ref()?;
        let reserve = if is_bulk { reserve(told.limit) } else { 0 };
        let wanted = self.unit(cost).min(told.limit.max(1)).saturating_add(self.unit(ahead)).saturating_add(reserve);
        if told.left() >= wanted {
            return None;
        }
        // The next answer may say that what is under way was counted already.
        let may_be_enough = told.remaining >= wanted && self.under_way.all > 0;
        Some(if may_be_enough { Refusal::default() } else { Refusal::until(told.until) })
    }

    /// Returns how long it takes until the rates allow it, if they do not now.
    fn out_of_rate(&self, is_bulk: bool, cost: Cost, ahead: Cost) -> Option<Duration> {
        if !self.are_rates_in_force() {
            return None;
        }
        let wait = |meter: &Option<Meter>, cost: u64, ahead: u64| {
            let meter = meter.as_ref()?;
            let burst = u64::from(meter.burst());
            let reserve = if is_bulk { reserve(burst) } else { 0 };
            // What costs more than there ever is goes when everything is there.
            Some(meter.wait(cost.saturating_add(reserve).min(burst).saturating_add(ahead)))
        };
        let requests = wait(&self.requests, cost.requests, ahead.requests);
        let points = wait(&self.points, cost.points, ahead.points);
        requests.max(points).filter(|wait| !wait.is_zero())
    }

    /// Says whether as many are under way as may be.
    fn is_crowded(&self, is_bulk: bool) -> bool {
        let Some(most) = self.numbers.concurrency else { return false };
        let most_bulk = u64::from(most) - reserve(most.into());
        self.under_way.all >= most || is_bulk && u64::from(self.under_way.bulk) >= most_bulk
    }

    /// Says whether what was declared counts: the platform's own word is better, unless the operator said something else.
    fn are_rates_in_force(&self) -> bool {
        self.told.is_none() || self.numbers.is_firm
    }

    fn unit(&self, cost: Cost) -> u64 {
        if self.in_points { cost.points } else { cost.requests }
    }
}

/// Returns how much of a budget is not for bulk work; of a very small one nothing, or bulk work would never be done.
fn reserve(whole: u64) -> u64 {
    whole.saturating_mul(RESERVE) / 100
}

impl Refusal {
    fn until(until: Instant) -> Self {
        Self { until: Some(until) }
    }
}
