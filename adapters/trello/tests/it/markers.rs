//! What an ambiguous write may have left behind.

use serde_json::json;
use usher_adapter_sdk::{ErrorKind, message::MarkerKind};

use crate::server::{Server, card, comment};

const MARKER: &str = "6f1e3b52-0d0a-4f0e-9d6b-2f1f0c6f7a11";

#[test]
fn a_card_is_found_on_the_boards_of_the_connection_and_of_the_account() {
    let other = json!([{"id": "5f00000000000000000000b9", "name": "Other"}]);
    let marked = card(json!({"desc": format!("x\n\n[//]: # (usher:{MARKER})")}));
    let server = Server::of(vec![
        ("GET /members/me/boards", other),
        ("GET /boards/5f00000000000000000000b0/cards/all", json!([card(json!({"shortLink": "card0001"}))])),
        ("GET /boards/5f00000000000000000000b9/cards/all", json!([marked])),
    ]);
    let found = server.kit.find_by_marker(MarkerKind::Ticket, MARKER, None).unwrap();
    assert_eq!(found.iter().map(|found| found.key.as_str()).collect::<Vec<_>>(), ["card0005"]);
    // A day before the clock of the test's host, 2026-01-01.
    assert!(
        server.lines().iter().any(|line| line.ends_with("cards/all?limit=1000&since=695467800000000000000000")),
        "{:?}",
        server.lines()
    );
}

#[test]
fn a_comment_is_found_on_its_card() {
    let marked = comment(2, &format!("x\n\n[//]: # (usher:{MARKER})"));
    let server = Server::of(vec![("GET /cards/card0005/actions", json!([marked, comment(1, "y")]))]);
    let found = server.kit.find_by_marker(MarkerKind::Note, MARKER, Some(&"card0005".into())).unwrap();
    assert_eq!((found.len(), found[0].note_id.as_deref()), (1, Some("5f1000000000000000000002")));
    assert_eq!(server.kit.find_by_marker(MarkerKind::Note, MARKER, None).unwrap_err().kind(), ErrorKind::Validation);
}
