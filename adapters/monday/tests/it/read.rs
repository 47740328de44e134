//! Items as tickets.

use serde_json::json;
use usher_adapter_sdk::{
    ErrorKind,
    message::Include,
    model::{StatusCategory, TypeLevel},
};

use crate::server::{Server, connection, data, item, item_with, shown};

#[test]
fn an_item_with_every_field_becomes_a_ticket() {
    let server = Server::new(|_| data(json!({ "items": [item(json!({}))] })));
    let ticket = server.kit.get("acme:1111:9001", Include::EVERYTHING).unwrap();
    assert_eq!(server.operations(), ["Item"]);
    insta::assert_json_snapshot!(shown(&ticket));
}

#[test]
fn a_recorded_item_becomes_a_ticket() {
    let server = Server::recorded(include_str!("../fixtures/monday_ruby/item.json"), |body| body.contains("\"items\""));
    let ticket = server.kit.get("acme:18273368566:18273368656", Include::default()).unwrap();
    assert_eq!((ticket.key.as_str(), ticket.title.as_str()), ("acme:18273368566:18273368656", "Test Item"));
    assert_eq!(ticket.created_at.unwrap().to_string(), "2025-10-27T02:15:41Z");
    assert!(ticket.status.category.is_unknown() && ticket.status.is_open.is_none());
}

#[test]
fn what_the_board_says_of_being_done_decides() {
    for (index, label, is_done, category, is_open) in [
        (6, "Done", true, StatusCategory::Done, Some(false)),
        (0, "Working on it", false, StatusCategory::InProgress, Some(true)),
        (9, "Marinating", false, StatusCategory::UNKNOWN, Some(true)),
        (9, "Cancelled", true, StatusCategory::Canceled, Some(false)),
    ] {
        let status = json!({ "index": index, "label": label, "text": label, "is_done": is_done });
        let answer = item_with(&[("status", status)]);
        let server = Server::new(move |_| data(json!({ "items": [answer] })));
        let ticket = server.kit.get("9001", Include::default()).unwrap();
        assert_eq!((ticket.status.category, ticket.status.is_open), (category, is_open), "{label}");
        assert_eq!(ticket.status.native.id, Some(index.to_string()));
    }
}

#[test]
fn an_item_without_a_label_is_open_and_nothing_more() {
    let answer = item_with(&[("status", json!({ "index": null, "label": null, "text": "", "is_done": false }))]);
    let server = Server::new(move |_| data(json!({ "items": [answer] })));
    let status = server.kit.get("9001", Include::default()).unwrap().status;
    assert!(status.category.is_unknown() && status.is_open == Some(true));
}

#[test]
fn an_option_names_the_column_that_another_guess_would_miss() {
    let server = Server::at(connection(), r#"{"columns":{"1111.status":"Type","description":"Build"}}"#, |_| {
        data(json!({ "items": [item(json!({}))] }))
    });
    let ticket = server.kit.get("9001", Include::EVERYTHING).unwrap();
    assert_eq!(ticket.status.native.name, "Bug");
    assert_eq!(ticket.body.unwrap().markdown, "b42");
    assert_eq!(ticket.ticket_type.level, TypeLevel::Subtask, "no column is left for the type");
}

#[test]
fn an_item_that_was_moved_keeps_the_key_that_was_asked_as_an_alias() {
    let server = Server::new(|_| data(json!({ "items": [item(json!({}))] })));
    let ticket = server.kit.get("acme:3333:9001", Include::default()).unwrap();
    assert_eq!((ticket.key.as_str(), ticket.aliases), ("acme:1111:9001", vec!["acme:3333:9001".to_owned()]));
}

#[test]
fn what_is_not_there_or_was_deleted_is_not_found_and_what_is_archived_says_so() {
    for items in [json!([]), json!([null]), json!([item(json!({ "state": "deleted" }))])] {
        let server = Server::new(move |_| data(json!({ "items": items })));
        let error = server.kit.get("acme:1111:9001", Include::default()).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::NotFound, "{error}");
    }
    let server = Server::new(|_| data(json!({ "items": [item(json!({ "state": "archived" }))] })));
    let fields = server.kit.get("9001", Include::EVERYTHING).unwrap().custom_fields.unwrap();
    assert!(fields.iter().any(|field| field.id == "state" && field.value.as_str() == "\"archived\""));
}

#[test]
fn an_update_that_another_moves_onto_the_next_page_meanwhile_is_one_note() {
    let update = |number: u32| {
        let time = format!("2026-01-05T00:{:02}:{:02}Z", number / 60, number % 60);
        json!({ "id": (1_000 + number).to_string(), "body": format!("<p>Thought {number}</p>"), "created_at": time,
            "edited_at": time, "creator": null, "replies": [] })
    };
    let server = Server::new(move |asked| {
        // One was written after the first page was read, so that its last update is the first of the second page.
        let updates: Vec<_> = if asked.operation == "Item" { 50..150 } else { 0..51 }.rev().map(update).collect();
        data(json!({ "items": [item(json!({ "updates": updates }))] }))
    });
    let notes = server.kit.get("9001", Include::EVERYTHING).unwrap().notes.unwrap();
    let ids: Vec<_> = notes.iter().map(|note| note.id.clone()).collect();
    assert_eq!(ids, (1_000..1_150).map(|id| id.to_string()).collect::<Vec<_>>());
}

#[test]
fn an_item_of_another_account_is_refused_before_anything_is_sent() {
    let server = Server::at(connection(), r#"{"account":"acme"}"#, |_| panic!("nothing is sent"));
    let error = server.kit.get("other:1:2", Include::default()).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidReference);
}
