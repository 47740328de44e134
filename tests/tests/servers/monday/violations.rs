//! Every kind of wrong request is found, and named.

use serde_json::{Value, json};
use usher_tests::servers::{
    VIOLATION,
    monday::{FakeMonday, Seed},
};

use super::ask;
use crate::client::Ask;

/// Sends a wrong request, and returns what the fake says about it.
#[track_caller]
fn violation(ask: impl FnOnce(&FakeMonday) -> Ask) -> String {
    let monday = FakeMonday::start(Seed::small());
    let answer = ask(&monday).send(&monday).expect(VIOLATION);
    let violations = monday.violations();
    assert_eq!(violations.len(), 1, "{violations:#?}");
    assert_eq!(answer.json()["message"], violations[0].as_str());
    violations[0].clone()
}

#[track_caller]
fn wrong_query(query: &str, variables: Value) -> String {
    violation(|monday| ask(monday, query, &variables))
}

#[test]
fn unknown_path_method_and_version_are_found() {
    let at = |method: &str, path: &str| Ask::new(method, path).header("api-version", "2026-10");
    assert_eq!(violation(|_| at("POST", "/graphql")), "POST /graphql: the only path is /v2");
    assert_eq!(violation(|_| at("GET", "/v2")), "GET /v2: /v2 knows POST");
    let older = violation(|monday| ask(monday, "{ me { id } }", &json!({})).without("api-version"));
    assert!(older.contains("no version of the API is asked for, and the fake has 2026-10"), "{older}");
}

#[test]
fn field_argument_and_word_that_the_schema_does_not_have_are_found() {
    for (query, what) in [
        ("{ me { nickname } }", "nickname"),
        ("{ items(key: 1) { name } }", "key"),
        ("{ boards(state: open) { name } }", "open"),
        ("{ items(ids: [1]) { column_values { label } } }", "label"),
    ] {
        let found = wrong_query(query, json!({}));
        assert!(found.contains(what), "{found}");
    }
}

#[test]
fn variable_that_is_missing_wrong_or_not_declared_is_found() {
    let query = "query($c: String!) { next_items_page(cursor: $c) { cursor } }";
    assert!(wrong_query(query, json!({})).contains("missing value for non-null variable 'c'"));
    assert!(wrong_query(query, json!({ "c": 7 })).contains('c'));
    assert!(wrong_query(query, json!({ "c": "x", "d": 1 })).contains("the variable `d` is not declared"));
    let rules = "query($q: ItemsQuery) { boards(ids: [1111111111]) { items_page(query_params: $q) { cursor } } }";
    let found = wrong_query(rules, json!({ "q": { "rules": [{ "column_id": "status", "operator": "is" }] } }));
    assert!(
        found.contains("ItemsQueryRule") || found.contains("operator") || found.contains("compare_value"),
        "{found}"
    );
}

#[test]
fn what_the_schema_has_and_the_fake_does_not_is_found() {
    for (query, what) in [
        ("{ me { birthday } }", "User.birthday"),
        ("{ items(ids: [9000000001], newest_first: true) { id } }", "the argument `newest_first: true` of items"),
        (
            "{ boards(ids: [1111111111]) { items_page(query_params: { rules: [{ column_id: \"tags\", compare_value: [1] }] }) { cursor } } }",
            "the rule `any_of` about a column of the type tags",
        ),
    ] {
        let found = wrong_query(query, json!({}));
        assert!(found.contains(&format!("the fake does not have {what}")), "{found}");
    }
}

#[test]
#[should_panic(expected = "monday.com does not describe these requests")]
fn wrong_request_fails_the_test_that_sent_it() {
    let monday = FakeMonday::start(Seed::small());
    Ask::get("/").send(&monday).expect(VIOLATION);
}
