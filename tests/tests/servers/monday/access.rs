//! Who is known, and what they see and may do.

use serde_json::json;
use usher_tests::servers::{
    Fake,
    monday::{FakeMonday, Seed},
};

use super::{WEB, ask, data, error, number, only_error};

const ME: &str = "{ me { name email account { slug tier } } }";

#[test]
fn without_a_token_that_is_known_nothing_is_answered() {
    let monday = FakeMonday::start(Seed::small());
    for token in [None, Some("monday_eve")] {
        let ask = ask(&monday, ME, &json!({})).without("authorization");
        let ask = token.into_iter().fold(ask, |ask, token| ask.header("authorization", token));
        let error = only_error(&ask.send(&monday).expect(401));
        assert_eq!(error["extensions"]["code"], "NOT_AUTHENTICATED");
    }
}

#[test]
fn token_is_sent_bare_or_as_a_bearer() {
    let monday = FakeMonday::start(Seed::small());
    assert_eq!(data(&monday, ME, &json!({}))["me"]["email"], "ada@example.com");
    let bearer = ask(&monday, ME, &json!({})).without("authorization").token(&monday.token("ben"));
    assert_eq!(bearer.send(&monday).expect(200).json()["data"]["me"]["name"], "Ben Bitdiddle");
}

#[test]
fn token_that_only_reads_is_refused_with_http_200() {
    let monday = FakeMonday::start(Seed::small());
    let mutation = format!("mutation {{ create_item(board_id: {WEB}, item_name: \"New\") {{ id }} }}");
    let ask = ask(&monday, &mutation, &json!({})).without("authorization").header("authorization", "monday_ada_read");
    let answer = ask.send(&monday).expect(200);
    let error = only_error(&answer);
    assert_eq!(
        (&error["extensions"]["code"], &error["extensions"]["status_code"], &error["path"]),
        (&json!("USER_UNAUTHORIZED"), &json!(403), &json!(["create_item"]))
    );
    assert_eq!(answer.json()["data"], json!({ "create_item": null }));
    assert_eq!(monday.server().ledger().committed().len(), 0);
}

#[test]
fn board_that_is_not_seen_is_not_there() {
    let monday = FakeMonday::start(Seed::small());
    let secret = number(&monday, "Rotate the keys");
    let query = "query($i: [ID!]) { boards(ids: [5555555555]) { name } items(ids: $i) { name } }";
    let own = data(&monday, query, &json!({ "i": [secret] }));
    assert_eq!(own, json!({ "boards": [{ "name": "Secret" }], "items": [{ "name": "Rotate the keys" }] }));
    let ask = ask(&monday, query, &json!({ "i": [secret] })).without("authorization").token(&monday.token("ben"));
    assert_eq!(ask.send(&monday).expect(200).json()["data"], json!({ "boards": [], "items": [] }));
}

#[test]
fn what_is_not_there_is_nothing_when_it_is_read_and_an_error_when_it_is_written() {
    let monday = FakeMonday::start(Seed::small());
    let read = data(&monday, "{ items(ids: [\"123\"]) { id } boards(ids: [\"123\"]) { id } }", &json!({}));
    assert_eq!(read, json!({ "items": [], "boards": [] }));
    for (mutation, code) in [
        ("mutation { create_item(board_id: 123, item_name: \"New\") { id } }", "InvalidBoardIdException"),
        ("mutation { create_update(item_id: 123, body: \"Hm\") { id } }", "InvalidItemIdException"),
    ] {
        assert_eq!(error(&monday, mutation, &json!({}))["extensions"]["code"], code, "{mutation}");
    }
}
