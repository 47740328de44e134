//! The journal.

use usher_adapter_sdk::{
    ErrorKind,
    host::Level,
    message::{Altered, FieldName, Include, NoteDraft},
    model::{CutReason, RichText, Visibility},
};

use crate::{instance::Instance, server::Server};

fn server() -> Server {
    let mut instance = Instance::new();
    instance.ticket("incident", &[]);
    Server::new(instance)
}

const KEY: &str = "INC0010001";

#[test]
fn a_public_note_is_a_comment_and_an_internal_one_is_not_for_the_caller() {
    let server = server();
    for (text, visibility, column) in
        [("For all", Visibility::Public, "comments"), ("For us", Visibility::Internal, "work_notes")]
    {
        let note = server.kit.add_note(KEY, &NoteDraft::new(RichText::plain(text), visibility.clone())).unwrap();
        assert_eq!((&*note.body.markdown, note.visibility), (text, visibility));
        assert!(note.created_at.is_some());
        server.with(|instance| {
            let row = instance.tables["sys_journal_field"].last().unwrap();
            assert_eq!((&*row["element"], &*row["value"], &row["sys_id"]), (column, text, &note.id));
        });
    }
    let page = server.kit.notes(KEY, None).unwrap();
    assert_eq!(page.notes.iter().map(|note| &*note.body.markdown).collect::<Vec<_>>(), ["For all", "For us"]);
    assert_eq!((page.total, page.next, page.cut), (Some(2), None, None));
}

#[test]
fn marks_of_a_note_that_show_as_characters_are_said_to_be_altered() {
    let server = server();
    for visibility in [Visibility::Public, Visibility::Internal] {
        let note = server.kit.add_note(KEY, &NoteDraft::new("It is **urgent**", visibility.clone())).unwrap();
        let reason = "ServiceNow's plain text has no exact form for: bold";
        assert_eq!(
            (&*note.body.markdown, note.altered),
            ("It is **urgent**", vec![Altered::new(FieldName::Body, reason)])
        );
        for text in ["It is urgent", "It is [code]<b>urgent</b>[/code]"] {
            assert_eq!(server.kit.add_note(KEY, &NoteDraft::new(text, visibility.clone())).unwrap().altered, []);
        }
    }
}

#[test]
fn a_long_journal_comes_in_pages() {
    let server = server();
    server.with(|instance| {
        let sys_id = instance.numbered(KEY)["sys_id"].clone();
        for number in 0..250 {
            let value = format!("Note {number:03}");
            instance.clock += 1;
            instance.add(
                "sys_journal_field",
                &[("element_id", &sys_id), ("element", "comments"), ("value", &value), ("sys_created_by", "tom")],
            );
        }
    });
    let mut notes = Vec::new();
    let mut cursor = None;
    loop {
        let page = server.kit.notes(KEY, cursor.as_ref()).unwrap();
        notes.extend(page.notes.into_iter().map(|note| note.body.markdown));
        cursor = page.next;
        if cursor.is_none() {
            break;
        }
    }
    assert_eq!(notes.len(), 250);
    assert!(notes.is_sorted());
    assert_eq!(server.kit.get(KEY, Include::EVERYTHING).unwrap().notes.unwrap().len(), 250);
}

#[test]
fn without_the_journal_s_table_notes_are_read_as_the_record_shows_them() {
    let server = server();
    server.with(|instance| instance.closed_tables.extend(["sys_journal_field".to_owned()]));
    for (text, visibility) in [("First", Visibility::Public), ("Second\n\n- line", Visibility::Internal)] {
        let note = server.kit.add_note(KEY, &NoteDraft::new(RichText::plain(text), visibility)).unwrap();
        assert_eq!(note.body.markdown, text);
    }
    let page = server.kit.notes(KEY, None).unwrap();
    let read: Vec<_> = page.notes.iter().map(|note| (&*note.body.markdown, note.visibility.as_str())).collect();
    assert_eq!(read, [("First", "public"), ("Second\n\n- line", "internal")]);
    assert!(page.notes.iter().all(|note| note.created_at.is_none() && !note.id.is_empty()));
    assert_eq!(server.kit.get(KEY, Include::EVERYTHING).unwrap().notes.unwrap().len(), 2);
    assert!(server.host.has_logged(Level::Warning, "the journal cannot be read"));
}

#[test]
fn a_note_that_was_passed_over_in_silence_is_not_claimed() {
    let server = server();
    server.with(|instance| instance.fixed_columns.extend(["work_notes".to_owned()]));
    let error = server.kit.add_note(KEY, &NoteDraft::new("Psst", Visibility::Internal)).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::OutcomeUnknown);
    assert!(error.hint().unwrap().contains("work_notes"));
}

#[test]
fn a_note_that_was_passed_over_is_not_claimed_where_the_same_text_stands_there_already() {
    for is_closed in [false, true] {
        let server = server();
        let draft = NoteDraft::new("Psst", Visibility::Internal);
        if is_closed {
            server.with(|instance| instance.closed_tables.extend(["sys_journal_field".to_owned()]));
        }
        let first = server.kit.add_note(KEY, &draft).unwrap();
        let second = server.kit.add_note(KEY, &draft).unwrap();
        assert_ne!(first.id, second.id, "the same text once more is a note of its own");
        server.with(|instance| instance.fixed_columns.extend(["work_notes".to_owned()]));
        let error = server.kit.add_note(KEY, &draft).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::OutcomeUnknown, "{is_closed}");
    }
}

#[test]
fn what_a_note_cannot_keep_is_an_error_before_anything_is_sent() {
    let server = server();
    let drafts = [
        NoteDraft::new("x", Visibility::Public).with_in_reply_to("1".to_owned()),
        NoteDraft::new("  ", Visibility::Public),
        NoteDraft::new("x", Visibility::UNKNOWN),
    ];
    for draft in drafts {
        assert_eq!(server.kit.add_note(KEY, &draft).unwrap_err().kind(), ErrorKind::Validation, "{draft:?}");
    }
    assert_eq!(server.paths(), [""; 0]);
}

#[test]
fn entries_that_may_not_be_read_are_said_to_be_missing() {
    let server = server();
    for text in ["One", "Two"] {
        server.kit.add_note(KEY, &NoteDraft::new(text, Visibility::Public)).unwrap();
    }
    server.with(|instance| {
        let sys_id = instance.tables["sys_journal_field"][0]["sys_id"].clone();
        instance.hidden_rows.insert(sys_id);
    });
    let page = server.kit.notes(KEY, None).unwrap();
    assert_eq!((page.notes.len(), page.cut.unwrap().reason), (1, CutReason::Permission));
    let ticket = server.kit.get(KEY, Include::EVERYTHING).unwrap();
    let cut = &ticket.completeness.0["notes"];
    assert_eq!((ticket.notes.unwrap().len(), cut.loaded, cut.total), (1, 1, Some(2)));
    assert_eq!(cut.reason, CutReason::Permission);
}
