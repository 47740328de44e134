//! Every kind of wrong request is found, and named.

use serde_json::json;
use usher_tests::servers::{
    VIOLATION,
    trello::{FakeTrello, Seed, documents},
};

use super::ask;
use crate::client::Ask;

/// Sends a wrong request, and returns what the fake says about it.
#[track_caller]
fn violation(ask: impl FnOnce(&FakeTrello) -> Ask) -> String {
    let trello = FakeTrello::start(Seed::small());
    let answer = ask(&trello).send(&trello).expect(VIOLATION);
    let violations = trello.violations();
    assert_eq!(violations.len(), 1, "{violations:#?}");
    assert_eq!(answer.json()["message"], violations[0].as_str());
    violations[0].clone()
}

#[test]
fn unknown_path_method_and_id_are_found() {
    let path = violation(|trello| ask(trello, "GET", "/tickets"));
    assert!(path.contains("the path is not in the document"), "{path}");
    let method = violation(|trello| ask(trello, "DELETE", "/boards/webBoard"));
    assert!(method.contains("knows GET"), "{method}");
    let id = violation(|trello| ask(trello, "GET", "/cards/no-card"));
    assert!(id.contains("path parameter `id`"), "{id}");
}

#[test]
fn unknown_missing_and_wrong_parameters_are_found() {
    let unknown = violation(|trello| ask(trello, "GET", "/cards/fKe10000?expand=all"));
    assert!(unknown.contains("query parameter `expand` is not known"), "{unknown}");
    let missing = violation(|trello| ask(trello, "GET", "/search?modelTypes=cards"));
    assert!(missing.contains("query parameter `query` is missing"), "{missing}");
    let value = violation(|trello| ask(trello, "GET", "/boards/webBoard/cards/all?limit=5000"));
    assert!(value.contains("query parameter `limit`"), "{value}");
    let many =
        violation(|trello| ask(trello, "GET", &format!("/batch?urls={}", ["/cards/fKe10000/actions"; 11].join(","))));
    assert!(many.contains("query parameter `urls`"), "{many}");
}

#[test]
fn wrong_bodies_are_found() {
    let list = violation(|trello| ask(trello, "POST", "/cards").json(&json!({ "name": "New" })));
    assert!(list.contains("query parameter `idList` is missing"), "{list}");
    let member = violation(|trello| ask(trello, "PUT", "/cards/fKe10000").json(&json!({ "title": "New" })));
    assert!(member.contains("query parameter `title` is not known"), "{member}");
    let value = violation(|trello| ask(trello, "PUT", "/cards/fKe10000").json(&json!({ "closed": "maybe" })));
    assert!(value.contains("query parameter `closed`"), "{value}");
    let nested = violation(|trello| ask(trello, "PUT", "/cards/fKe10000").json(&json!({ "idLabels": [] })));
    assert!(nested.contains("`idLabels` of the body"), "{nested}");
    let kind = violation(|trello| ask(trello, "PUT", "/cards/fKe10000").text("text/plain", "x"));
    assert!(kind.contains("content type `text/plain` is not taken"), "{kind}");
    let form = violation(|trello| {
        ask(trello, "POST", "/cards/fKe10000/attachments").text("multipart/form-data; boundary=x", "--y--")
    });
    assert!(form.contains("the form is not right"), "{form}");
}

#[test]
fn a_secret_in_an_address_is_found() {
    let secret = violation(|trello| ask(trello, "GET", "/members/me?token=x"));
    assert!(secret.contains("addresses end in logs"), "{secret}");
}

#[test]
fn atlassian_s_own_document_is_checked_against_where_there_is_one() {
    match documents::whole() {
        Some(whole) => {
            assert!(whole.knows("/cards/5f0000000000000000000001/actions/comments"));
            println!("requests were checked against Atlassian's own document, and against the one here");
        }
        None => println!(
            "requests were checked against the document here alone: USHER_SPECS names no folder with Atlassian's"
        ),
    }
}

#[test]
#[should_panic(expected = "Trello does not describe these requests")]
fn wrong_request_fails_the_test_that_sent_it() {
    let trello = FakeTrello::start(Seed::small());
    Ask::get("/").send(&trello).expect(VIOLATION);
}
