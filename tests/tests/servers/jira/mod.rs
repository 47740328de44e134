//! The fake Jira does what Jira does, and its traps are where Jira's are.

mod access;
mod answers;
mod data_center;
mod limits;
mod reads;
mod search;
mod violations;
mod writes;

use base64::{Engine as _, prelude::BASE64_STANDARD};
use serde_json::Value;
use usher_tests::servers::jira::{FakeJira, TokenKind};

use crate::client::{Answer, Ask};

/// Returns a header's value for a user and a password.
fn basic((user, password): &(String, String)) -> String {
    format!("Basic {}", BASE64_STANDARD.encode(format!("{user}:{password}")))
}

/// Returns a request in the name of `ada`.
fn ask(jira: &FakeJira, method: &str, path: &str) -> Ask {
    Ask::new(method, path).header("authorization", &basic(&jira.token("ada", TokenKind::Basic)))
}

#[track_caller]
fn get(jira: &FakeJira, path: &str) -> Value {
    ask(jira, "GET", path).send(jira).expect(200).json()
}

fn send(jira: &FakeJira, method: &str, path: &str, body: &Value) -> Answer {
    ask(jira, method, path).json(body).send(jira)
}

/// Returns a document with one paragraph.
fn document(text: &str) -> Value {
    serde_json::json!({
        "type": "doc", "version": 1,
        "content": [{ "type": "paragraph", "content": [{ "type": "text", "text": text }] }],
    })
}

/// Returns the keys of a list of issues.
fn keys(list: &Value) -> Vec<String> {
    let issues = list["issues"].as_array().expect("a list of issues");
    issues.iter().filter_map(|issue| issue["key"].as_str().map(str::to_owned)).collect()
}
