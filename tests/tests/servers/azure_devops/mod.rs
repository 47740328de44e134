//! The fake Azure DevOps does what Azure DevOps does, and its traps are where Azure DevOps' are.

mod access;
mod answers;
mod limits;
mod queries;
mod reads;
mod violations;
mod writes;

use base64::{Engine as _, prelude::BASE64_STANDARD};
use serde_json::{Value, json};
use usher_tests::servers::azure_devops::FakeAzureDevOps;

use crate::client::{Answer, Ask};

/// Returns a header's value for a personal access token.
fn basic(token: &str) -> String {
    format!("Basic {}", BASE64_STANDARD.encode(format!(":{token}")))
}

/// Returns a request in the name of `ada`, below the organisation. The version is added, where there is none.
fn ask(azure: &FakeAzureDevOps, method: &str, path: &str) -> Ask {
    Ask::new(method, &target(azure, path)).header("authorization", &basic(&azure.token("ada")))
}

/// Returns path and query of a request, with the version of the API that this part has.
fn target(azure: &FakeAzureDevOps, path: &str) -> String {
    let sign = if path.contains('?') { '&' } else { '?' };
    let preview = path.contains("/comments") || path.contains("/connectionData");
    let version = if preview { "7.1-preview.4" } else { "7.1" };
    let version = if path.contains("api-version=") { String::new() } else { format!("{sign}api-version={version}") };
    format!("/{}{path}{version}", azure.organization())
}

#[track_caller]
fn get(azure: &FakeAzureDevOps, path: &str) -> Value {
    ask(azure, "GET", path).send(azure).expect(200).json()
}

fn post(azure: &FakeAzureDevOps, path: &str, body: &Value) -> Answer {
    ask(azure, "POST", path).json(body).send(azure)
}

/// Sends a patch to a work item, or for a new one.
fn patch(azure: &FakeAzureDevOps, method: &str, path: &str, operations: &Value) -> Answer {
    ask(azure, method, path).text("application/json-patch+json", &operations.to_string()).send(azure)
}

/// Returns an operation that sets a field.
fn set(field: &str, value: impl Into<Value>) -> Value {
    json!({ "op": "add", "path": format!("/fields/{field}"), "value": value.into() })
}
