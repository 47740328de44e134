//! Changes to tickets.

use std::{collections::BTreeMap, fs};

use usher_adapter_sdk::{
    ErrorKind,
    message::{Change, Clearable, FieldName, Include, LinkDraft, ListChange},
    model::{Due, Estimate, Json, LinkKind, RichText, StatusCategory, TicketKey},
};

use crate::shelf::Shelf;

const FRONT: &str = "\
# by hand
title: 'Old title'   # a comment
status: to do
labels:
  - a
  - b   # gone with the list
x_unknown: { deep: [1, 2.50, ~], text: 'it''s' }
assignees: [Tom <tom@shop.example>, eve]
due: 2026-03-20
fields:
  browser: Safari
  hit: 41";

fn shelf() -> Shelf {
    let shelf = Shelf::new();
    shelf.put("SHOP-1", FRONT, "\nBody\n\n<!-- note id=1 author=tom -->\nNote\n");
    shelf.put("SHOP-2", "title: other", "");
    shelf
}

fn words(list: &[&str]) -> Vec<String> {
    list.iter().map(|word| (*word).to_owned()).collect()
}

#[test]
fn a_change_of_one_word_changes_two_lines_of_the_file() {
    let shelf = shelf();
    let before = shelf.text("SHOP-1");
    let updated = shelf.kit().update("SHOP-1", &Change::new().with_title("New: title".to_owned())).unwrap();
    assert_eq!(updated.applied, [FieldName::Title]);
    let expected = before
        .replace("title: 'Old title'   # a comment", "title: \"New: title\"   # a comment")
        .replace("  hit: 41\n", "  hit: 41\nupdated: 2026-01-01T00:00:00Z\n");
    assert_eq!(shelf.text("SHOP-1"), expected);
    assert_eq!(updated.revision, shelf.kit().get("SHOP-1", Include::default()).unwrap().revision);
}

#[test]
fn every_field_of_a_change_is_written_and_comes_back() {
    let shelf = shelf();
    let change = Change::new()
        .with_title("t".to_owned())
        .with_body(RichText::markdown("New body\r\n\n"))
        .with_type("task".to_owned())
        .with_status("done".to_owned())
        .with_resolution("fixed".to_owned())
        .with_priority("low".to_owned())
        .with_labels(ListChange::delta(words(&["c"]), words(&["a"])))
        .with_assignees(ListChange::delta(words(&["@me", "EVE"]), words(&["tom@shop.example"])))
        .with_reporter("ines".to_owned())
        .with_containers(ListChange::set(words(&["Spring"])))
        .with_parent(TicketKey::from("SHOP-2"))
        .with_links(ListChange::delta([LinkDraft::new(LinkKind::Relates, "SHOP-2")], []))
        .with_due(Due::parse("2026-04-01T10:00:00Z").unwrap())
        .with_estimate(Estimate::new(3.0, ""))
        .with_fields(BTreeMap::from([
            ("hit".to_owned(), Clearable::Clear),
            ("seen".to_owned(), Clearable::Set(Json::of(&true).unwrap())),
        ]));
    let updated = shelf.kit().update("SHOP-1", &change).unwrap();
    let (mut asked, mut applied) = (change.asked(), updated.applied);
    asked.sort();
    applied.sort();
    assert_eq!((applied, updated.refused), (asked, Vec::new()));

    let ticket = shelf.kit().get("SHOP-1", Include::EVERYTHING).unwrap();
    assert_eq!(ticket.body.unwrap().markdown, "New body\r\n\n");
    assert_eq!(ticket.status.category, StatusCategory::Done);
    assert_eq!(ticket.closed_at.unwrap().to_string(), "2026-01-01T00:00:00Z");
    assert_eq!(ticket.labels, ["b", "c"]);
    assert_eq!(ticket.assignees.iter().map(|user| user.label()).collect::<Vec<_>>(), ["eve", "mara"]);
    assert_eq!(ticket.parent.unwrap().key.as_str(), "SHOP-2");
    assert_eq!(ticket.estimate.unwrap().value, 3.0);
    let fields: Vec<_> = ticket.custom_fields.unwrap().iter().map(|field| field.id.clone()).collect();
    assert_eq!(fields, ["browser", "seen"]);
    assert_eq!(ticket.notes.unwrap()[0].body.markdown, "Note");
    assert!(shelf.text("SHOP-1").contains("x_unknown: { deep: [1, 2.50, ~], text: 'it''s' }\n"));
}

