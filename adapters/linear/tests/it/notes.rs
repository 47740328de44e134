//! Comments, and new ones.

use serde_json::json;
use usher_adapter_sdk::{
    ErrorKind,
    message::{Cursor, NoteDraft},
    model::{CutReason, Part, UserKind, Visibility},
};

use crate::server::{Server, breaking_off, comment, data, going_on, missing, nodes, uuid};

#[test]
fn every_comment_is_listed_oldest_first_whatever_page_it_was_on() {
    let server = Server::new(|asked| {
        let page = |days: [u64; 2]| -> serde_json::Value {
            days.iter().map(|day| comment(*day, "text", &format!("2026-01-0{day}T00:00:00.000Z"))).collect()
        };
        let comments = match asked.variables["after"].as_str() {
            None => going_on(page([4, 3]), "c"),
            Some(_) => nodes(page([2, 1])),
        };
        data(json!({ "issue": { "comments": comments } }))
    });
    let page = server.kit.notes("ENG-5", None).unwrap();
    assert!(page.notes.is_sorted_by_key(|note| note.created_at) && page.next.is_none());
    assert_eq!((page.notes.len(), server.operations()), (4, vec!["Comments".to_owned(); 2]));
    assert_eq!(page.notes[0].author.as_ref().unwrap().handle.as_deref(), Some("mara"));
    let error = server.kit.notes("ENG-5", Some(&Cursor::new("c"))).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Validation);
}

#[test]
fn comments_that_go_on_nobody_knows_where_are_told_as_cut() {
    let server = Server::new(|asked| {
        let text = |day: u64| json!([comment(day, "text", &format!("2026-01-0{day}T00:00:00.000Z"))]);
        let comments = match asked.variables["after"].as_str() {
            None => going_on(text(4), "c"),
            Some(_) => breaking_off(text(3)),
        };
        data(json!({ "issue": { "comments": comments } }))
    });
    let page = server.kit.notes("ENG-5", None).unwrap();
    assert_eq!((page.notes.len(), page.cut), (2, Some(Part::new(2, None, CutReason::Error))));
}

#[test]
fn comments_of_bots_and_of_people_outside_have_their_authors_and_threads_their_beginning() {
    let server = Server::new(|_| {
        let mut bot = comment(1, "from a bot", "2026-01-01T00:00:00.000Z");
        bot["user"] = json!(null);
        bot["botActor"] = json!({ "id": "b", "name": "Slack", "type": "integration", "userDisplayName": "Jun" });
        let mut outside = comment(2, "from outside", "2026-01-02T00:00:00.000Z");
        outside["user"] = json!(null);
        outside["externalUser"] = json!({ "id": "x", "name": "Jun Park", "displayName": "jun", "email": null });
        outside["parentId"] = json!(uuid(1));
        data(json!({ "issue": { "comments": nodes(json!([bot, outside])) } }))
    });
    let notes = server.kit.notes("ENG-5", None).unwrap().notes;
    let author = |place: usize| notes[place].author.clone().unwrap();
    assert_eq!((author(0).label(), author(0).kind), ("Jun (Slack)", UserKind::Bot));
    assert_eq!((author(1).label(), author(1).kind), ("Jun Park", UserKind::External));
    assert_eq!(notes[1].in_reply_to.as_deref(), Some(uuid(1).as_str()));
    assert!(notes.iter().all(|note| note.visibility == Visibility::Public));
}

#[test]
fn a_note_is_sent_with_its_thread_and_its_marker_as_the_id() {
    let server = Server::new(|_| {
        let comment = comment(9, "Hello", "2026-01-01T00:00:00.000Z");
        data(json!({ "commentCreate": { "success": true, "comment": comment } }))
    });
    let draft = NoteDraft::new("Hello", Visibility::Public).with_in_reply_to(uuid(3)).with_marker(uuid(9));
    let note = server.kit.add_note("ENG-5", &draft).unwrap();
    assert_eq!((note.id.as_str(), note.body.markdown.as_str()), (uuid(9).as_str(), "Hello"));
    let input = json!({ "issueId": "ENG-5", "body": "Hello", "parentId": uuid(3), "id": uuid(9) });
    assert_eq!(server.last()["input"], input);
}

#[test]
fn a_note_that_cannot_be_kept_is_an_error_before_anything_is_sent() {
    let server = Server::new(|_| missing());
    for note in [
        NoteDraft::new("x", Visibility::Internal),
        NoteDraft::new("x", Visibility::UNKNOWN),
        NoteDraft::new("x", Visibility::from_word("friends")),
        NoteDraft::new(" ", Visibility::Public),
        NoteDraft::new("x", Visibility::Public).with_marker("7".to_owned()),
    ] {
        assert_eq!(server.kit.add_note("ENG-5", &note).unwrap_err().kind(), ErrorKind::Validation, "{note:?}");
    }
    assert_eq!(server.operations(), [""; 0]);
}

#[test]
fn an_answer_without_the_comment_is_no_success() {
    let server = Server::new(|_| data(json!({ "commentCreate": { "success": false, "comment": null } })));
    let error = server.kit.add_note("ENG-5", &NoteDraft::new("x", Visibility::Public)).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::OutcomeUnknown);
}
