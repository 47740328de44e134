//! Notes: who may read them is checked before and after.

use serde_json::{Value, json};
use usher_adapter_sdk::{
    ErrorKind,
    message::{Altered, FieldName, NoteDraft},
    model::Visibility,
};

use crate::server::{Asked, Server, comment, document, issue, ok, refused, unknown};

const MARKER: &str = "6f1e3b52-0d0a-4f0e-9d6b-2f1f0c6f7a11";

fn project(kind: &str) -> Value {
    json!({"project": {"id": "1", "key": "OPS", "projectTypeKey": kind}})
}

/// A site with one issue in a project of that kind, whose new comments are as public as is told.
fn server(kind: &'static str, is_public: bool) -> Server {
    Server::cloud(move |asked| match asked.target().as_str() {
        "GET /issue/OPS-7" => ok(issue(7, project(kind)).to_string()),
        "POST /issue/OPS-7/comment" => ok(comment(20, "text", true).to_string()),
        "POST /rest/servicedeskapi/request/OPS-7/comment" => ok(r#"{"id":"20","body":"text","public":false}"#),
        "GET /issue/OPS-7/comment/20" => ok(comment(20, "text", is_public).to_string()),
        "PUT /comment/20/properties/usher.marker" => ok(""),
        _ => unknown(asked),
    })
}

fn draft(visibility: Visibility) -> NoteDraft {
    NoteDraft::new("text", visibility).with_marker(MARKER.to_owned())
}

fn write_lines(server: &Server) -> Vec<String> {
    server.writes().iter().map(Asked::target).collect()
}

#[test]
fn a_public_note_is_a_document_with_its_marker() {
    let server = server("software", true);
    let note = server.kit.add_note("OPS-7", &draft(Visibility::Public)).unwrap();
    assert_eq!((note.id.as_str(), note.visibility), ("20", Visibility::Public));
    assert_eq!(write_lines(&server), ["POST /issue/OPS-7/comment"]);
    let sent = server.writes()[0].json();
    assert_eq!(sent["properties"], json!([{"key": "usher.marker", "value": {"marker": MARKER}}]));
    assert_eq!(sent["body"]["content"], document("text")["content"]);
}

#[test]
fn an_internal_note_goes_through_the_service_desk_and_is_read_back() {
    let server = server("service_desk", false);
    let note = server.kit.add_note("OPS-7", &draft(Visibility::Internal)).unwrap();
    assert_eq!(note.visibility, Visibility::Internal);
    assert_eq!(
        write_lines(&server),
        ["POST /rest/servicedeskapi/request/OPS-7/comment", "PUT /comment/20/properties/usher.marker"]
    );
    assert_eq!(server.writes()[0].json(), json!({"body": "text", "public": false}));
}

#[test]
fn a_note_that_jira_has_no_form_for_says_what_was_altered() {
    for (kind, is_public, visibility, text, lost) in [
        ("software", true, Visibility::Public, "- # title", "heading"),
        ("service_desk", false, Visibility::Internal, "3. three", "first number of a list"),
    ] {
        let note = server(kind, is_public).kit.add_note("OPS-7", &NoteDraft::new(text, visibility)).unwrap();
        let reason = format!("Jira has no exact form for: {lost}");
        assert_eq!(note.altered, [Altered::new(FieldName::Body, reason)]);
    }
    assert_eq!(server("software", true).kit.add_note("OPS-7", &draft(Visibility::Public)).unwrap().altered, []);
}

#[test]
fn an_internal_note_outside_of_a_service_project_is_refused_before_anything_is_sent() {
    for kind in ["software", "business"] {
        let server = server(kind, true);
        let error = server.kit.add_note("OPS-7", &draft(Visibility::Internal)).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Validation);
        assert!(error.message().contains("service project"), "{error}");
        assert!(write_lines(&server).is_empty());
    }
}

#[test]
fn an_internal_note_that_others_can_read_is_an_error_and_no_success() {
    let error = server("service_desk", true).kit.add_note("OPS-7", &draft(Visibility::Internal)).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::OutcomeUnknown);
    assert!(error.hint().unwrap().contains("delete it"), "{error:?}");
}

