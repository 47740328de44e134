//! Tickets in full: known, unknown and hostile.

use usher_adapter_sdk::model::{
    ContainerKind, CustomField, Due, FieldType, Link, LinkKind, Part, Priority, PriorityLevel, Project, StatusCategory,
    TicketType, TypeLevel,
};

use super::super::testing::{now, terminal};
use super::*;

fn time(text: &str) -> Option<Time> {
    Some(Time::parse(text).unwrap())
}

fn full() -> Ticket {
    Ticket::new("SHOP-1", "Fix the till")
        .with_type(TicketType::new(TypeLevel::Bug, "Bug"))
        .with_status(Status::new(StatusCategory::InReview, "QA"))
        .with_priority(Priority::new(PriorityLevel::High, "P1"))
        .with_labels(vec!["till".to_owned(), "door".to_owned()])
        .with_assignees(vec![User::new("u1").with_display_name("Ada Lovelace".to_owned())])
        .with_reporter(User::new("u2").with_handle("bob".to_owned()))
        .with_project(Project::new("SHOP").with_name("Web shop".to_owned()))
        .with_containers(vec![Container::new(ContainerKind::Sprint, "Sprint 12")])
        .with_parent(TicketRef::new("SHOP-0"))
        .with_children(vec![TicketRef::new("SHOP-2").with_title("Oil".to_owned()), TicketRef::new("SHOP-3")])
        .with_links(vec![Link::new(LinkKind::BlockedBy, TicketRef::new("SHOP-9"))])
        .with_created_at(time("2026-11-01T12:00:00Z"))
        .with_due(Due::parse("2026-12-01").unwrap())
        .with_estimate(Estimate::new(3.0, "points"))
        .with_url("https://shop.example/SHOP-1".to_owned())
        .with_custom_fields(vec![
            CustomField::new("cf1", FieldType::Choice, &Named::new("Severe")).unwrap().with_name("Severity"),
            CustomField::new("cf2", FieldType::Text, &None::<String>).unwrap(),
        ])
        .with_body(RichText::markdown("It is stuck.\n\n- once\n- twice").with_lossy(vec!["panel".to_owned()]))
        .with_notes(vec![
            Note::new("1", "Oil it.")
                .with_author(User::new("u1").with_display_name("Ada Lovelace".to_owned()))
                .with_created_at(time("2026-11-20T12:00:00Z"))
                .with_visibility(Visibility::Internal),
            Note::new("2", "Done?"),
        ])
        .with_attachments(vec![
            Attachment::new("7", "till.png").with_size(1_572_864).with_media_type("image/png".to_owned()),
        ])
        .with_cut("notes", Part::new(2, Some(1200), CutReason::Cap))
        .with_cut("children", Part::new(2, None, CutReason::UNKNOWN))
}

#[test]
fn everything_that_is_known_is_shown() {
    let expected = "\
SHOP-1  Fix the till

Type       Bug
Status     QA (in review)
Priority   P1 (high)
Assignees  Ada Lovelace
Reporter   bob
Labels     till, door
Project    SHOP (Web shop)
Sprint     Sprint 12
Parent     SHOP-0
Children   SHOP-2 Oil
           SHOP-3
Links      blocked by SHOP-9
Created    2026-11-01T12:00:00Z (2w ago)
Due        2026-12-01
Estimate   3 points
URL        https://shop.example/SHOP-1
Severity   Severe

It is stuck.

- once
- twice
(not shown: panel)

── Ada Lovelace · 2026-11-20T12:00:00Z (1d ago) · internal
   Oil it.

── somebody
   Done?

ATTACHMENT  NAME      SIZE     TYPE
7           till.png  1.5 MiB  image/png

children: 2 of an unknown total loaded
notes: 2 of 1 200 loaded (cap)
";
    assert_eq!(render(&full(), &terminal(80)), expected);
}

#[test]
fn what_is_not_known_is_not_shown() {
    assert_eq!(render(&Ticket::new("A-1", "t"), &View::plain(now())), "A-1  t\n");
    let unknown = Ticket::new("A-1", "t").with_notes(Vec::new()).with_attachments(Vec::new());
    assert_eq!(render(&unknown, &View::plain(now())), "A-1  t\n");
}

#[test]
fn an_internal_note_is_marked_in_a_colour_of_its_own() {
    let view = View { color: true, ..terminal(80) };
    assert!(render(&full(), &view).contains("\x1b[1m\x1b[35minternal\x1b[0m"));
}

#[test]
fn nothing_of_a_ticket_reaches_the_terminal_as_an_order() {
    let evil = "x\x1b]8;;https://evil.example\x07\u{9b}2J\u{202e}\r\nfake: fact\x08";
    let mut ticket = full()
        .with_labels(vec![evil.to_owned()])
        .with_url(evil.to_owned())
        .with_status(Status::new(StatusCategory::Done, evil))
        .with_reporter(User::new(evil))
        .with_project(Project::new(evil))
        .with_containers(vec![Container::new(ContainerKind::from_word(evil), evil)])
        .with_links(vec![Link::new(LinkKind::from_word(evil), TicketRef::new(evil).with_title(evil.to_owned()))])
        .with_estimate(Estimate::new(1.0, evil))
        .with_custom_fields(vec![CustomField::new(evil, FieldType::Text, evil).unwrap().with_name(evil)])
        .with_body(RichText::markdown(evil).with_lossy(vec![evil.to_owned()]))
        .with_notes(vec![Note::new(evil, evil).with_author(User::new(evil)).with_in_reply_to(evil.to_owned())])
        .with_attachments(vec![Attachment::new(evil, evil).with_media_type(evil.to_owned())])
        .with_cut(evil, Part::new(1, None, CutReason::from_word(evil)));
    ticket.key = evil.into();
    ticket.title = evil.to_owned();
    for view in [View::plain(now()), terminal(40), terminal(200)] {
        let shown = render(&ticket, &view);
        assert!(!shown.contains(|c: char| (c.is_control() && c != '\n') || c == '\u{202e}'), "{shown:?}");
        // Only the body has lines of its own, so nothing else can look like a fact.
        assert_eq!(shown.lines().filter(|line| line.starts_with("fake: fact")).count(), 1);
    }
}

#[test]
fn the_platforms_word_is_enough_where_ours_says_the_same() {
    let native = Named::new("In Progress");
    assert_eq!(level(Some(&native), "in_progress").as_deref(), Some("In Progress"));
    assert_eq!(level(Some(&native), "blocked").as_deref(), Some("In Progress (blocked)"));
    assert_eq!(level(Some(&native), "unknown").as_deref(), Some("In Progress"));
    assert_eq!(level(None, "in_progress").as_deref(), Some("in progress"));
    assert_eq!(level(Some(&Named::new("")), "unknown"), None);
}

#[test]
fn sizes_are_said_with_one_place_and_never_too_large() {
    for (bytes, expected) in [
        (0, "0 B"),
        (1023, "1023 B"),
        (1024, "1.0 KiB"),
        (1_572_864, "1.5 MiB"),
        (1_048_575, "1023.9 KiB"),
        (u64::MAX, "16777215.9 TiB"),
    ] {
        assert_eq!(human_size(bytes), expected);
    }
}
