//! A thread that does nothing but look at the clock.
//!
//! Deadlines of foreign code cannot hang on an executor that foreign code might be blocking.

use std::{
    cmp::Reverse,
    collections::BinaryHeap,
    sync::{Condvar, Mutex, MutexGuard, OnceLock, PoisonError},
    thread,
    time::Instant,
};

/// What happens at an instant; it must be short and must not run foreign code.
type Alarm = Box<dyn FnOnce() + Send>;

struct Entry {
    at: Instant,
    order: u64,
    alarm: Alarm,
}

impl PartialEq for Entry {
    fn eq(&self, other: &Self) -> bool {
        self.key() == other.key()
    }
}

impl Eq for Entry {}

impl PartialOrd for Entry {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Entry {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.key().cmp(&other.key())
    }
}

impl Entry {
    fn key(&self) -> (Instant, u64) {
        (self.at, self.order)
    }
}

#[derive(Default)]
struct Agenda {
    entries: BinaryHeap<Reverse<Entry>>,
    next_order: u64,
}

/// The one watchdog of the process.
pub(super) struct Watchdog {
    agenda: Mutex<Agenda>,
    changed: Condvar,
}

impl Watchdog {
    /// Returns the watchdog; its thread starts with the first call.
    pub(super) fn get() -> std::io::Result<&'static Self> {
        static WATCHDOG: OnceLock<Watchdog> = OnceLock::new();
        static THREAD: OnceLock<()> = OnceLock::new();
        let watchdog = WATCHDOG.get_or_init(|| Self { agenda: Mutex::default(), changed: Condvar::new() });
        if THREAD.get().is_none() {
            let started = watchdog.agenda();
            if THREAD.get().is_none() {
                thread::Builder::new().name("watchdog".to_owned()).spawn(|| watchdog.run())?;
                let _ = THREAD.set(());
            }
            drop(started);
        }
        Ok(watchdog)
    }

    /// Does something at an instant.
    pub(super) fn at(&self, at: Instant, alarm: impl FnOnce() + Send + 'static) {
        let mut agenda = self.agenda();
        let order = agenda.next_order;
        agenda.next_order += 1;
        let is_next = agenda.entries.peek().is_none_or(|Reverse(first)| at < first.at);
        agenda.entries.push(Reverse(Entry { at, order, alarm: Box::new(alarm) }));
        drop(agenda);
        if is_next {
            self.changed.notify_one();
        }
    }

    fn run(&self) {
        let mut agenda = self.agenda();
        loop {
            let now = Instant::now();
            agenda = match agenda.entries.peek().map(|Reverse(entry)| entry.at) {
                Some(at) if at <= now => {
                    let due = agenda.entries.pop();
                    drop(agenda);
                    if let Some(Reverse(entry)) = due {
                        (entry.alarm)();
                    }
                    self.agenda()
                }
                Some(at) => {
                    let wait = self.changed.wait_timeout(agenda, at - now);
                    wait.unwrap_or_else(PoisonError::into_inner).0
                }
                None => self.changed.wait(agenda).unwrap_or_else(PoisonError::into_inner),
            };
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
    fn alarms_ring_in_the_order_of_their_time() {
        let watchdog = Watchdog::get().unwrap();
        let (sender, receiver) = mpsc::channel();
        let start = Instant::now();
        for millis in [30_u64, 10, 20] {
            let sender = sender.clone();
            watchdog.at(start + Duration::from_millis(millis), move || {
                let _ = sender.send(millis);
            });
        }
        let rung: Vec<u64> = receiver.iter().take(3).collect();
        assert_eq!(rung, [10, 20, 30]);
        assert!(start.elapsed() >= Duration::from_millis(30));
    }
}
