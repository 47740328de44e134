//! Why a request has no answer, and what that means for repeating it.

use std::time::Duration;

use usher_adapter_sdk::Error;

use crate::transport::outcome_of_late_write;

/// Why a request has no answer.
#[derive(Debug, Clone)]
pub(crate) struct Failure {
    /// The error, for whoever asked.
    pub(crate) error: Error,
    /// Whether the platform may have seen the request.
    pub(crate) seen: Seen,
    /// Whether the same may be tried again.
    pub(crate) again: Again,
}

/// Whether the platform may have seen a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Seen {
    /// It was never sent, or was refused unread.
    No,
    /// It may have been done.
    Maybe,
}

/// Whether the same may be tried again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Again {
    /// It would fail alike.
    Never,
    /// After a pause of the retry policy's.
    AfterPause,
    /// After that time: the platform said so.
    After(Duration),
}

impl Failure {
    /// Returns the failure of a request that was refused before anything was sent.
    pub(crate) fn refused(error: Error) -> Self {
        Self { error, seen: Seen::No, again: Again::Never }
    }

    /// Returns the failure of a request that was never sent, and might be another time.
    pub(crate) fn unsent(error: Error) -> Self {
        Self { error, seen: Seen::No, again: Again::AfterPause }
    }

    /// Returns the failure of a request that the platform may have seen.
    pub(crate) fn ambiguous(error: Error) -> Self {
        Self { error, seen: Seen::Maybe, again: Again::AfterPause }
    }

    /// Returns the error for whoever asked: of a write that the platform may have seen, nobody knows what became.
    pub(crate) fn into_error(self, writes: bool) -> Error {
        let status = self.error.status();
        let error = outcome_of_late_write(self.error, writes && self.seen == Seen::Maybe);
        match status {
            Some(status) => error.with_status(status),
            None => error,
        }
    }
}
