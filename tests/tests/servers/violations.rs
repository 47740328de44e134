//! Every kind of wrong request is found, and named.

use serde_json::json;
use usher_tests::servers::github::{FakeGithub, Seed, VIOLATION};

use crate::client::Ask;

/// Sends a wrong request, and returns what the fake says about it.
#[track_caller]
fn violation(ask: impl FnOnce(&str) -> Ask) -> String {
    let github = FakeGithub::start(Seed::small());
    let answer = ask(&github.token("octocat")).token(&github.token("octocat")).send(&github).expect(VIOLATION);
    let violations = github.violations();
    assert_eq!(violations.len(), 1, "{violations:#?}");
    assert_eq!(answer.json()["message"], violations[0].as_str());
    violations[0].clone()
}

#[test]
fn wrong_method_is_found() {
    let found = violation(|_| Ask::new("PUT", "/repos/acme/app/issues/1").json(&json!({ "title": "New" })));
    assert!(found.ends_with("/repos/{owner}/{repo}/issues/{issue_number} knows GET, PATCH"), "{found}");
}

#[test]
fn unknown_path_is_found() {
    let found = violation(|_| Ask::get("/repos/acme/app/tickets"));
    assert_eq!(found, "GET /repos/acme/app/tickets: the path is not in the document");
}

#[test]
fn path_parameter_of_the_wrong_type_is_found() {
    let found = violation(|_| Ask::get("/repos/acme/app/issues/one"));
    assert!(found.contains("path parameter `issue_number`: \"one\" is not of type \"integer\""), "{found}");
}

#[test]
fn unknown_query_parameter_is_found_with_those_that_are_known() {
    let found = violation(|_| Ask::get("/repos/acme/app/issues?status=open"));
    assert!(found.contains("query parameter `status` is not known; known are: milestone, state, assignee"), "{found}");
}

#[test]
fn query_parameter_that_comes_twice_is_found() {
    let found = violation(|_| Ask::get("/repos/acme/app/issues?labels=a&labels=b"));
    assert!(found.contains("query parameter `labels` is there twice"), "{found}");
}

#[test]
fn word_that_is_not_in_the_enum_is_found() {
    let found = violation(|_| Ask::get("/repos/acme/app/issues?state=done"));
    assert!(
        found.contains("query parameter `state`: \"done\" is not one of \"open\", \"closed\" or \"all\""),
        "{found}"
    );
}

#[test]
fn text_in_place_of_a_number_is_found() {
    let found = violation(|_| Ask::get("/repos/acme/app/issues?per_page=all"));
    assert!(found.contains("query parameter `per_page`: \"all\" is not of type \"integer\""), "{found}");
}

#[test]
fn time_without_a_zone_is_found() {
    let found = violation(|_| Ask::get("/repos/acme/app/issues?since=2026-01-01"));
    assert!(found.contains("query parameter `since`: \"2026-01-01\" is not a \"date-time\""), "{found}");
}

#[test]
fn missing_query_parameter_is_found() {
    let found = violation(|_| Ask::get("/search/issues?sort=updated"));
    assert!(found.contains("query parameter `q` is missing"), "{found}");
}

#[test]
fn cursor_that_was_never_given_out_is_found() {
    let found = violation(|_| Ask::get("/repos/acme/app/issues?after=100"));
    assert!(found.contains("query parameter `after` is not known"), "{found}");
}

#[test]
fn unknown_qualifier_of_a_search_is_found() {
    let found = violation(|_| Ask::get("/search/issues?q=priority:high"));
    assert!(found.contains("the qualifier `priority:` in `q` is not known"), "{found}");
}

#[test]
fn wrong_content_type_is_found() {
    let found = violation(|_| Ask::new("POST", "/repos/acme/app/issues").text("text/plain", "{\"title\":\"New\"}"));
    assert!(found.contains("content type `text/plain` is not taken; taken is: application/json"), "{found}");
}

#[test]
fn body_that_is_not_json_is_found() {
    let found = violation(|_| Ask::new("POST", "/repos/acme/app/issues").text("application/json", "title=New"));
    assert!(found.contains("the body is not JSON"), "{found}");
}

#[test]
fn value_of_the_wrong_type_is_found_with_its_place() {
    let body = json!({ "title": "New", "labels": "bug" });
    let found = violation(|_| Ask::new("POST", "/repos/acme/app/issues").json(&body));
    assert!(found.contains("body: /labels: \"bug\" is not of type \"array\""), "{found}");
}

#[test]
fn member_that_would_be_ignored_in_silence_is_found() {
    let body = json!({ "title": "New", "priority": "high" });
    let found = violation(|_| Ask::new("POST", "/repos/acme/app/issues").json(&body));
    assert!(found.contains("'priority' was unexpected"), "{found}");
}

#[test]
fn missing_member_is_found() {
    let found = violation(|_| Ask::new("POST", "/repos/acme/app/issues").json(&json!({ "body": "No title" })));
    assert!(found.contains("body: \"title\" is a required property"), "{found}");
}

#[test]
fn missing_body_is_found() {
    let found = violation(|_| Ask::new("POST", "/repos/acme/app/issues/1/comments"));
    assert!(found.contains("the body is missing"), "{found}");
}

#[test]
fn body_where_none_is_taken_is_found() {
    let found = violation(|_| Ask::get("/user").json(&json!({})));
    assert!(found.contains("there is a body, and this operation takes none"), "{found}");
}

#[test]
fn slash_at_the_end_is_not_found_and_a_violation() {
    let github = FakeGithub::start(Seed::small());
    Ask::get("/repos/acme/app/issues/").send(&github).expect(404);
    assert_eq!(github.violations(), ["GET /repos/acme/app/issues/: the path is not in the document"]);
}

#[test]
fn path_of_github_com_on_an_enterprise_server_is_found() {
    let github = FakeGithub::build(Seed::small()).enterprise().start();
    let root = github.server().address();
    let bytes =
        Ask::get("/user").exchange(std::net::TcpStream::connect(root).expect("it listens")).expect("it answers");
    assert_eq!(crate::client::Answer::parse(&bytes).status, VIOLATION);
    assert!(github.violations()[0].contains("/api/v3"));
}

#[test]
#[should_panic(expected = "GitHub does not describe these requests:\nGET /nowhere")]
fn wrong_request_fails_a_test_that_does_not_look_for_it() {
    let github = FakeGithub::start(Seed::small());
    Ask::get("/nowhere").send(&github).expect(VIOLATION);
}