#[test]
fn what_can_be_cleared_is_gone_from_the_file() {
    let shelf = shelf();
    let mut change = Change::new()
        .with_labels(ListChange::set([]))
        .with_assignees(ListChange::delta([], words(&["EVE", "Tom <tom@shop.example>"])));
    change.body = Clearable::Clear;
    change.due = Clearable::Clear;
    change.parent = Clearable::Clear;
    change.fields = BTreeMap::from([("hit".to_owned(), Clearable::Clear), ("browser".to_owned(), Clearable::Clear)]);
    shelf.kit().update("SHOP-1", &change).unwrap();
    let text = shelf.text("SHOP-1");
    for key in ["labels", "assignees", "due", "fields", "Body"] {
        assert!(!text.contains(key), "{key}: {text}");
    }
    let ticket = shelf.kit().get("SHOP-1", Include::EVERYTHING).unwrap();
    assert!(ticket.body.is_none() && ticket.notes.unwrap().len() == 1);
}

#[test]
fn a_ticket_that_is_opened_again_is_no_longer_closed() {
    let shelf = shelf();
    let status = |word: &str| shelf.kit().update("SHOP-1", &Change::new().with_status(word.to_owned())).unwrap();
    status("canceled");
    assert!(shelf.text("SHOP-1").contains("closed: 2026-01-01"));
    status("in review");
    assert!(!shelf.text("SHOP-1").contains("closed"));
}

#[test]
fn a_change_of_an_older_revision_is_a_conflict_and_writes_nothing() {
    let shelf = shelf();
    let revision = shelf.kit().get("SHOP-1", Include::default()).unwrap().revision.unwrap();
    let change = Change::new().with_title("first".to_owned()).with_if_revision(revision);
    shelf.kit().update("SHOP-1", &change).unwrap();
    let before = shelf.everything();
    let error = shelf.kit().update("SHOP-1", &change).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Conflict);
    assert_eq!(shelf.everything(), before);
}

#[test]
fn a_change_of_nothing_leaves_the_file_alone() {
    let shelf = shelf();
    let before = shelf.everything();
    let same =
        Change::new().with_title("Old title".to_owned()).with_labels(ListChange::delta(words(&["a"]), words(&["z"])));
    assert_eq!(shelf.kit().update("SHOP-1", &same).unwrap().applied.len(), 2);
    assert_eq!(shelf.everything(), before);
}

#[test]
fn what_cannot_be_changed_is_refused_by_field_with_a_reason() {
    let shelf = shelf();
    let change = Change::new()
        .with_project("OPS".to_owned())
        .with_parent(TicketKey::from("SHOP-1"))
        .with_containers(ListChange::set(words(&["one", "two"])));
    let updated = shelf.kit().update("SHOP-1", &change).unwrap();
    assert_eq!(updated.refused.len(), 3);
    assert!(updated.applied.is_empty() && !shelf.text("SHOP-1").contains("updated"));
}

#[test]
fn a_file_with_the_newlines_of_windows_keeps_them() {
    let shelf = Shelf::new();
    fs::write(shelf.file("SHOP-1"), "---\r\ntitle: a\r\n---\r\n\r\nBody\r\n").unwrap();
    shelf.kit().update("SHOP-1", &Change::new().with_status("done".to_owned())).unwrap();
    let text = shelf.text("SHOP-1");
    assert_eq!(text.matches('\n').count(), text.matches("\r\n").count());
    assert_eq!(shelf.kit().get("SHOP-1", Include::default()).unwrap().body.unwrap().markdown, "Body");
}

#[test]
fn a_body_that_would_make_the_file_too_large_changes_nothing() {
    let shelf = shelf();
    let before = shelf.everything();
    let change = Change::new().with_body(RichText::markdown("x".repeat(4 * 1024 * 1024)));
    assert_eq!(shelf.kit().update("SHOP-1", &change).unwrap_err().kind(), ErrorKind::Validation);
    assert_eq!(shelf.everything(), before);
}

#[test]
fn keys_that_lead_elsewhere_are_refused_before_any_file_is_touched() {
    let shelf = shelf();
    for key in ["../SHOP-1", "SHOP-1/../SHOP-2", "SHOP-01", "shop-1", "", "SHOP-1\0", "/etc/passwd", "SHOP-1.md"] {
        let kind = |result: Result<(), usher_adapter_sdk::Error>| result.unwrap_err().kind();
        let kit = shelf.kit();
        assert_eq!(kind(kit.get(key, Include::default()).map(drop)), ErrorKind::InvalidReference, "{key:?}");
        assert_eq!(kind(kit.update(key, &Change::new()).map(drop)), ErrorKind::InvalidReference, "{key:?}");
        assert_eq!(kind(kit.attachments(key).map(drop)), ErrorKind::InvalidReference, "{key:?}");
    }
    let missing = shelf.kit().update("SHOP-77", &Change::new().with_title("x".to_owned())).unwrap_err();
    assert_eq!(missing.kind(), ErrorKind::NotFound);
}
