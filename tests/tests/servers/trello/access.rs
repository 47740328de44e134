//! Who may see what, and how little a refusal says.

use usher_tests::servers::{
    Fake,
    trello::{FakeTrello, RateLimit, Seed},
};

use super::{ask, get, send, signed};
use crate::client::Ask;

#[test]
fn wrong_credentials_are_plain_text() {
    let trello = FakeTrello::start(Seed::small());
    for (header, text) in [
        (signed(&trello, "ATTAwrong"), "invalid token"),
        ("OAuth oauth_consumer_key=\"wrong\", oauth_token=\"ATTAada\"".to_owned(), "invalid key"),
    ] {
        let answer = Ask::get("/members/me").header("authorization", &header).send(&trello).expect(401);
        assert_eq!((answer.text().as_str(), answer.header("content-type")), (text, Some("text/plain; charset=utf-8")));
    }
}

#[test]
fn a_card_of_somebody_else_s_has_the_status_of_wrong_credentials() {
    let trello = FakeTrello::start(Seed::small());
    let id = trello.with_state(|state| state.card("Rotate the keys").value["id"].clone());
    let path = format!("/cards/{}", id.as_str().unwrap_or_default());
    let answer = ask(&trello, "GET", &path).send(&trello).expect(401);
    assert_eq!(answer.text(), "unauthorized card permission requested");
    let missing = ask(&trello, "GET", "/cards/fKe99999").send(&trello).expect(404);
    assert_eq!(missing.text(), "The requested resource was not found.");
}

#[test]
fn a_token_that_may_only_read_changes_nothing() {
    let trello = FakeTrello::start(Seed::small());
    let header = signed(&trello, "ATTAadareads");
    let answer =
        Ask::new("PUT", "/cards/fKe10000").header("authorization", &header).json(&serde_json::json!({"name": "x"}));
    assert_eq!(answer.send(&trello).expect(401).json()["message"], "missing scopes");
    assert_eq!(get(&trello, "/cards/fKe10000")["name"], "Export stops half-way");
    assert_eq!(trello.server().ledger().committed().len(), 0);
}

#[test]
fn limits_are_told_apart_by_their_codes_and_headers() {
    let trello = FakeTrello::start(Seed::small());
    for (limit, code, header) in [
        (RateLimit::Key, "API_KEY_LIMIT_EXCEEDED", "x-rate-limit-api-key-remaining"),
        (RateLimit::Token, "API_TOKEN_LIMIT_EXCEEDED", "x-rate-limit-api-token-remaining"),
    ] {
        trello.rate_limit(limit, 1);
        let answer = ask(&trello, "GET", "/members/me").send(&trello).expect(429);
        assert_eq!((answer.json()["error"].as_str(), answer.header(header)), (Some(code), Some("0")));
        assert_eq!(answer.header("retry-after"), None);
    }
    trello.rate_limit(RateLimit::Cards, 1);
    let answer = ask(&trello, "GET", "/boards/webBoard/cards/all?limit=1000").send(&trello).expect(429);
    assert_eq!(answer.json()["error"], "API_TOO_MANY_CARDS_REQUESTED");
    assert_eq!(
        send(&trello, "PUT", "/cards/fKe10000", &serde_json::json!({"name": "New"})).expect(200).json()["name"],
        "New"
    );
}
