//! Keys: how they are sent, what they may do, and whom they hide from whom.

use serde_json::json;
use usher_tests::servers::linear::{FakeLinear, Seed};

use super::only_error;
use crate::client::{Answer, Ask};

fn viewer(linear: &FakeLinear, authorization: Option<&str>) -> Answer {
    send(linear, authorization, "{ viewer { displayName } issues(first: 100) { nodes { identifier } } }")
}

fn send(linear: &FakeLinear, authorization: Option<&str>, query: &str) -> Answer {
    let ask = Ask::new("POST", "/graphql").json(&json!({ "query": query }));
    match authorization {
        Some(text) => ask.header("authorization", text).send(linear),
        None => ask.send(linear),
    }
}

#[test]
fn personal_key_is_sent_bare_and_a_token_of_an_app_after_bearer() {
    let linear = FakeLinear::start(Seed::small());
    for authorization in ["lin_api_ada", "Bearer lin_oauth_ada"] {
        assert_eq!(viewer(&linear, Some(authorization)).expect(200).json()["data"]["viewer"]["displayName"], "ada");
    }
}

#[test]
fn personal_key_after_bearer_is_refused_with_a_hint() {
    let linear = FakeLinear::start(Seed::small());
    let error = only_error(&viewer(&linear, Some("Bearer lin_api_ada")).expect(400));
    assert!(error["message"].as_str().is_some_and(|message| message.contains("Remove the Bearer prefix")), "{error}");
    assert_eq!(error["extensions"]["code"], "AUTHENTICATION_ERROR");
}

#[test]
fn wrong_key_no_key_and_a_bare_token_of_an_app_are_401() {
    let linear = FakeLinear::start(Seed::small());
    for authorization in [Some("lin_api_wrong"), None, Some("lin_oauth_ada")] {
        let error = only_error(&viewer(&linear, authorization).expect(401));
        assert_eq!(error["extensions"]["code"], "AUTHENTICATION_ERROR", "{authorization:?}");
    }
}

#[test]
fn key_that_only_reads_is_forbidden_to_write_with_status_200() {
    let linear = FakeLinear::start(Seed::small());
    viewer(&linear, Some("lin_api_ada_read")).expect(200);
    let mutation = "mutation { issueArchive(id: \"ENG-1\") { success } }";
    let error = only_error(&send(&linear, Some("lin_api_ada_read"), mutation).expect(200));
    assert_eq!(error["extensions"]["code"], "FORBIDDEN");
    assert!(linear.issue("ENG-1").meta.archived_at.is_none());
}

#[test]
fn private_team_does_not_exist_for_those_outside() {
    let linear = FakeLinear::start(Seed::small());
    let sees = |key: &str| viewer(&linear, Some(key)).expect(200).text().contains("SEC-1");
    assert!(sees("lin_api_ada") && !sees("lin_api_ben"));
    let error = only_error(&send(&linear, Some("lin_api_ben"), "{ issue(id: \"SEC-1\") { title } }").expect(200));
    assert_eq!(error["message"], "Entity not found: Issue");
}
