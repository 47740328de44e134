//! The fake Linear does what Linear does, and its traps are where Linear's are.

mod access;
mod filters;
mod limits;
mod reads;
mod violations;
mod writes;

use serde_json::{Value, json};
use usher_tests::servers::linear::FakeLinear;

use crate::client::{Answer, Ask};

/// Returns a request with a query and its variables, in the name of `ada`.
fn ask(linear: &FakeLinear, query: &str, variables: &Value) -> Ask {
    let body = json!({ "query": query, "variables": variables });
    Ask::new("POST", "/graphql").header("authorization", &linear.token("ada")).json(&body)
}

/// Asks, and returns `data` of an answer without errors.
#[track_caller]
fn data(linear: &FakeLinear, query: &str, variables: &Value) -> Value {
    let answer = ask(linear, query, variables).send(linear).expect(200).json();
    assert_eq!(answer.get("errors"), None, "{answer:#}");
    answer["data"].clone()
}

/// Asks, and returns the only error of an answer with HTTP 200.
#[track_caller]
fn error(linear: &FakeLinear, query: &str, variables: &Value) -> Value {
    only_error(&ask(linear, query, variables).send(linear).expect(200))
}

#[track_caller]
fn only_error(answer: &Answer) -> Value {
    let errors = answer.json()["errors"].as_array().cloned().unwrap_or_default();
    assert_eq!(errors.len(), 1, "{errors:#?}");
    errors[0].clone()
}
