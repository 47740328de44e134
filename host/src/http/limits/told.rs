//! What the platform said is left of a budget, and which of two such words holds: answers overtake each other.

use std::time::Duration;

use tokio::time::Instant;

/// Two words about the end of a window that are this close mean the same window.
const SAME_WINDOW: Duration = Duration::from_secs(1);

/// What the platform said is left, and until when that holds.
pub(super) struct Told {
    pub(super) remaining: u64,
    /// How much of it may be gone: what was under way when it was said, of which any part may have been counted.
    pub(super) unsure: u64,
    pub(super) limit: u64,
    pub(super) until: Instant,
    pub(super) has_reset: bool,
    /// Requests with a lower number were sent before this was heard.
    pub(super) heard: u64,
}

impl Told {
    /// Returns what holds after another word of the platform's, which answers the request of that number and cost.
    pub(super) fn or_newer(self, other: Told, sent: u64, cost: u64) -> Told {
        if sent >= self.heard {
            return other;
        }
        // An answer of a window that is over says nothing of this one. A next one cannot have begun: this one is not over.
        if self.has_reset && other.has_reset && other.until + SAME_WINDOW < self.until {
            return self;
        }
        // Of what was sent before, an answer can say that less is left, not that there is more; and if it does not say that
        // less is left, then it was counted already.
        let surer = Told { unsure: self.unsure.saturating_sub(cost), ..self };
        match other.left() < surer.left() {
            true => Told { until: surer.until, has_reset: surer.has_reset, ..other },
            false => surer,
        }
    }

    /// Returns what is surely left.
    pub(super) fn left(&self) -> u64 {
        self.remaining.saturating_sub(self.unsure)
    }
}
