//! Comments, page by page, and new ones.

use usher_adapter_sdk::{
    ErrorKind,
    message::NoteDraft,
    model::Visibility,
    testkit::{Recording, TestHost},
};

use crate::server::{API, Server, comment, ok, shown};

#[test]
fn notes_are_listed_page_by_page() {
    let server = Server::new(|asked| {
        let next = format!("<{API}/repositories/9/issues/5/comments?page=2>; rel=\"next\"");
        Ok(match asked.target().as_str() {
            "/repos/acme/app/issues/5/comments?per_page=100" => {
                TestHost::response(200, format!("[{}]", comment(1, "one"))).with_header("link", next)
            }
            _ => TestHost::response(200, format!("[{}]", comment(2, "two"))),
        })
    });
    let first = server.kit.notes("acme/app#5", None).unwrap();
    let second = server.kit.notes("acme/app#5", first.next.as_ref()).unwrap();
    assert_eq!(server.lines()[1], "GET /repositories/9/issues/5/comments?page=2");
    assert_eq!((second.notes[0].body.markdown.as_str(), second.next), ("two", None));
}

#[test]
fn a_recorded_new_comment_is_a_public_note() {
    let server = Server::recorded(include_str!("../fixtures/hub4j/issue-comment.json"));
    let note = NoteDraft::new("First comment", Visibility::Public);
    let note = server.kit.add_note("hub4j-test-org/GHIssueTest#15", &note).unwrap();
    insta::assert_json_snapshot!(shown(&note));
    assert_eq!(server.asked()[0].head.class.as_deref(), Some("create"));
}

#[test]
fn a_marker_stands_at_the_end_of_a_note() {
    let server = Server::new(|_| ok(comment(1, "x")));
    let note = NoteDraft::new("Hello", Visibility::Public).with_marker("6f1e-3b52".to_owned());
    server.kit.add_note("acme/app#5", &note).unwrap();
    assert_eq!(server.asked()[0].body, r#"{"body":"Hello\n\n<!-- usher:6f1e-3b52 -->"}"#);
}

#[test]
fn a_note_that_is_not_public_or_answers_another_is_an_error_before_anything_is_sent() {
    let server = Server::new(|_| ok(comment(1, "x")));
    for note in [
        NoteDraft::new("x", Visibility::Internal),
        NoteDraft::new("x", Visibility::UNKNOWN),
        NoteDraft::new("x", Visibility::from_word("friends")),
        NoteDraft::new("x", Visibility::Public).with_in_reply_to("7".to_owned()),
    ] {
        let error = server.kit.add_note("acme/app#5", &note).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Validation, "{note:?}");
        assert!(error.hint().is_some());
    }
    assert_eq!(server.lines(), [""; 0]);
}

#[test]
fn recorded_comments_come_oldest_first() {
    let recording = Recording::parse(include_str!("../fixtures/hub4j/issue-with-comments.json")).unwrap();
    let server = Server::new(move |_| Ok(recording.exchanges()[1].response()));
    let notes = server.kit.notes("kohsuke/test#3", None).unwrap().notes;
    assert_eq!(notes.len(), 3);
    assert!(notes.is_sorted_by_key(|note| note.created_at));
}
