//! Recordings: what was asked and answered, as files that are read, compared and replayed without a network.
//!
//! # The form
//!
//! A recording is a folder. `recording.json` says what it is: `{"format": 1, "program": "usher 0.1.0"}`. Each answered request
//! is a file of its own, `0001.json`, `0002.json`, …, numbered in the order of the answers:
//!
//! ```json
//! {
//!   "connection": "work",
//!   "operation": "get",
//!   "request": {
//!     "method": "GET",
//!     "url": "https://tickets.example/issues/3?full=1",
//!     "headers": { "accept": "application/json" },
//!     "body": null
//!   },
//!   "response": {
//!     "status": 200,
//!     "headers": { "content-type": "application/json", "link": ["<a>", "<b>"] },
//!     "body": { "json": { "key": "3" } }
//!   }
//! }
//! ```
//!
//! - A body is `null` if it is empty, `{"json": …}`, `{"text": "…"}`, `{"base64": "…"}`, or `{"omitted": "a file"}` for an uploaded file. `json` is
//!   written only where the bytes had no white space between values: without it they are the same bytes again.
//! - Credentials are added below the place where a recording is made, so they are in none. Headers and parameters whose names
//!   promise a secret are `***` all the same, and secrets that are known by value too.
//! - A request without an answer is not recorded; an attempt that was repeated is.
//!
//! A replay gives a request the next answer to the same method, address (with its parameters in any order) and body; a read
//! that is repeated more often gets the last one again.

mod form;
mod recorder;
mod replayer;
mod scrub;

use std::sync::Arc;

pub(crate) use recorder::{Recorder, Redact};
pub(crate) use replayer::Replayer;
pub(crate) use scrub::{headers as scrubbed_headers, url as scrubbed_url};

/// Whether requests are recorded, or answered from a recording.
#[derive(Debug, Clone, Default)]
pub(crate) enum Tape {
    /// Neither.
    #[default]
    Off,
    /// They are recorded.
    Record(Arc<Recorder>),
    /// They are answered from a recording; nothing is sent.
    Replay(Arc<Replayer>),
}

impl Tape {
    /// Says whether nothing is sent.
    pub(crate) fn is_replay(&self) -> bool {
        matches!(self, Self::Replay(_))
    }
}
