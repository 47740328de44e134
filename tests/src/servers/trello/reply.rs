//! Answers in Trello's own words: JSON for what went well, and plain text for most of what did not.

use hyper::HeaderMap;
use serde_json::Value;

use crate::servers::Answer;

/// What an operation came to.
pub(super) use crate::servers::server::Outcome as Reply;

/// Why something is not done.
#[derive(Debug)]
pub(super) struct Refusal {
    answer: Box<Answer>,
    /// A mistake of the test's client that Trello would not tell it.
    pub(super) violation: Option<String>,
}

impl Refusal {
    fn with(answer: Answer) -> Self {
        Self { answer: Box::new(answer), violation: None }
    }

    /// Returns a complaint in plain text.
    pub(super) fn text(status: u16, text: &'static str) -> Self {
        Self::with(Answer::new(status).content("text/plain; charset=utf-8", text))
    }

    /// Returns a complaint in JSON.
    pub(super) fn json(status: u16, body: &Value) -> Self {
        Self::with(Answer::json(status, body.to_string()))
    }

    /// Nothing is there.
    pub(super) fn not_found() -> Self {
        Self::text(404, "The requested resource was not found.")
    }

    /// An id that is none, or one of something else.
    pub(super) fn invalid(text: &'static str) -> Self {
        Self::text(400, text)
    }

    /// It is there, and not for this account: the status is the one for wrong credentials.
    pub(super) fn not_yours() -> Self {
        Self::text(401, "unauthorized card permission requested")
    }

    /// Returns what no description of Trello has, told to the test instead of the client.
    pub(super) fn violation(message: impl Into<String>) -> Self {
        Self { violation: Some(message.into()), ..Self::with(Answer::new(599)) }
    }

    pub(super) fn into_outcome(self, headers: HeaderMap) -> Reply {
        Reply::from(*self.answer).with_headers(headers)
    }
}
