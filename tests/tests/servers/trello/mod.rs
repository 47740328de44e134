//! The fake Trello does what Trello does, and its traps are where Trello's are.

mod access;
mod answers;
mod reads;
mod violations;
mod writes;

use serde_json::Value;
use usher_tests::servers::trello::FakeTrello;

use crate::client::{Answer, Ask};

/// Returns a header's value for a token.
fn signed(trello: &FakeTrello, token: &str) -> String {
    format!("OAuth oauth_consumer_key=\"{}\", oauth_token=\"{token}\"", trello.key())
}

/// Returns a request in the name of `ada`.
fn ask(trello: &FakeTrello, method: &str, path: &str) -> Ask {
    Ask::new(method, path).header("authorization", &signed(trello, &trello.token("ada")))
}

#[track_caller]
fn get(trello: &FakeTrello, path: &str) -> Value {
    ask(trello, "GET", path).send(trello).expect(200).json()
}

fn send(trello: &FakeTrello, method: &str, path: &str, body: &Value) -> Answer {
    ask(trello, method, path).json(body).send(trello)
}

/// Returns the ids of a list.
fn ids(list: &Value) -> Vec<String> {
    list.as_array().expect("it is a list").iter().filter_map(|one| one["id"].as_str().map(str::to_owned)).collect()
}
