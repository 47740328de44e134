//! What belongs to one answer and not to the ticket in it: how it was obtained, and what that took.

use std::time::Duration;

use serde::Serialize;
use usher_adapter_sdk::model::Route;

pub use crate::http::Asked;

/// How an answer was obtained. What is not known of it is absent.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct AnswerFacts {
    /// The connection that answered.
    pub connection: String,
    /// The way by which it was asked.
    pub route: Route,
    /// How long it took, in milliseconds; for a ticket of a list, the page that it came with.
    pub duration_ms: f64,
    /// What it took of HTTP; absent where nothing was asked.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub http: Option<Asked>,
}

impl AnswerFacts {
    /// Returns what is known of an answer of a connection's own adapter.
    pub(super) fn direct(connection: &str, duration: Duration, http: Option<Asked>) -> Self {
        // Three places are microseconds: more would only be noise.
        let duration_ms = (duration.as_secs_f64() * 1e6).round() / 1e3;
        Self { connection: connection.to_owned(), route: Route::Direct, duration_ms, http }
    }
}

/// A ticket as a line of JSON, and how it was obtained.
#[derive(Debug, Clone)]
pub struct Answered {
    /// The ticket.
    pub ticket: Vec<u8>,
    /// How it was obtained.
    pub answer: AnswerFacts,
}
