//! The budgets of everything that goes to one host, under one lock: so a request takes from all of its budgets or from none,
//! and connections that share an address share what the platform counts by address.

use std::{
    collections::HashMap,
    sync::{Arc, LazyLock, Mutex, MutexGuard, PoisonError, Weak},
};

use tokio::{sync::Notify, time::Instant};

use super::{
    budget::{Budget, InLine, Kind, Order, Refusal},
    rule::{Cost, Numbers, Part},
    wanted::Priority,
};

/// From how many budgets on those are looked for that nobody needs any more. Each ticket may have one.
const MANY: usize = 1_024;

/// The ledgers by the host that is spoken with.
#[derive(Default)]
pub(crate) struct Ledgers(Mutex<HashMap<String, Weak<Ledger>>>);

impl Ledgers {
    /// Returns those of this process.
    pub(crate) fn of_process() -> &'static Self {
        static LEDGERS: LazyLock<Ledgers> = LazyLock::new(Ledgers::default);
        &LEDGERS
    }

    /// Returns the ledger of a host, as long as somebody has it.
    pub(super) fn of(&self, host: &str) -> Arc<Ledger> {
        let mut ledgers = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        ledgers.retain(|_, ledger| ledger.strong_count() > 0);
        if let Some(ledger) = ledgers.get(host).and_then(Weak::upgrade) {
            return ledger;
        }
        let ledger = Arc::default();
        ledgers.insert(host.to_owned(), Arc::downgrade(&ledger));
        ledger
    }
}

/// The budgets of one host.
#[derive(Default)]
pub(super) struct Ledger(Mutex<Books>);

#[derive(Default)]
pub(super) struct Books {
    budgets: HashMap<Key, Budget>,
    /// The number of the next request.
    next: u64,
    /// How many budgets were left when they were last looked through.
    kept: usize,
}

/// Which budget it is. Connections that share one and were told other numbers count for themselves.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) struct Key {
    pub(super) owner: Owner,
    pub(super) limit: Arc<str>,
    pub(super) numbers: Numbers,
    pub(super) in_points: bool,
    pub(super) part: Part,
}

/// Whose budget it is.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) enum Owner {
    Connection(Arc<str>),
    /// Everybody's who speaks with this host, by the platform's name.
    Address(Arc<str>),
}

/// A budget that a request spends from, and what it takes.
#[derive(Debug, Clone)]
pub(super) struct Seat {
    pub(super) key: Key,
    /// The place of its limit in the connection's list.
    pub(super) rule: usize,
    pub(super) kind: Kind,
    pub(super) cost: Cost,
    /// The budget's episode when the request was let through.
    pub(super) episode: u64,
}

/// A request that may not go now: the limit that is the last to let it, and why.
pub(super) struct Refused {
    pub(super) rule: usize,
    pub(super) refusal: Refusal,
}

impl Ledger {
    pub(super) fn open(&self) -> MutexGuard<'_, Books> {
        // No panic leaves a budget half written: each change is one assignment after the next, without foreign code.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Books {
    /// Returns the number of a new request.
    pub(super) fn number(&mut self) -> u64 {
        self.next += 1;
        self.next
    }

    /// Returns the number that the next request will have.
    pub(super) fn next_number(&self) -> u64 {
        self.next + 1
    }

    /// Lets a request through if all of its budgets do, else puts it into the lines of those that do not.
    pub(super) fn admit(&mut self, seats: &mut [Seat], order: Order, turn: &Arc<Notify>) -> Result<(), Refused> {
        let now = Instant::now();
        self.sweep(now);
        let mut last: Option<Refused> = None;
        for seat in seats.iter_mut() {
            let budget = self.budget(&seat.key);
            seat.cost = budget.cost(seat.cost, &seat.kind);
            let Some(refusal) = budget.refusal(order, seat.cost, now) else {
                leave(budget, order);
                continue;
            };
            budget.line.insert(order, InLine { cost: seat.cost, turn: turn.clone() });
            if last.as_ref().is_none_or(|last| last.refusal.until < refusal.until) {
                last = Some(Refused { rule: seat.rule, refusal });
            }
        }
        if let Some(refused) = last {
            return Err(refused);
        }
        for seat in seats {
            let budget = self.budget(&seat.key);
            budget.take(order.0 == Priority::Bulk, seat.cost);
            seat.episode = budget.episode;
            next_turn(budget);
        }
        Ok(())
    }

    /// Takes somebody out of the lines who waits no longer.
    pub(super) fn leave(&mut self, seats: &[Seat], order: Order) {
        for seat in seats {
            if let Some(budget) = self.budgets.get_mut(&seat.key) {
                leave(budget, order);
            }
        }
    }

    /// Changes the budget of a seat, and tells who is the next in its line.
    pub(super) fn change<T>(&mut self, seat: &Seat, change: impl FnOnce(&mut Budget) -> T) -> T {
        let budget = self.budget(&seat.key);
        let outcome = change(budget);
        next_turn(budget);
        outcome
    }

    fn budget(&mut self, key: &Key) -> &mut Budget {
        self.budgets.entry(key.clone()).or_insert_with(|| Budget::new(key.numbers, key.in_points))
    }

    fn sweep(&mut self, now: Instant) {
        if self.budgets.len() < MANY.max(2 * self.kept) {
            return;
        }
        self.budgets.retain(|_, budget| !budget.is_idle(now));
        self.kept = self.budgets.len();
    }

    /// Returns how many budgets there are.
    #[cfg(test)]
    pub(super) fn len(&self) -> usize {
        self.budgets.len()
    }
}

/// Takes somebody out of a line. Who is first now may have waited only for them.
fn leave(budget: &mut Budget, order: Order) {
    if budget.line.remove(&order).is_some() {
        next_turn(budget);
    }
}

/// Tells the first in a line to look again; whoever gets through or leaves tells the next.
fn next_turn(budget: &Budget) {
    if let Some(first) = budget.line.values().next() {
        first.turn.notify_one();
    }
}
