//! Answers in Jira's own words, the refusals above all.

use std::borrow::Cow;

use hyper::HeaderMap;
use serde::Serialize;
use serde_json::{Map, Value, json};

use crate::servers::Answer;

/// What an operation came to.
pub(super) use crate::servers::server::Outcome as Reply;

/// Returns what was read, whatever its form.
pub(super) fn shown(body: &impl Serialize) -> Reply {
    Answer::json(200, serde_json::to_string(body).expect("an answer is JSON")).into()
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

    pub(super) fn into_outcome(self, headers: HeaderMap) -> Reply {
        Reply::from(Answer::json(self.status, self.body().to_string())).with_headers(headers)
    }
}
