//! The fake monday.com does what monday.com does, and its traps are where monday.com's are.

mod access;
mod limits;
mod lists;
mod reads;
mod violations;
mod writes;

use serde_json::{Value, json};
use usher_tests::servers::monday::FakeMonday;

use crate::client::{Answer, Ask};

/// The board that most tests look at.
const WEB: &str = "1111111111";

/// Returns a request with a query and its variables, in the name of `ada`.
fn ask(monday: &FakeMonday, query: &str, variables: &Value) -> Ask {
    let body = json!({ "query": query, "variables": variables });
    let ask = Ask::new("POST", "/v2").header("authorization", &monday.token("ada")).header("api-version", "2026-10");
    ask.json(&body)
}

/// Asks, and returns `data` of an answer without errors.
#[track_caller]
fn data(monday: &FakeMonday, query: &str, variables: &Value) -> Value {
    let answer = ask(monday, query, variables).send(monday).expect(200).json();
    assert_eq!(answer.get("errors"), None, "{answer:#}");
    answer["data"].clone()
}

/// Asks, and returns the only error of an answer with HTTP 200.
#[track_caller]
fn error(monday: &FakeMonday, query: &str, variables: &Value) -> Value {
    only_error(&ask(monday, query, variables).send(monday).expect(200))
}

#[track_caller]
fn only_error(answer: &Answer) -> Value {
    let errors = answer.json()["errors"].as_array().cloned().unwrap_or_default();
    assert_eq!(errors.len(), 1, "{errors:#?}");
    errors[0].clone()
}

/// Returns an item's number by its name.
fn number(monday: &FakeMonday, name: &str) -> String {
    monday.item(name).id
}
