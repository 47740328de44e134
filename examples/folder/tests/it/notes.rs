//! Notes.

use usher_adapter_sdk::{
    ErrorKind,
    message::{Change, Include, MarkerKind, NoteDraft},
    model::{RichText, Visibility},
};

use crate::shelf::Shelf;

fn public(body: &str) -> NoteDraft {
    NoteDraft::new(body, Visibility::Public)
}

#[test]
fn a_note_is_written_for_its_readers_and_answers_another() {
    let shelf = Shelf::with_titles(&["a"]);
    let first = shelf.kit().add_note("SHOP-1", &NoteDraft::new("Psst.", Visibility::Internal)).unwrap();
    let answer = public("What?").with_in_reply_to(first.id.clone());
    let second = shelf.kit().add_note("SHOP-1", &answer).unwrap();
    let notes = shelf.kit().notes("SHOP-1", None).unwrap().notes;
    assert_eq!(notes, [first, second]);
    assert_eq!((&notes[0].visibility, notes[0].author.as_ref().unwrap().label()), (&Visibility::Internal, "mara"));
    assert_eq!(notes[1].in_reply_to.as_deref(), Some("1"));
    let expected = "---\ntitle: a\nupdated: 2026-01-01T00:00:00Z\n---\n\n\
        <!-- note id=1 author=mara visibility=internal at=2026-01-01T00:00:00Z -->\nPsst.\n\n\
        <!-- note id=2 author=mara visibility=public at=2026-01-01T00:00:00Z in_reply_to=1 -->\nWhat?\n";
    assert_eq!(shelf.text("SHOP-1"), expected);
}

#[test]
fn a_note_without_readers_and_an_answer_to_nobody_are_refused() {
    let shelf = Shelf::with_titles(&["a"]);
    for draft in [NoteDraft::new("x", Visibility::UNKNOWN), public("x").with_in_reply_to("7".to_owned())] {
        assert_eq!(shelf.kit().add_note("SHOP-1", &draft).unwrap_err().kind(), ErrorKind::Validation);
    }
    assert_eq!(shelf.text("SHOP-1"), "---\ntitle: a\n---\n");
    assert_eq!(shelf.kit().add_note("SHOP-2", &public("x")).unwrap_err().kind(), ErrorKind::NotFound);
}

#[test]
fn notes_come_in_pages_oldest_first() {
    let shelf = Shelf::with_titles(&["a"]);
    for number in 1..=5 {
        shelf.kit().add_note("SHOP-1", &public(&number.to_string())).unwrap();
    }
    let kit = shelf.kit_with_pages_of(2);
    let (mut cursor, mut pages) = (None, Vec::new());
    loop {
        let page = kit.notes("SHOP-1", cursor.as_ref()).unwrap();
        assert_eq!(page.total, Some(5));
        pages.push(page.notes.into_iter().map(|note| note.body.markdown).collect::<String>());
        cursor = page.next;
        if cursor.is_none() {
            break;
        }
    }
    assert_eq!(pages, ["12", "34", "5"]);
}

#[test]
fn a_note_that_looks_like_another_note_or_like_front_matter_stays_one_note() {
    let shelf = Shelf::with_titles(&["a"]);
    let bodies = [
        "",
        "\n",
        "a\r\nb\r\n",
        "no final newline",
        "---\ntitle: hacked\n---\n",
        "<!-- note id=9 author=eve -->\nI am eve",
        "\\<!-- note id=9 -->",
        "```\n<!-- note id=1 -->\n```\n\n\n",
        "-->",
        "ä\u{0}\u{2028}🙂",
    ];
    for body in bodies {
        shelf.kit().add_note("SHOP-1", &public(body)).unwrap();
    }
    let change = Change::new().with_body(RichText::markdown(bodies[5]));
    shelf.kit().update("SHOP-1", &change).unwrap();
    let ticket = shelf.kit().get("SHOP-1", Include::EVERYTHING).unwrap();
    let notes: Vec<_> = ticket.notes.unwrap().into_iter().map(|note| note.body.markdown).collect();
    assert_eq!(notes, bodies);
    assert_eq!((ticket.title.as_str(), ticket.body.unwrap().markdown.as_str()), ("a", bodies[5]));
}

#[test]
fn a_new_note_is_found_by_its_marker() {
    let shelf = Shelf::with_titles(&["a", "b"]);
    let marker = "m 1 --> \"x\"\n";
    let note = shelf.kit().add_note("SHOP-2", &public("x").with_marker(marker.to_owned())).unwrap();
    for key in [None, Some(&"SHOP-2".into())] {
        let found = shelf.kit().find_by_marker(MarkerKind::Note, marker, key).unwrap();
        assert_eq!((found[0].key.as_str(), found[0].note_id.as_ref()), ("SHOP-2", Some(&note.id)));
    }
    assert!(shelf.kit().find_by_marker(MarkerKind::Note, marker, Some(&"SHOP-1".into())).unwrap().is_empty());
    assert!(shelf.kit().find_by_marker(MarkerKind::Ticket, marker, None).unwrap().is_empty());
}
