//! The errors of requests that are not sent.

use std::time::{Duration, SystemTime};

use usher_adapter_sdk::{Error, ErrorKind};

use super::wanted::Spoken;

/// Returns the error of a limit that is used up: `GitHub's search limit is used up until 12:30:05 UTC (in 43 s)`.
pub(super) fn used_up(limit: &str, until: &str, wait: Duration) -> Error {
    let message = format!("{limit} is used up until {until} (in {})", Spoken(wait));
    Error::new(ErrorKind::RateLimited, message).with_retry_after(wait)
}

/// Returns the error of a request that waited for others until its deadline.
pub(super) fn crowded(limit: &str) -> Error {
    let message = format!("{limit} lets no more requests through until others are answered, and that took too long");
    Error::new(ErrorKind::RateLimited, message)
}

/// Returns the error of a request whose deadline had passed before it could ask.
pub(super) fn too_late() -> Error {
    Error::new(ErrorKind::Timeout, "the deadline had passed before the request was sent")
}

/// Returns a time of day as people read it. Nothing is held for longer than a day, so it needs no date.
pub(super) fn clock(moment: SystemTime) -> String {
    match jiff::Timestamp::try_from(moment) {
        Ok(moment) => moment.strftime("%H:%M:%S UTC").to_string(),
        // The end of time has no clock.
        Err(_) => "later".to_owned(),
    }
}
