//! Answers in Azure DevOps' own words, the refusals above all: the number in front of a message is what stays.

use std::borrow::Cow;

use hyper::HeaderMap;
use serde_json::{Value, json};

use crate::servers::Answer;

/// What an operation came to.
pub(super) use crate::servers::server::Outcome as Reply;

/// Returns a list as it is always wrapped.
pub(super) fn list(values: &[Value]) -> Reply {
    Reply::read(&json!({ "count": values.len(), "value": values }))
}

/// Why something is not done.
#[derive(Debug)]
pub(super) struct Refusal {
    pub(super) status: u16,
    pub(super) message: Cow<'static, str>,
    /// The exception's name.
    type_key: &'static str,
    /// What is wrong with which field.
    rules: Vec<Value>,
    /// A mistake of the test's client that Azure DevOps would not tell it.
    pub(super) violation: bool,
}

impl Refusal {
    pub(super) fn new(status: u16, type_key: &'static str, message: impl Into<Cow<'static, str>>) -> Self {
        Self { status, message: message.into(), type_key, rules: Vec::new(), violation: false }
    }

    /// Not there, deleted, or not for you: the three look the same.
    pub(super) fn no_item(id: &str) -> Self {
        let message = format!("TF401232: Work item {id} does not exist, or you do not have permissions to read it.");
        Self::new(404, "WorkItemUnauthorizedAccessException", message)
    }

    pub(super) fn no_project(name: &str) -> Self {
        let message = format!(
            "TF200016: The following project does not exist: {name}. Verify that the name of the project is correct and that the project exists on the specified Azure DevOps Server."
        );
        Self::new(404, "ProjectDoesNotExistWithNameException", message)
    }

    pub(super) fn no_type(name: &str) -> Self {
        let message = format!("VS402323: Work item type {name} does not exist in the project.");
        Self::new(404, "WorkItemTypeNotFoundException", message)
    }

    /// A value that a rule of its field does not allow.
    pub(super) fn rule(field: &'static str, name: &str, code: &str) -> Self {
        let message = format!("TF401320: Rule Error for field {name}. Error code: {code}.");
        let rules = vec![json!({ "fieldReferenceName": field, "fieldStatusFlags": code, "errorMessage": message })];
        Self { rules, ..Self::new(400, "RuleValidationException", message) }
    }

    /// A request whose parts do not go together.
    pub(super) fn argument(message: impl Into<Cow<'static, str>>) -> Self {
        Self::new(400, "VssPropertyValidationException", message)
    }

    pub(super) fn forbidden() -> Self {
        let message = "TF400813: The user is not authorized to access this resource.";
        Self::new(403, "UnauthorizedRequestException", message)
    }

    /// Returns what no description of Azure DevOps has, told to the test instead of the client.
    pub(super) fn violation(message: impl Into<String>) -> Self {
        Self { violation: true, ..Self::new(599, "", message.into()) }
    }

    pub(super) fn body(&self) -> Value {
        let mut body = json!({
            "$id": "1",
            "innerException": null,
            "message": self.message,
            "typeName": format!("Microsoft.TeamFoundation.WorkItemTracking.Server.{}, Microsoft.TeamFoundation.WorkItemTracking.Server", self.type_key),
            "typeKey": self.type_key,
            "errorCode": 0,
            "eventId": 3000,
        });
        if !self.rules.is_empty() {
            body["customProperties"] = json!({ "RuleValidationErrors": self.rules });
        }
        body
    }

    pub(super) fn into_outcome(self, headers: HeaderMap) -> Reply {
        Reply::from(Answer::json(self.status, self.body().to_string())).with_headers(headers)
    }
}
