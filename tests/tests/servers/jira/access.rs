//! Tokens: which door takes which, and what a wrong one looks like.

use usher_tests::servers::jira::{FakeJira, Seed, TokenKind};

use super::{ask, basic, keys};
use crate::client::{Answer, Ask};

const SEARCH: &str = "/rest/api/3/search/jql?jql=project%3DOPS&fields=id";

fn with(jira: &FakeJira, path: &str, authorization: &str) -> Answer {
    Ask::get(path).header("authorization", authorization).send(jira)
}

#[test]
fn wrong_token_is_answered_as_nobody_with_200_and_nothing() {
    let jira = FakeJira::cloud(Seed::small_cloud());
    let wrong = basic(&("ada@example.com".to_owned(), "wrong".to_owned()));
    let answer = with(&jira, SEARCH, &wrong).expect(200);
    assert_eq!(answer.header("x-seraph-loginreason"), Some("AUTHENTICATED_FAILED"));
    assert_eq!(keys(&answer.json()), [""; 0]);
    with(&jira, "/rest/api/3/issue/OPS-2", &wrong).expect(404);
    with(&jira, "/rest/api/3/project/search", &wrong).expect(200);
    with(&jira, "/rest/api/3/myself", &wrong).expect(401);
    let right = ask(&jira, "GET", SEARCH).send(&jira).expect(200);
    assert_eq!((right.header("x-seraph-loginreason"), keys(&right.json()).len()), (Some("OK"), 9));
}

#[test]
fn token_with_scopes_is_taken_by_the_gateway_and_refused_by_the_site() {
    let jira = FakeJira::cloud(Seed::small_cloud());
    let scoped = basic(&jira.token("ada", TokenKind::Scoped));
    with(&jira, "/rest/api/3/myself", &scoped).expect(401);
    let id = Ask::get("/_edge/tenant_info").send(&jira).expect(200).json()["cloudId"].clone();
    let path = format!("/ex/jira/{}/rest/api/3/issue/OPS-2", id.as_str().expect("a text"));
    let issue = with(&jira, &path, &scoped).expect(200).json();
    assert!(
        issue["self"].as_str().is_some_and(|address| address.starts_with(&jira.gateway_url())),
        "{}",
        issue["self"]
    );
    with(&jira, &path, &basic(&jira.credentials("ada"))).expect(401);
    let bearer = format!("Bearer {}", jira.token("ada", TokenKind::Bearer).1);
    with(&jira, &path, &bearer).expect(200);
    with(&jira, "/rest/api/3/myself", &bearer).expect(401);
}

#[test]
fn project_of_others_does_not_exist() {
    let jira = FakeJira::cloud(Seed::small_cloud());
    let ben = basic(&jira.credentials("ben"));
    with(&jira, "/rest/api/3/issue/SEC-1", &ben).expect(404);
    with(&jira, "/rest/api/3/project/SEC", &ben).expect(404);
    let refused = with(&jira, "/rest/api/3/search/jql?jql=project%3DSEC", &ben).expect(400).json();
    assert_eq!(refused["errorMessages"][0], "The value 'SEC' does not exist for the field 'project'.");
    ask(&jira, "GET", "/rest/api/3/issue/SEC-1").send(&jira).expect(200);
}

#[test]
fn nobody_may_not_write() {
    let jira = FakeJira::cloud(Seed::small_cloud());
    let body = serde_json::json!({ "fields": {} });
    Ask::new("POST", "/rest/api/3/issue").json(&body).send(&jira).expect(401);
}

#[test]
fn data_center_takes_a_token_after_bearer_and_says_401_to_a_wrong_one() {
    let jira = FakeJira::data_center(Seed::small_data_center());
    let bearer = format!("Bearer {}", jira.token("ada", TokenKind::Bearer).1);
    with(&jira, "/rest/api/2/myself", &bearer).expect(200);
    let refused = with(&jira, "/rest/api/2/myself", "Bearer wrong").expect(401);
    assert_eq!(refused.header("x-seraph-loginreason"), Some("AUTHENTICATED_FAILED"));
    jira.use_silent_refusals();
    let silent = with(&jira, "/rest/api/2/myself", "Bearer wrong").expect(200);
    assert_eq!((silent.header("x-seraph-loginreason"), silent.body.len()), (Some("AUTHENTICATED_FAILED"), 0));
}
