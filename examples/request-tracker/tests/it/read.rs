//! One ticket, with what was said on it.

use usher_adapter_sdk::{
    ErrorKind,
    message::{Include, Raw, Source},
    testkit::unread_leaves,
};

use crate::server::{Server, answer, ok, ticket};

const TICKET: &str = include_str!("../fixtures/ticket.json");

/// What a ticket does not show, and why.
const IGNORED: &[(&str, &str)] = &[
    ("**._url", "follows from the id"),
    ("**.type", "says what kind of record an id is of"),
    ("EffectiveId.**", "is the id itself, also of a merged ticket"),
    ("Queue.id", "is shown as the project's id"),
    ("_hyperlinks.*.name", "of what a queue has, not of the ticket"),
    ("_hyperlinks.*.from", "is the state"),
    ("_hyperlinks.*.to", "is for the transitions of `options`"),
    ("_hyperlinks.*.label", "is for the transitions of `options`"),
    ("_hyperlinks.*.update", "is for pages"),
    ("_hyperlinks.*.ref", "a relation that is none of those known is not shown"),
    ("_hyperlinks.*.id", "of what a queue has, not of the ticket"),
    ("InitialPriority", "zero is what it is where nobody said anything"),
    ("FinalPriority", "zero is what it is where nobody said anything"),
    ("TimeLeft", "zero is what it is where nobody said anything"),
];

#[test]
fn a_recorded_ticket_with_everything_becomes_one_of_ours() {
    let server = Server::recorded(TICKET);
    let ticket = server.kit.get("1", Include::EVERYTHING).unwrap();
    insta::assert_json_snapshot!(serde_json::to_value(&ticket).unwrap());
}

#[test]
fn every_leaf_of_a_recorded_ticket_is_shown_or_left_out_for_a_reason() {
    let recording: serde_json::Value = serde_json::from_str(TICKET).unwrap();
    let main = serde_json::to_vec(&recording["exchanges"][0]["response"]["body"]).unwrap();
    let server = Server::new(|_| answer(500, ""));
    let normalize = |bytes: &[u8]| server.kit.normalize(None, &Raw::main(bytes), Source::Direct);
    assert_eq!(unread_leaves(&main, IGNORED, normalize).unwrap(), Vec::<String>::new());
}

#[test]
fn a_merged_ticket_answers_with_the_other_and_keeps_its_number_as_an_alias() {
    let server = Server::new(|_| ok(ticket(1, "")));
    let ticket = server.kit.get("5", Include::SUMMARY).unwrap();
    assert_eq!((ticket.key.as_str(), &ticket.aliases[..]), ("1", &["5".to_owned()][..]));
}

#[test]
fn times_that_were_never_set_and_records_that_are_hidden_are_absent() {
    let fields = r#""Due":"1970-01-01T00:00:00Z","Resolved":"1970-01-01T00:00:00Z","Owner":"","Requestor":[""],
        "CustomFields":[{"id":8,"name":"Called","values":["1970-01-01T00:00:00Z"]}]"#;
    let server = Server::new(move |_| ok(ticket(7, fields)));
    let ticket = server.kit.get("7", Include::SUMMARY).unwrap();
    assert!(ticket.due.is_none() && ticket.closed_at.is_none() && ticket.assignees.is_empty());
    assert!(ticket.reporter.is_none());
}

#[test]
fn wrong_credentials_are_no_ticket_that_is_missing() {
    for (status, kind) in [(401, ErrorKind::Authentication), (403, ErrorKind::Permission), (404, ErrorKind::NotFound)] {
        let server = Server::new(move |_| answer(status, r#"{"message":"Words"}"#));
        assert_eq!(server.kit.get("7", Include::SUMMARY).unwrap_err().kind(), kind);
    }
}
