//! A thread that does nothing but look at the clock.
//!
//! Deadlines of foreign code cannot hang on an executor that foreign code might be blocking.

use std::{
    collections::BTreeMap,
    panic::{AssertUnwindSafe, catch_unwind},
    sync::{Condvar, Mutex, MutexGuard, OnceLock, PoisonError},
    thread,
    time::Instant,
};

/// What happens at an instant; it must be short and must not run foreign code.
type Action = Box<dyn FnOnce() + Send>;

/// When an alarm rings, and which of several at that instant it is.
type Key = (Instant, u64);

#[derive(Default)]
struct Agenda {
    alarms: BTreeMap<Key, Action>,
    next_order: u64,
    is_running: bool,
    /// Until when the thread sleeps; absent while it is awake or sleeps without an end.
    wakes_at: Option<Instant>,
    /// Whether it sleeps without an end.
    is_idle: bool,
}

/// The one watchdog of the process.
pub(super) struct Watchdog {
    agenda: Mutex<Agenda>,
    changed: Condvar,
}

/// An alarm that has been set; dropping this takes it back.
#[must_use = "an alarm that is dropped does not ring"]
pub(super) struct Alarm {
    watchdog: &'static Watchdog,
    key: Key,
}

impl Drop for Alarm {
    fn drop(&mut self) {
        let action = self.watchdog.agenda().alarms.remove(&self.key);
        // What the action holds ends outside the lock.
        drop(action);
    }
}

impl Alarm {
    /// Lets the alarm ring, whatever becomes of whoever set it.
    pub(super) fn forget(self) {
        std::mem::forget(self);
    }
}

impl Watchdog {
    /// Returns the watchdog; its thread starts with the first call.
    pub(super) fn get() -> std::io::Result<&'static Self> {
        static WATCHDOG: OnceLock<Watchdog> = OnceLock::new();
        let watchdog = WATCHDOG.get_or_init(|| Self { agenda: Mutex::default(), changed: Condvar::new() });
        let mut agenda = watchdog.agenda();
        if !agenda.is_running {
            thread::Builder::new().name("watchdog".to_owned()).spawn(|| watchdog.run())?;
            agenda.is_running = true;
        }
        drop(agenda);
        Ok(watchdog)
    }

    /// Does something at an instant.
    pub(super) fn at(&'static self, at: Instant, action: impl FnOnce() + Send + 'static) -> Alarm {
        let mut agenda = self.agenda();
        let key = (at, agenda.next_order);
        agenda.next_order += 1;
        // An alarm that was taken back leaves the thread asleep until its time: a later one need not wake it.
        let is_next = agenda.is_idle || agenda.wakes_at.is_some_and(|wakes_at| at < wakes_at);
        agenda.alarms.insert(key, Box::new(action));
        drop(agenda);
        if is_next {
            self.changed.notify_one();
        }
        Alarm { watchdog: self, key }
    }

    fn run(&self) {
        let mut agenda = self.agenda();
        loop {
            let now = Instant::now();
            agenda = match agenda.alarms.first_key_value().map(|((at, _), _)| *at) {
                Some(at) if at <= now => {
                    let due = agenda.alarms.pop_first();
                    drop(agenda);
                    if let Some((_, action)) = due {
                        // One broken alarm must not silence those after it.
                        let _ = catch_unwind(AssertUnwindSafe(action));
                    }
                    self.agenda()
                }
                Some(at) => {
                    agenda.wakes_at = Some(at);
                    let wait = self.changed.wait_timeout(agenda, at - now);
                    wait.unwrap_or_else(PoisonError::into_inner).0
                }
                None => {
                    agenda.is_idle = true;
                    self.changed.wait(agenda).unwrap_or_else(PoisonError::into_inner)
                }
            };
            (agenda.wakes_at, agenda.is_idle) = (None, false);
        }
    }

    fn agenda(&self) -> MutexGuard<'_, Agenda> {
        self.agenda.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use std::{sync::mpsc, time::Duration};

    use super::*;

    #[test]
    fn alarms_ring_in_the_order_of_their_time_and_one_that_is_taken_back_does_not() {
        let watchdog = Watchdog::get().unwrap();
        let (sender, receiver) = mpsc::channel();
        let start = Instant::now();
        let alarms = [30_u64, 10, 15, 20].map(|millis| {
            let sender = sender.clone();
            watchdog.at(start + Duration::from_millis(millis), move || {
                let _ = sender.send(millis);
            })
        });
        drop(sender);
        let [_first, _second, taken_back, _fourth] = alarms;
        drop(taken_back);
        watchdog.at(start, || panic!("an alarm that panics silences no other")).forget();
        let rung: Vec<u64> = receiver.iter().collect();
        assert_eq!(rung, [10, 20, 30]);
        assert!(start.elapsed() >= Duration::from_millis(30));
    }
}
