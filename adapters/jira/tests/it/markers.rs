//! Markers: what an ambiguous write may have left behind is found by direct read.

use serde_json::{Value, json};
use usher_adapter_sdk::{ErrorKind, message::MarkerKind, model::TicketKey};

use crate::server::{Server, comment, connection, empty, issue, ok, unknown};

const MARKER: &str = "6f1e3b52-0d0a-4f0e-9d6b-2f1f0c6f7a11";

fn marked(number: u64) -> Value {
    let mut issue = issue(number, json!({}));
    issue["properties"] = json!({"usher.marker": {"marker": MARKER}});
    issue
}

#[test]
fn an_issue_that_no_search_knows_yet_is_found_behind_the_last_one() {
    let connection = connection().with_default_project("OPS".to_owned());
    let server = Server::with(r#"{"deployment":"cloud"}"#, connection, |asked| match asked.target().as_str() {
        "POST /search/jql" if asked.body.contains("currentUser()") => ok(r#"{"issues":[]}"#),
        "POST /search/jql" => ok(json!({"issues": [issue(41, json!({}))]}).to_string()),
        "POST /issue/bulkfetch" => {
            let body = asked.json();
            assert_eq!(body["properties"], json!(["usher.marker"]));
            assert!(body["issueIdsOrKeys"].as_array().unwrap().contains(&json!("OPS-42")));
            ok(json!({"issues": [issue(41, json!({})), marked(42)]}).to_string())
        }
        _ => unknown(asked),
    });
    let found = server.kit.find_by_marker(MarkerKind::Ticket, MARKER, None).unwrap();
    assert_eq!(found.iter().map(|found| found.key.as_str()).collect::<Vec<_>>(), ["OPS-42"]);
    assert!(server.kit.find_by_marker(MarkerKind::Ticket, "other", None).unwrap().is_empty());
    assert!(server.writes().is_empty());
}

#[test]
fn a_data_center_is_asked_for_each_number() {
    let connection = connection().with_default_project("OPS".to_owned());
    let server = Server::with(r#"{"deployment":"data-center"}"#, connection, |asked| match asked.target().as_str() {
        "POST /search" if asked.body.contains("currentUser()") => ok(r#"{"issues":[],"startAt":0,"total":0}"#),
        "POST /search" => ok(json!({"issues": [issue(41, json!({}))], "startAt": 0, "total": 41}).to_string()),
        "GET /issue/OPS-42" => ok(marked(42).to_string()),
        target if target.starts_with("GET /issue/") => empty(404),
        _ => unknown(asked),
    });
    let found = server.kit.find_by_marker(MarkerKind::Ticket, MARKER, None).unwrap();
    assert_eq!(found[0].key.as_str(), "OPS-42");
}

#[test]
fn a_note_is_found_on_its_ticket_by_its_property() {
    let with = |id: u64, properties: Value| {
        let mut comment = comment(id, "x", true);
        comment["properties"] = properties;
        comment
    };
    let comments = vec![
        with(1, json!([])),
        with(2, json!([{"key": "usher.marker", "value": {"marker": MARKER}}])),
        with(3, json!([{"key": "usher.marker", "value": {"marker": "other"}}])),
    ];
    let server = Server::cloud(move |asked| match asked.target().as_str() {
        "GET /issue/OPS-7/comment" => {
            ok(json!({"comments": comments, "startAt": 0, "maxResults": 100, "total": 3}).to_string())
        }
        _ => unknown(asked),
    });
    let key = TicketKey::new("OPS-7");
    let found = server.kit.find_by_marker(MarkerKind::Note, MARKER, Some(&key)).unwrap();
    assert_eq!(found.iter().map(|found| found.note_id.as_deref()).collect::<Vec<_>>(), [Some("2")]);
    assert_eq!(server.kit.find_by_marker(MarkerKind::Note, MARKER, None).unwrap_err().kind(), ErrorKind::Validation);
}

#[test]
fn where_a_list_shows_no_properties_the_recent_comments_are_asked_for_theirs() {
    let server = Server::cloud(|asked| match asked.target().as_str() {
        "GET /issue/OPS-7/comment" => {
            let mut old = comment(1, "old", true);
            old["created"] = json!("2020-01-01T00:00:00.000+0000");
            ok(json!({"comments": [old, comment(2, "new", true)], "startAt": 0, "maxResults": 100, "total": 2})
                .to_string())
        }
        "GET /comment/2/properties/usher.marker" => {
            ok(json!({"key": "usher.marker", "value": {"marker": MARKER}}).to_string())
        }
        _ => unknown(asked),
    });
    let key = TicketKey::new("OPS-7");
    assert_eq!(server.kit.find_by_marker(MarkerKind::Note, MARKER, Some(&key)).unwrap().len(), 1);
}

#[test]
fn an_internal_note_of_ours_without_a_marker_may_be_the_one_and_nobody_can_say() {
    let server = Server::cloud(|asked| match asked.target().as_str() {
        "GET /issue/OPS-7/comment" => {
            ok(json!({"comments": [comment(2, "new", false)], "startAt": 0, "maxResults": 100, "total": 1}).to_string())
        }
        "GET /comment/2/properties/usher.marker" => empty(404),
        _ => unknown(asked),
    });
    let key = TicketKey::new("OPS-7");
    let error = server.kit.find_by_marker(MarkerKind::Note, MARKER, Some(&key)).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::OutcomeUnknown);
}

#[test]
fn an_internal_note_of_somebody_elses_is_not_the_one() {
    let server = Server::cloud(|asked| match asked.target().as_str() {
        "GET /issue/OPS-7/comment" => {
            let mut other = comment(2, "new", false);
            other["author"] = json!({"accountId": "other"});
            ok(json!({"comments": [other], "startAt": 0, "maxResults": 100, "total": 1}).to_string())
        }
        "GET /comment/2/properties/usher.marker" => empty(404),
        _ => unknown(asked),
    });
    let key = TicketKey::new("OPS-7");
    assert!(server.kit.find_by_marker(MarkerKind::Note, MARKER, Some(&key)).unwrap().is_empty());
}
