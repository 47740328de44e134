//! Answers in Jira's own words, the refusals above all.

use std::borrow::Cow;

use hyper::HeaderMap;
use serde::Serialize;
use serde_json::{Map, Value, json};

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
        Self::shown(body)
    }

    /// Returns what was read, whatever its form.
    pub(super) fn shown(body: &impl Serialize) -> Self {
        let text = serde_json::to_string(body).expect("an answer is JSON");
        Self { answer: Answer::json(200, text), committed: false }
    }

    /// Returns what was written, with a body.
    pub(super) fn written(status: u16, body: &Value) -> Self {
        Self { answer: Answer::json(status, body.to_string()), committed: true }
    }

    /// Returns what was written, of which nothing more is said.
    pub(super) fn done(status: u16) -> Self {
        Self { answer: Answer::new(status), committed: true }
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
    pub(super) status: u16,
    pub(super) message: Option<Cow<'static, str>>,
    /// What is wrong with which field.
    pub(super) fields: Map<String, Value>,
    /// A mistake of the test's client that Jira would not tell it.
    pub(super) violation: bool,
}

impl Refusal {
    pub(super) fn new(status: u16, message: impl Into<Cow<'static, str>>) -> Self {
        Self { status, message: Some(message.into()), fields: Map::new(), violation: false }
    }

    /// Returns the refusal of one field.
    pub(super) fn field(name: &str, why: impl Into<String>) -> Self {
        let fields = Map::from_iter([(name.to_owned(), Value::from(why.into()))]);
        Self { status: 400, message: None, fields, violation: false }
    }

    /// Not there, or not for you: the two look the same.
    pub(super) fn no_issue() -> Self {
        Self::new(404, "Issue does not exist or you do not have permission to see it.")
    }

    pub(super) fn no_project(key: &str) -> Self {
        Self::new(404, format!("No project could be found with key '{key}'."))
    }

    /// Returns what no description of Jira has, told to the test instead of the client.
    pub(super) fn violation(message: impl Into<String>) -> Self {
        Self { violation: true, ..Self::new(599, message.into()) }
    }

    pub(super) fn body(&self) -> Value {
        let messages: Vec<_> = self.message.iter().collect();
        json!({ "errorMessages": messages, "errors": self.fields })
    }

    pub(super) fn into_outcome(self, headers: HeaderMap) -> Outcome {
        let mut answer = Answer::json(self.status, self.body().to_string());
        answer.headers.extend(headers);
        answer.into()
    }
}
