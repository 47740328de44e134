//! Thins out lines that come faster than anybody reads.

use std::time::{Duration, Instant};

/// How many lines of one adapter are passed on in a second.
const MOST_LINES: u32 = 100;

const WINDOW: Duration = Duration::from_secs(1);

/// Counts the lines of one source.
#[derive(Debug, Default)]
pub(super) struct FloodGate {
    since: Option<Instant>,
    admitted: u32,
    held_back: u64,
}

/// What becomes of a line.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Admission {
    /// It is passed on.
    Pass,
    /// It is passed on, after a word about those that were not.
    PassAfter(u64),
    /// It is not.
    HoldBack,
}

impl FloodGate {
    /// Decides about a line.
    pub(super) fn line(&mut self, now: Instant) -> Admission {
        if self.since.is_none_or(|since| now.saturating_duration_since(since) >= WINDOW) {
            (self.since, self.admitted) = (Some(now), 0);
        }
        if self.admitted >= MOST_LINES {
            self.held_back += 1;
            return Admission::HoldBack;
        }
        self.admitted += 1;
        match self.held_back() {
            0 => Admission::Pass,
            count => Admission::PassAfter(count),
        }
    }

    /// Returns how many lines were held back since this was asked last.
    pub(super) fn held_back(&mut self) -> u64 {
        std::mem::take(&mut self.held_back)
    }
}

/// Says that lines are missing.
pub(super) fn missing(count: u64) -> String {
    format!("{count} more lines came too fast and are not shown")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_flood_is_held_back_and_counted() {
        let (mut gate, start) = (FloodGate::default(), Instant::now());
        let passed = (0..1000).filter(|_| gate.line(start) == Admission::Pass).count();
        assert_eq!(passed, MOST_LINES as usize);
        assert_eq!(gate.line(start + WINDOW), Admission::PassAfter(900));
        assert_eq!(gate.line(start + WINDOW), Admission::Pass);
        assert_eq!(gate.held_back(), 0);
    }
}
