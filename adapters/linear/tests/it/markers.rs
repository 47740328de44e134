//! What a lost answer may have left behind.

use serde_json::json;
use usher_adapter_sdk::{ErrorKind, message::MarkerKind};

use crate::server::{Server, data, failure, nodes, uuid};

#[test]
fn an_issue_is_found_by_the_id_that_it_was_to_have() {
    let server = Server::new(|_| {
        let issue =
            json!({ "identifier": "ENG-5", "url": "https://linear.app/x", "createdAt": "2026-01-01T00:00:00.000Z" });
        data(json!({ "issues": nodes(json!([issue])) }))
    });
    let found = server.kit.find_by_marker(MarkerKind::Ticket, &uuid(9), None).unwrap();
    assert_eq!(
        (found[0].key.as_str(), found[0].created_at.unwrap().to_string().as_str()),
        ("ENG-5", "2026-01-01T00:00:00Z")
    );
    assert_eq!((server.operations(), server.last()), (vec!["FoundIssues".to_owned()], json!({ "id": uuid(9) })));
}

#[test]
fn a_comment_is_found_on_the_issue_that_now_has_it() {
    let server = Server::new(|_| {
        let comment = json!({ "id": uuid(9), "url": null, "createdAt": null, "issue": { "identifier": "OPS-1" } });
        data(json!({ "comments": nodes(json!([comment])) }))
    });
    let found = server.kit.find_by_marker(MarkerKind::Note, &uuid(9), Some(&"ENG-5".into())).unwrap();
    assert_eq!((found[0].key.as_str(), found[0].note_id.as_deref()), ("OPS-1", Some(uuid(9).as_str())));
}

#[test]
fn nothing_found_is_told_from_not_being_allowed_to_look() {
    let server = Server::new(|_| data(json!({ "issues": nodes(json!([])) })));
    assert!(server.kit.find_by_marker(MarkerKind::Ticket, &uuid(9), None).unwrap().is_empty());
    let server = Server::new(|_| failure(401, "AUTHENTICATION_ERROR", "authentication error", &["issues"]));
    let error = server.kit.find_by_marker(MarkerKind::Ticket, &uuid(9), None).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Authentication);
}

#[test]
fn what_cannot_be_a_marker_is_refused() {
    let server = Server::new(|_| data(json!({})));
    for marker in ["", "x", "00000000-0000-4000-8000-00000000000"] {
        let error = server.kit.find_by_marker(MarkerKind::Ticket, marker, None).unwrap_err();
        assert_eq!((error.kind(), server.operations().len()), (ErrorKind::Validation, 0), "{marker}");
    }
}
