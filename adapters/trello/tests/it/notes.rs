//! Comments.

use serde_json::{Value, json};
use usher_adapter_sdk::{
    ErrorKind,
    message::{Cursor, NoteDraft},
    model::Visibility,
};

use crate::server::{Server, comment, ok, unexpected};

#[test]
fn comments_are_listed_oldest_first_page_after_page() {
    let server = Server::new(|asked| {
        if asked.path() != "GET /cards/card0005/actions" {
            return unexpected(asked);
        }
        let before = asked.query("before").map_or(u32::MAX, |id| u32::from_str_radix(&id[18..], 16).unwrap());
        let newest = 1_500.min(before);
        let page: Vec<Value> =
            (0..newest).rev().take(1_000).map(|number| comment(number, &format!("Thought {number}"))).collect();
        ok(json!(page).to_string())
    });
    let page = server.kit.notes("card0005", None).unwrap();
    assert_eq!((page.notes.len(), page.next), (1_500, None));
    assert_eq!(page.notes[0].body.markdown, "Thought 0");
    assert_eq!(page.notes[0].url.as_deref(), Some("https://trello.com/c/card0005#comment-5f1000000000000000000000"));
    assert_eq!(
        server.lines()[1],
        "GET /cards/card0005/actions?filter=commentCard,copyCommentCard&limit=1000&before=5f10000000000000000001f4"
    );
    assert!(server.kit.notes("card0005", Some(&Cursor::new("2"))).is_err());
}

#[test]
fn the_comments_of_a_copied_card_are_comments() {
    let mut copied = comment(1, "From the other card");
    copied["type"] = json!("copyCommentCard");
    let server = Server::new(move |asked| {
        let kinds: Vec<&str> = asked.query("filter").unwrap().split(',').collect();
        let all = [comment(2, "Own"), copied.clone()];
        let page = all.iter().filter(|action| kinds.contains(&action["type"].as_str().unwrap()));
        ok(json!(page.collect::<Vec<_>>()).to_string())
    });
    let notes = server.kit.notes("card0005", None).unwrap().notes;
    let texts: Vec<&str> = notes.iter().map(|note| note.body.markdown.as_str()).collect();
    assert_eq!(texts, ["From the other card", "Own"]);
}

#[test]
fn an_edited_comment_says_when() {
    let mut edited = comment(1, "Better");
    edited["data"]["dateLastEdited"] = json!("2026-02-01T00:00:00.000Z");
    let server = Server::of(vec![("GET /cards/card0005/actions", json!([edited]))]);
    let note = server.kit.notes("card0005", None).unwrap().notes.remove(0);
    assert_eq!(note.updated_at.unwrap().to_string(), "2026-02-01T00:00:00Z");
    assert_eq!((note.visibility, note.author.unwrap().handle.as_deref()), (Visibility::Public, Some("ada")));
}

#[test]
fn a_comment_is_sent_in_the_body_where_no_log_has_it() {
    let server = Server::of(vec![("POST /cards/card0005/actions/comments", comment(7, "Hello"))]);
    let draft = NoteDraft::new("Hello", Visibility::Public).with_marker("0a-1".to_owned());
    assert_eq!(server.kit.add_note("card0005", &draft).unwrap().id, "5f1000000000000000000007");
    assert_eq!(server.writes(), ["POST /cards/card0005/actions/comments"]);
    assert_eq!(server.body(), json!({"text": "Hello\n\n[//]: # (usher:0a-1)"}));
}

#[test]
fn what_cannot_be_kept_of_a_note_is_an_error_before_anything_is_sent() {
    let server = Server::new(unexpected);
    for draft in [
        NoteDraft::new("x", Visibility::Internal),
        NoteDraft::new("x", Visibility::UNKNOWN),
        NoteDraft::new("x", Visibility::Public).with_in_reply_to("5f1000000000000000000007".to_owned()),
        NoteDraft::new(" ", Visibility::Public),
    ] {
        assert_eq!(server.kit.add_note("card0005", &draft).unwrap_err().kind(), ErrorKind::Validation);
    }
    assert_eq!(server.lines(), [""; 0]);
}
