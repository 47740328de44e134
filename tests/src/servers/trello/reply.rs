//! Answers in Trello's own words: JSON for what went well, and plain text for most of what did not.

use hyper::HeaderMap;
use serde_json::Value;

use crate::servers::{Answer, server::Outcome};

/// What an operation came to.
#[derive(Debug)]
pub(super) struct Reply {
    pub(super) answer: Answer,
    /// Whether something was written.
    pub(super) committed: bool,
}

impl Reply {
    /// Returns what was read.
    pub(super) fn read(body: &Value) -> Self {
        Self { answer: Answer::json(200, body.to_string()), committed: false }
    }

    /// Returns the bytes of a file.
    pub(super) fn bytes(bytes: Vec<u8>) -> Self {
        Self { answer: Answer::new(200).content("application/octet-stream", bytes), committed: false }
    }

    /// Returns what was written.
    pub(super) fn written(body: &Value) -> Self {
        Self { answer: Answer::json(200, body.to_string()), committed: true }
    }

    pub(super) fn into_outcome(self, headers: HeaderMap) -> Outcome {
        let mut answer = self.answer;
        answer.headers.extend(headers);
        Outcome { answer, committed: self.committed }
    }
}

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

    pub(super) fn into_outcome(self, headers: HeaderMap) -> Outcome {
        let mut answer = *self.answer;
        answer.headers.extend(headers);
        answer.into()
    }
}
