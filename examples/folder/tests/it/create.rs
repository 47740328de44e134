//! New tickets.

use std::{collections::BTreeMap, fs};

use usher_adapter_sdk::{
    ErrorKind,
    message::{Draft, FieldName, Include, LinkDraft, MarkerKind},
    model::{Due, Estimate, Json, LinkKind, RichText, StatusCategory, TicketKey},
};

use crate::shelf::{Shelf, kit};

fn full() -> Draft {
    let words = |list: &[&str]| list.iter().map(|word| (*word).to_owned()).collect::<Vec<_>>();
    Draft::new("Checkout: \"dead\" # on Safari")
        .with_project("ops".to_owned())
        .with_body(RichText::markdown("Nothing happens.\n\n---\n\n<!-- note id=1 -->"))
        .with_type("bug".to_owned())
        .with_status("in_progress".to_owned())
        .with_priority("high".to_owned())
        .with_labels(words(&["checkout", "yes", "a: b"]))
        .with_assignees(words(&["@me", "tom"]))
        .with_reporter("Ines <ines@shop.example>".to_owned())
        .with_containers(words(&["Spring"]))
        .with_parent(TicketKey::from("OPS-1"))
        .with_links([LinkDraft::new(LinkKind::Blocks, "SHOP-14")])
        .with_due(Due::parse("2026-03-20").unwrap())
        .with_estimate(Estimate::new(2.5, "hours"))
        .with_fields(BTreeMap::from([("browser".to_owned(), Json::of("Safari 19").unwrap())]))
        .with_marker("m-1: \"x\"".to_owned())
}

#[test]
fn every_field_of_a_draft_is_written_and_comes_back() {
    let shelf = Shelf::new();
    shelf.put("OPS-1", "title: parent", "");
    let created = shelf.kit().create(&full()).unwrap();
    assert_eq!((created.key.as_str(), &created.refused[..]), ("OPS-2", &[][..]));
    let (mut asked, mut applied) = (full().asked(), created.applied);
    asked.sort();
    applied.sort();
    assert_eq!(applied, asked);

    let ticket = shelf.kit().get("OPS-2", Include::EVERYTHING).unwrap();
    assert_eq!(ticket.title, full().title);
    assert_eq!(ticket.body, full().body);
    assert_eq!(
        (ticket.status.category, ticket.status.native.name.as_str()),
        (StatusCategory::InProgress, "in progress")
    );
    assert_eq!(ticket.labels, full().labels);
    assert_eq!(ticket.assignees[0].label(), "mara");
    assert_eq!(ticket.reporter.unwrap().email.as_deref(), Some("ines@shop.example"));
    assert_eq!((ticket.due, ticket.estimate), (full().due, full().estimate));
    assert_eq!(ticket.created_at.unwrap().to_string(), "2026-01-01T00:00:00Z");
    assert_eq!(ticket.custom_fields.unwrap()[0].value.as_str(), "\"Safari 19\"");
    assert_eq!(ticket.notes.unwrap(), []);
    assert!(shelf.text("OPS-2").contains("\ndue: 2026-03-20\n"), "{}", shelf.text("OPS-2"));
}

#[test]
fn a_title_alone_becomes_a_ticket_of_the_default_project() {
    let shelf = Shelf::new();
    assert_eq!(shelf.kit().create(&Draft::new("Say hello")).unwrap().key.as_str(), "SHOP-1");
    let expected = "---\ntitle: Say hello\nreporter: mara\ncreated: 2026-01-01T00:00:00Z\n\
                    updated: 2026-01-01T00:00:00Z\n---\n";
    assert_eq!(shelf.text("SHOP-1"), expected);
}

#[test]
fn numbers_go_on_behind_everything_that_ever_took_one() {
    let shelf = Shelf::with_titles(&["a"]);
    let create = || shelf.kit().create(&Draft::new("new")).unwrap().key.to_string();
    fs::create_dir(shelf.file("SHOP-4")).unwrap();
    assert_eq!(create(), "SHOP-5");
    fs::create_dir_all(shelf.path().join("attachments/SHOP-9")).unwrap();
    assert_eq!(create(), "SHOP-10");
    shelf.put("SHOP-999999999", "title: last", "");
    assert_eq!(shelf.kit().create(&Draft::new("new")).unwrap_err().kind(), ErrorKind::Validation);
}

#[test]
fn what_cannot_be_written_is_refused_by_field_with_a_reason() {
    let shelf = Shelf::new();
    let draft = Draft::new("a")
        .with_status("two\nlines".to_owned())
        .with_parent(TicketKey::from("../SHOP-1"))
        .with_containers(vec!["one".to_owned(), "two".to_owned()])
        .with_labels(vec!["good".to_owned()]);
    let created = shelf.kit().create(&draft).unwrap();
    let refused: Vec<_> = created.refused.iter().map(|refused| refused.field.clone()).collect();
    assert_eq!(refused, [FieldName::Status, FieldName::Parent, FieldName::Containers]);
    assert_eq!(created.applied, [FieldName::Title, FieldName::Labels]);
}

#[test]
fn titles_and_projects_that_make_no_ticket_are_refused_and_leave_nothing() {
    let shelf = Shelf::new();
    for draft in [
        Draft::new(""),
        Draft::new("two\nlines"),
        Draft::new("a").with_project("../etc".to_owned()),
        Draft::new("a").with_project("TOO-LONG-TO-BE".to_owned()),
        Draft::new("a").with_project(String::new()),
        Draft::new("a").with_body(RichText::markdown("x".repeat(4 * 1024 * 1024))),
    ] {
        assert_eq!(shelf.kit().create(&draft).unwrap_err().kind(), ErrorKind::Validation);
    }
    assert!(shelf.everything().is_empty());
    let nameless = kit(shelf.path(), "").create(&Draft::new("a").with_assignees(vec!["@me".to_owned()]));
    assert_eq!(nameless.unwrap_err().kind(), ErrorKind::Configuration);
}

#[test]
fn a_new_ticket_is_found_by_its_marker() {
    let shelf = Shelf::with_titles(&["a", "b"]);
    shelf.kit().create(&Draft::new("c").with_marker("m-1".to_owned())).unwrap();
    fs::write(shelf.file("SHOP-2"), "broken").unwrap();
    let found = |marker| shelf.kit().find_by_marker(MarkerKind::Ticket, marker, None).unwrap();
    assert_eq!(found("m-1")[0].key.as_str(), "SHOP-3");
    assert!(found("m-2").is_empty() && found("").is_empty());
    let here = shelf.kit().find_by_marker(MarkerKind::Ticket, "m-1", Some(&"SHOP-1".into())).unwrap();
    assert!(here.is_empty());
}

#[cfg(unix)]
#[test]
fn new_files_are_as_open_as_others_that_the_user_makes_and_changed_ones_stay_as_they_were() {
    use std::os::unix::fs::PermissionsExt;

    let shelf = Shelf::new();
    shelf.kit().create(&Draft::new("a")).unwrap();
    shelf.put("OPS-1", "title: made by hand", "");
    let mode = |key: &str| fs::metadata(shelf.file(key)).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode("SHOP-1"), mode("OPS-1"));
    fs::set_permissions(shelf.file("OPS-1"), PermissionsExt::from_mode(0o664)).unwrap();
    let change = usher_adapter_sdk::message::Change::new().with_title("b".to_owned());
    shelf.kit().update("OPS-1", &change).unwrap();
    assert_eq!(mode("OPS-1"), 0o664);
}