#[test]
fn an_issue_that_is_no_request_has_no_internal_notes() {
    let server = Server::cloud(|asked| match asked.target().as_str() {
        "GET /issue/OPS-7" => ok(issue(7, project("service_desk")).to_string()),
        "POST /rest/servicedeskapi/request/OPS-7/comment" => refused(404, "no request"),
        _ => unknown(asked),
    });
    let error = server.kit.add_note("OPS-7", &draft(Visibility::Internal)).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Validation);
    assert!(error.message().contains("no request"), "{error}");
}

#[test]
fn what_cannot_be_kept_of_a_note_is_an_error_before_anything_is_sent() {
    let server = server("software", true);
    for draft in [NoteDraft::new(" ", Visibility::Public), draft(Visibility::Public).with_in_reply_to("1".to_owned())] {
        assert_eq!(server.kit.add_note("OPS-7", &draft).unwrap_err().kind(), ErrorKind::Validation);
    }
    assert!(server.lines().is_empty());
    assert_eq!(server.kit.add_note("OPS-7", &draft(Visibility::UNKNOWN)).unwrap_err().kind(), ErrorKind::Unsupported);
    assert!(write_lines(&server).is_empty());
}

#[test]
fn on_a_data_center_bodies_are_wiki_markup_and_the_service_desk_tells_who_reads_them() {
    let server = Server::data_center(|asked| match asked.target().as_str() {
        "GET /issue/OPS-7" => ok(issue(7, project("service_desk")).to_string()),
        "POST /rest/servicedeskapi/request/OPS-7/comment" => ok(r#"{"id":"20","body":"text","public":false}"#),
        "GET /issue/OPS-7/comment/20" => ok(r#"{"id":"20","body":"text"}"#),
        "GET /rest/servicedeskapi/request/OPS-7/comment" => {
            ok(r#"{"values":[{"id":"20","public":false}],"isLastPage":true}"#)
        }
        _ => unknown(asked),
    });
    let note = server.kit.add_note("OPS-7", &NoteDraft::new("text", Visibility::Internal)).unwrap();
    assert_eq!(note.visibility, Visibility::Internal);
    let server = Server::data_center(|asked| match asked.target().as_str() {
        "GET /issue/OPS-7" => ok(issue(7, project("software")).to_string()),
        "POST /issue/OPS-7/comment" => ok(r#"{"id":"21","body":"text"}"#),
        "GET /issue/OPS-7/comment/21" => ok(r#"{"id":"21","body":"text"}"#),
        _ => unknown(asked),
    });
    let note = server.kit.add_note("OPS-7", &NoteDraft::new("text", Visibility::Public)).unwrap();
    assert_eq!(note.visibility, Visibility::Public);
    assert_eq!(server.writes()[0].json(), json!({"body": "text"}));
}

#[test]
fn a_note_that_cannot_be_read_back_is_of_unknown_outcome() {
    let server = Server::cloud(|asked| match asked.target().as_str() {
        "GET /issue/OPS-7" => ok(issue(7, project("software")).to_string()),
        "POST /issue/OPS-7/comment" => ok(comment(20, "text", true).to_string()),
        "GET /issue/OPS-7/comment/20" => refused(502, "Bad Gateway"),
        _ => unknown(asked),
    });
    let error = server.kit.add_note("OPS-7", &draft(Visibility::Public)).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::OutcomeUnknown);
}

#[test]
fn notes_come_oldest_first_page_by_page() {
    let server = Server::cloud(|asked| match asked.target().as_str() {
        "GET /issue/OPS-7" => ok(issue(7, project("software")).to_string()),
        "GET /issue/OPS-7/comment" if asked.line().contains("startAt=0") => {
            ok(json!({"comments": [comment(1, "a", true)], "startAt": 0, "maxResults": 1, "total": 2}).to_string())
        }
        "GET /issue/OPS-7/comment" => {
            ok(json!({"comments": [comment(2, "b", true)], "startAt": 1, "maxResults": 1, "total": 2}).to_string())
        }
        _ => unknown(asked),
    });
    let first = server.kit.notes("OPS-7", None).unwrap();
    assert_eq!((first.notes[0].body.markdown.as_str(), first.total), ("a", Some(2)));
    let second = server.kit.notes("OPS-7", first.next.as_ref()).unwrap();
    assert_eq!((second.notes[0].id.as_str(), second.next), ("2", None));
    assert!(server.lines()[1].contains("orderBy=created"));
}
