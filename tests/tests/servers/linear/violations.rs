//! Every kind of wrong request is found, and named.

use serde_json::{Value, json};
use usher_tests::servers::{
    VIOLATION,
    linear::{FakeLinear, Seed},
};

use super::ask;
use crate::client::Ask;

/// Sends a wrong request, and returns what the fake says about it.
#[track_caller]
fn violation(ask: impl FnOnce(&FakeLinear) -> Ask) -> String {
    let linear = FakeLinear::start(Seed::small());
    let answer = ask(&linear).send(&linear).expect(VIOLATION);
    let violations = linear.violations();
    assert_eq!(violations.len(), 1, "{violations:#?}");
    assert_eq!(answer.json()["message"], violations[0].as_str());
    violations[0].clone()
}

#[track_caller]
fn wrong_query(query: &str, variables: Value) -> String {
    violation(|linear| ask(linear, query, &variables))
}

#[test]
fn unknown_path_and_method_are_found() {
    assert_eq!(violation(|_| Ask::new("POST", "/api")), "POST /api: the only path is /graphql");
    assert_eq!(violation(|_| Ask::get("/graphql")), "GET /graphql: /graphql knows POST");
    assert!(violation(|_| Ask::new("POST", "/graphql?a=b")).contains("the query `a=b` means nothing"));
}

#[test]
fn wrong_content_type_and_body_are_found() {
    let text = |kind: &str, body: &str| violation(|_| Ask::new("POST", "/graphql").text(kind, body));
    assert!(
        text("application/graphql", "{ viewer { id } }").contains("content type `application/graphql` is not taken")
    );
    assert!(text("application/json", "{").contains("the body is not JSON"));
    assert!(text("application/json", "{\"variables\":{}}").contains("the body has no `query`"));
    assert!(
        text("application/json", "{\"query\":\"{ viewer { id } }\",\"extra\":1}").contains("`extra` means nothing")
    );
}

#[test]
fn field_that_the_schema_does_not_have_is_found() {
    let found = wrong_query("{ viewer { nickname } }", json!({}));
    assert!(found.contains("nickname"), "{found}");
}

#[test]
fn argument_that_the_schema_does_not_have_is_found() {
    let found = wrong_query("{ issues(limit: 3) { nodes { id } } }", json!({}));
    assert!(found.contains("limit"), "{found}");
}

#[test]
fn word_that_is_not_in_the_enum_is_found() {
    let found = wrong_query("{ issues(orderBy: priority) { nodes { id } } }", json!({}));
    assert!(found.contains("priority"), "{found}");
}

#[test]
fn variable_that_is_missing_wrong_or_not_declared_is_found() {
    let query = "query($id: String!) { issue(id: $id) { id } }";
    let missing = wrong_query(query, json!({}));
    assert!(missing.contains("missing value for non-null variable 'id'"), "{missing}");
    let wrong = wrong_query(query, json!({ "id": 7 }));
    assert!(wrong.contains("id"), "{wrong}");
    let stranger = wrong_query(query, json!({ "id": "ENG-1", "team": "ENG" }));
    assert!(stranger.contains("the variable `team` is not declared"), "{stranger}");
}

#[test]
fn member_of_an_input_that_the_schema_does_not_have_is_found() {
    let query = "query($f: IssueFilter) { issues(filter: $f) { nodes { id } } }";
    let found = wrong_query(query, json!({ "f": { "status": { "eq": "open" } } }));
    assert!(found.contains("status"), "{found}");
    let comparator = wrong_query(query, json!({ "f": { "title": { "like": "x" } } }));
    assert!(comparator.contains("like"), "{comparator}");
}

#[test]
fn what_the_schema_has_and_the_fake_does_not_is_found() {
    let found = wrong_query("{ issue(id: \"ENG-1\") { activitySummary } }", json!({}));
    assert!(found.contains("the fake does not have Issue.activitySummary"), "{found}");
}

#[test]
#[should_panic(expected = "Linear does not describe these requests")]
fn wrong_request_fails_the_test_that_sent_it() {
    let linear = FakeLinear::start(Seed::small());
    Ask::get("/").send(&linear).expect(VIOLATION);
}
