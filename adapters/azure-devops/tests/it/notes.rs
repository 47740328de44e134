//! Comments.

use serde_json::json;
use usher_adapter_sdk::{
    ErrorKind,
    message::{Altered, Cursor, FieldName, NoteDraft},
    model::Visibility,
};

use crate::server::{Server, item, ok, shown, unexpected};

const FIRST: &str = include_str!("../fixtures/rest-api-specs/comments-1.json");
const SECOND: &str = include_str!("../fixtures/rest-api-specs/comments-2.json");

#[test]
fn published_pages_of_comments_are_read_one_after_the_other() {
    let server = Server::new(|asked| match asked.line().as_str() {
        "GET /Fabrikam-Fiber-Git/_apis/wit/workItems/299/comments?$top=200&order=asc" => ok(FIRST),
        "GET /Fabrikam-Fiber-Git/_apis/wit/workItems/299/comments?$top=200&order=asc&continuationToken=DFkODYtNTYxYS03ZDdiLWJj" => {
            ok(SECOND)
        }
        _ => unexpected(asked),
    });
    let first = server.kit.notes("acme/Fabrikam-Fiber-Git#299", None).unwrap();
    assert_eq!((first.notes.len(), first.total), (2, Some(10)));
    assert!(first.notes[0].created_at < first.notes[1].created_at, "the oldest first");
    assert_eq!(first.notes[0].visibility, Visibility::Public);
    let next = first.next.unwrap();
    let second = server.kit.notes("acme/Fabrikam-Fiber-Git#299", Some(&next)).unwrap();
    assert_eq!((second.notes.len(), second.next), (2, None));
}

#[test]
fn comments_ask_for_their_project_where_the_key_has_none() {
    let server = Server::new(|asked| match asked.path().as_str() {
        "GET /_apis/wit/workitems/5" => ok(item(5, json!({})).to_string()),
        "GET /Web/_apis/wit/workItems/5/comments" => ok(json!({"comments": [], "totalCount": 0}).to_string()),
        _ => unexpected(asked),
    });
    assert_eq!(server.kit.notes("acme#5", Some(&Cursor::new("x"))).unwrap().notes, []);
    assert_eq!(server.lines()[0], "GET /_apis/wit/workitems/5?fields=System.TeamProject");
}

#[test]
fn a_note_is_written_as_html_with_its_marker_and_read_without_it() {
    let server = Server::new(|asked| {
        let text = asked.json()["text"].clone();
        ok(json!({"id": 50, "text": text, "createdDate": "2026-01-01T00:00:00Z"}).to_string())
    });
    let note = NoteDraft::new("A **bold** word", Visibility::Public).with_marker(Some("6f1e-3b52".to_owned()));
    let note = server.kit.add_note("acme/Web#5", &note).unwrap();
    assert_eq!((note.id.as_str(), note.body.markdown.as_str()), ("50", "A **bold** word"));
    assert_eq!(
        server.last(),
        json!({"text": "<p>A <strong>bold</strong> word</p><span style=\"display:none\">usher:6f1e-3b52</span>"})
    );
    assert_eq!(server.asked()[0].path(), "POST /Web/_apis/wit/workItems/5/comments");
    let version = server.asked()[0].head.query.iter().find(|(name, _)| name == "api-version").unwrap().1.clone();
    assert_eq!(version, "7.1-preview.4");
}

#[test]
fn tasks_of_a_note_become_signs_and_it_is_said() {
    let server = Server::new(|asked| ok(json!({"id": 50, "text": asked.json()["text"]}).to_string()));
    let note = server.kit.add_note("acme/Web#5", &NoteDraft::new("- [x] done", Visibility::Public)).unwrap();
    assert_eq!(note.body.markdown, "- ☑ done");
    let reason = "Azure DevOps has no exact form for: task list";
    assert_eq!(note.altered, [Altered::new(FieldName::Body, reason)]);
}

#[test]
fn the_published_answer_to_a_new_comment_is_a_public_note() {
    let server = Server::new(|_| ok(include_str!("../fixtures/rest-api-specs/comment-created.json")));
    let note = NoteDraft::new("Moving to the right area path", Visibility::Public);
    insta::assert_json_snapshot!(shown(&server.kit.add_note("acme/Fabrikam-Fiber-Git#299", &note).unwrap()));
}

#[test]
fn a_comment_in_markdown_is_read_as_that_and_a_deleted_one_is_left_out() {
    let server = Server::new(|_| {
        ok(json!({"comments": [
            {"id": 1, "text": "a **b**", "format": "markdown", "createdDate": "2026-01-01T00:00:00Z"},
            {"id": 2, "text": "gone", "isDeleted": true}]})
        .to_string())
    });
    let notes = server.kit.notes("acme/Web#5", None).unwrap().notes;
    assert_eq!((notes.len(), notes[0].body.markdown.as_str()), (1, "a **b**"));
}

#[test]
fn what_a_note_cannot_be_is_an_error_before_anything_is_sent() {
    let server = Server::new(unexpected);
    let answer = NoteDraft::new("x", Visibility::Public).with_in_reply_to(Some("1".to_owned()));
    for (note, field) in [
        (NoteDraft::new("x", Visibility::Internal), "visibility"),
        (NoteDraft::new("x", Visibility::UNKNOWN), "visibility"),
        (answer, "in_reply_to"),
        (NoteDraft::new(" ", Visibility::Public), "body"),
    ] {
        let error = server.kit.add_note("acme/Web#5", &note).unwrap_err();
        assert_eq!((error.kind(), error.fields()[0].field.as_str()), (ErrorKind::Validation, field));
    }
    assert_eq!(server.lines(), [""; 0]);
}
