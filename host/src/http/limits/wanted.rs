//! What the layer that sends requests says of one, and whom it asks to tell people about waits.

use std::{fmt, time::Duration};

use usher_adapter_manifest::Effect;

/// A request that wants to be sent.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Wanted<'a> {
    /// What it does; whoever does not know says that it writes.
    pub(crate) effect: Effect,
    /// The class of endpoint that the adapter names.
    pub(crate) class: Option<&'a str>,
    /// The HTTP method.
    pub(crate) method: &'a str,
    /// The ticket that the operation is about which it belongs to.
    pub(crate) ticket: Option<&'a str>,
    /// Who waits for it.
    pub(crate) priority: Priority,
}

/// Who waits for a request; the first goes first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Priority {
    /// Somebody who looks at a screen.
    Interactive,
    /// Work that takes its time.
    Bulk,
}

/// Takes what people should know of waits.
pub(crate) trait Waits: Send + Sync {
    /// A request waits longer than a moment. It is said again when the wait becomes longer than it was.
    fn waiting(&self, wait: &Waiting<'_>);
}

/// A wait, as people read it: `waiting 12 s for GitHub's search limit`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Waiting<'a> {
    /// The limit, as in `GitHub's search limit`.
    pub limit: &'a str,
    /// How long, where that is known: nobody knows when another request ends.
    pub wait: Option<Duration>,
}

impl fmt::Display for Waiting<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.wait {
            Some(wait) => write!(f, "waiting {} for {}", Spoken(wait), self.limit),
            None => write!(f, "waiting for {}", self.limit),
        }
    }
}

/// A span as people say it, rounded up: `43 s`, `2 min 5 s`, `3 h 20 min`.
pub(super) struct Spoken(pub(super) Duration);

impl fmt::Display for Spoken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let seconds = self.0.as_secs() + u64::from(self.0.subsec_nanos() > 0);
        let (large, small, units) = match seconds {
            0..60 => return write!(f, "{seconds} s"),
            60..3_600 => (seconds / 60, seconds % 60, ["min", "s"]),
            _ => (seconds / 3_600, seconds % 3_600 / 60, ["h", "min"]),
        };
        write!(f, "{large} {}", units[0])?;
        if small > 0 {
            write!(f, " {small} {}", units[1])?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_are_said_as_people_say_them() {
        const CASES: &[(u64, &str)] =
            &[(300, "1 s"), (43_000, "43 s"), (60_000, "1 min"), (125_000, "2 min 5 s"), (12_000_000, "3 h 20 min")];
        for (milliseconds, expected) in CASES {
            assert_eq!(Spoken(Duration::from_millis(*milliseconds)).to_string(), *expected);
        }
        let wait = Some(Duration::from_secs(12));
        let waiting = Waiting { limit: "GitHub's search limit", wait };
        assert_eq!(waiting.to_string(), "waiting 12 s for GitHub's search limit");
        assert_eq!(Waiting { wait: None, ..waiting }.to_string(), "waiting for GitHub's search limit");
    }
}
