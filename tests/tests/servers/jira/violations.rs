//! Every kind of wrong request is found, and named.

use serde_json::json;
use usher_tests::servers::{
    VIOLATION,
    jira::{FakeJira, Seed},
};

use super::{ask, document};
use crate::client::Ask;

/// Sends a wrong request, and returns what the fake says about it.
#[track_caller]
fn violation(ask: impl FnOnce(&FakeJira) -> Ask) -> String {
    let jira = FakeJira::cloud(Seed::small_cloud());
    let answer = ask(&jira).send(&jira).expect(VIOLATION);
    let violations = jira.violations();
    assert_eq!(violations.len(), 1, "{violations:#?}");
    assert_eq!(answer.json()["message"], violations[0].as_str());
    violations[0].clone()
}

#[test]
fn unknown_path_and_method_are_found() {
    let path = violation(|jira| ask(jira, "GET", "/rest/api/3/tickets"));
    assert_eq!(path, "GET /rest/api/3/tickets: the path is not in the document");
    let method = violation(|jira| ask(jira, "DELETE", "/rest/api/3/myself"));
    assert!(method.ends_with("/rest/api/3/myself knows GET"), "{method}");
}

#[test]
fn unknown_query_parameter_and_value_are_found() {
    let name = violation(|jira| ask(jira, "GET", "/rest/api/3/issue/OPS-1?field=summary"));
    assert!(name.contains("query parameter `field` is not known"), "{name}");
    let value = violation(|jira| ask(jira, "GET", "/rest/api/3/label?maxResults=all"));
    assert!(value.contains("query parameter `maxResults`: \"all\" is not of type \"integer\""), "{value}");
}

#[test]
fn wrong_content_type_and_body_are_found() {
    let post = |kind: &str, body: &str| violation(|jira| ask(jira, "POST", "/rest/api/3/search/jql").text(kind, body));
    assert!(post("text/plain", "{}").contains("content type `text/plain` is not taken"));
    assert!(post("application/json", "{").contains("the body is not JSON"));
    assert!(post("application/json", "{\"query\":\"x\"}").contains("query"));
    assert!(post("application/json", "{\"jql\":7}").contains("/jql: 7 is not of type \"string\""));
}

#[test]
fn document_that_its_schema_does_not_allow_is_found() {
    let body = |body: serde_json::Value| {
        violation(|jira| ask(jira, "POST", "/rest/api/3/issue/OPS-1/comment").json(&json!({ "body": body })))
    };
    assert!(body(document("")).contains("comment is not a document that Jira takes"));
    let heading = json!({ "type": "doc", "version": 1, "content": [{ "type": "listItem", "content": [] }] });
    assert!(body(heading).contains("comment is not a document that Jira takes"));
}

#[test]
fn form_without_a_file_is_found() {
    let form = "--x\r\nContent-Disposition: form-data; name=\"other\"\r\n\r\none\r\n--x--\r\n";
    let found = violation(|jira| {
        let upload = ask(jira, "POST", "/rest/api/3/issue/OPS-1/attachments").header("x-atlassian-token", "no-check");
        upload.text("multipart/form-data; boundary=x", form)
    });
    assert!(found.contains("a part is no file"), "{found}");
}

#[test]
#[should_panic(expected = "Jira does not describe these requests")]
fn wrong_request_fails_the_test_that_sent_it() {
    let jira = FakeJira::cloud(Seed::small_cloud());
    Ask::get("/").send(&jira).expect(VIOLATION);
}
