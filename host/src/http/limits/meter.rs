//! How fast cells may be spent, by `governor`'s GCRA. Here lives what one rate has allowed so far, and nothing of platforms.

use std::{
    num::NonZeroU32,
    ops::Add,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use governor::{
    Quota, RateLimiter,
    clock::{Clock, Reference},
    middleware::NoOpMiddleware,
    nanos::Nanos,
    state::{NotKeyed, StateStore},
};
use tokio::time::Instant;

/// So many cells in a span of time, and how many of them at once.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct Rate {
    pub(super) count: u32,
    pub(super) per: Duration,
    pub(super) burst: Option<u32>,
}

impl Rate {
    /// Returns how many cells may be spent at once after a pause.
    ///
    /// A burst and what comes in after it share the budget, so that no window of `per` ever holds more than `count`:
    /// without a burst, half of it goes at once and the other half is spread. A burst of at least `count` says that the
    /// platform keeps a bucket of that size, which fills at `count` in `per`.
    fn at_once(&self) -> u32 {
        self.burst.unwrap_or(self.count / 2).max(1)
    }

    /// Returns how long it takes until one cell has come in, rounded up.
    fn cell(&self) -> Duration {
        let spread = match self.count.saturating_sub(self.at_once()) {
            0 => self.count,
            rest => rest,
        };
        let nanos = self.per.as_nanos().div_ceil(u128::from(spread.max(1))).max(1);
        Duration::from_nanos(u64::try_from(nanos).unwrap_or(u64::MAX))
    }
}

/// What one rate has allowed so far.
pub(super) struct Meter {
    limiter: RateLimiter<NotKeyed, Arrival, Tokio, NoOpMiddleware<Moment>>,
    arrival: Arrival,
    start: Instant,
    cell: Duration,
    burst: u32,
}

impl Meter {
    pub(super) fn new(rate: Rate) -> Self {
        let cell = rate.cell();
        // GCRA multiplies both in nanoseconds: a burst of centuries is one that never ends.
        let most = u64::MAX / 4 / u64::try_from(cell.as_nanos()).unwrap_or(u64::MAX);
        let burst = rate.at_once().min(u32::try_from(most).unwrap_or(u32::MAX)).max(1);
        let cells = NonZeroU32::new(burst).unwrap_or(NonZeroU32::MIN);
        let quota = Quota::with_period(cell).unwrap_or(Quota::per_second(cells)).allow_burst(cells);
        let arrival = Arrival::default();
        let start = Instant::now();
        let limiter = RateLimiter::new(quota, arrival.clone(), Tokio);
        Self { limiter, arrival, start, cell, burst }
    }

    /// Returns how many cells it holds when nothing was spent for a while.
    pub(super) fn burst(&self) -> u32 {
        self.burst
    }

    /// Returns how long it takes until that many cells are there, zero if they are; nothing is spent.
    pub(super) fn wait(&self, cells: u64) -> Duration {
        let at_once = u32::try_from(cells).unwrap_or(u32::MAX).min(self.burst);
        let Some(asked) = NonZeroU32::new(at_once) else { return Duration::ZERO };
        let before = self.arrival.0.load(Ordering::Relaxed);
        let outcome = self.limiter.check_n(asked);
        self.arrival.0.store(before, Ordering::Relaxed);
        let wait = match outcome {
            Ok(Err(not_until)) => not_until.wait_time_from(Tokio.now()),
            // No more than the burst was asked for, so the capacity suffices.
            Ok(Ok(())) | Err(_) => Duration::ZERO,
        };
        let beyond = u32::try_from(cells - u64::from(at_once)).unwrap_or(u32::MAX);
        wait.saturating_add(self.cell.saturating_mul(beyond))
    }

    /// Spends that many cells, whether they are there or not: what the platform counted, it counted.
    pub(super) fn spend(&self, cells: u64) {
        let now = nanos(self.start.elapsed());
        let cost = nanos(self.cell).saturating_mul(cells).min(u64::MAX / 4);
        let arrival = self.arrival.0.load(Ordering::Relaxed).max(now).saturating_add(cost);
        self.arrival.0.store(arrival, Ordering::Relaxed);
    }

    /// Says whether it is as if nothing had ever been spent.
    pub(super) fn is_full(&self) -> bool {
        self.arrival.0.load(Ordering::Relaxed) <= nanos(self.start.elapsed())
    }
}

fn nanos(span: Duration) -> u64 {
    u64::try_from(span.as_nanos()).unwrap_or(u64::MAX)
}

/// The theoretical arrival time of GCRA in nanoseconds since the start, 0 before the first cell. It is kept here so that
/// a question can be asked without spending. Whoever has a meter has the ledger's lock: nobody else writes.
#[derive(Clone, Default)]
struct Arrival(Arc<AtomicU64>);

impl StateStore for Arrival {
    type Key = NotKeyed;

    fn measure_and_replace<T, F, E>(&self, _: &NotKeyed, decide: F) -> Result<T, E>
    where
        F: Fn(Option<Nanos>) -> Result<(T, Nanos), E>,
    {
        let arrival = self.0.load(Ordering::Relaxed);
        let (outcome, next) = decide((arrival > 0).then(|| Nanos::new(arrival)))?;
        self.0.store(next.as_u64(), Ordering::Relaxed);
        Ok(outcome)
    }
}

/// Tokio's clock, which tests can hold.
#[derive(Clone, Copy)]
struct Tokio;

impl Clock for Tokio {
    type Instant = Moment;

    fn now(&self) -> Moment {
        Moment(Instant::now())
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Moment(Instant);

impl Add<Nanos> for Moment {
    type Output = Self;

    fn add(self, span: Nanos) -> Self {
        Self(self.0 + Duration::from(span))
    }
}

impl Reference for Moment {
    fn duration_since(&self, earlier: Self) -> Nanos {
        self.0.saturating_duration_since(earlier.0).into()
    }

    fn saturating_sub(&self, span: Nanos) -> Self {
        Self(self.0.checked_sub(span.into()).unwrap_or(self.0))
    }
}
