//! Updates and the answers to them.

use serde_json::json;
use usher_adapter_sdk::{ErrorKind, message::NoteDraft, model::Visibility};

use crate::server::{Server, data, item};

#[test]
fn notes_come_oldest_first_with_the_answers_to_them() {
    let server = Server::new(|_| data(json!({ "items": [{ "id": "9001", "updates": item(json!({}))["updates"] }] })));
    let page = server.kit.notes("acme:1111:9001", None).unwrap();
    let notes: Vec<_> = page.notes.iter().map(|note| (note.id.as_str(), note.body.markdown.as_str())).collect();
    assert_eq!(notes, [("701", "First"), ("702", "Second **one**"), ("703", "Answer")]);
    assert_eq!(page.notes[2].in_reply_to.as_deref(), Some("702"));
    assert!(page.notes.iter().all(|note| note.visibility == Visibility::Public));
}

#[test]
fn a_note_is_written_as_html() {
    let server = Server::new(|_| {
        data(json!({ "create_update": { "id": "710", "body": "<p>A <strong>bold</strong> word</p>",
            "created_at": "2026-01-05T00:00:00Z", "edited_at": "2026-01-05T00:00:00Z", "creator": null } }))
    });
    let draft = NoteDraft::new("A **bold** word", Visibility::Public).with_in_reply_to("702".to_owned());
    let note = server.kit.add_note("acme:1111:9001", &draft).unwrap();
    assert_eq!((note.id.as_str(), note.body.markdown.as_str()), ("710", "A **bold** word"));
    assert_eq!(
        server.last(),
        json!({ "item": "9001", "parent": "702", "body": "<p>A <strong>bold</strong> word</p>" })
    );
}

#[test]
fn an_internal_or_empty_note_is_refused_before_anything_is_sent() {
    let server = Server::new(|_| panic!("nothing is sent"));
    for draft in [NoteDraft::new("Secret", Visibility::Internal), NoteDraft::new(" ", Visibility::Public)] {
        assert_eq!(server.kit.add_note("9001", &draft).unwrap_err().kind(), ErrorKind::Validation);
    }
}

#[test]
fn a_write_without_an_answer_may_have_happened() {
    let server = Server::new(|_| data(json!({ "create_update": null })));
    let error = server.kit.add_note("9001", &NoteDraft::new("Hello", Visibility::Public)).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::OutcomeUnknown);
}
