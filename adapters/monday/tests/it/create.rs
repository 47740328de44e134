//! New items.

use std::collections::BTreeMap;

use serde_json::{Value, json};
use usher_adapter_sdk::{
    ErrorKind,
    message::{Altered, Draft, FieldName, ME},
    model::{Due, Estimate, Json},
};

use crate::server::{Server, board, data, item, item_with, users};

fn server(answer: Value) -> Server {
    Server::new(move |asked| match asked.operation.as_str() {
        "Board" => data(board()),
        "Users" => data(users()),
        "Item" => data(json!({ "items": [item(json!({ "id": "9000" }))] })),
        _ => data(json!({ "item": answer })),
    })
}

fn values(server: &Server) -> Value {
    serde_json::from_str(server.last()["values"].as_str().unwrap()).unwrap()
}

#[test]
fn an_item_is_made_with_values_in_the_form_of_each_column() {
    let server = server(item_with(&[
        ("people", json!({ "persons_and_teams": [{ "id": "8", "kind": "person" }] })),
        ("tags", json!({ "tags": [{ "id": "13", "name": "login" }] })),
    ]));
    let draft = Draft::new("Login fails")
        .with_status("Stuck".to_owned())
        .with_priority("high".to_owned())
        .with_type("bug".to_owned())
        .with_assignees(vec![ME.to_owned()])
        .with_labels(vec!["Login".to_owned()])
        .with_body(Some("Since *Monday*.".into()))
        .with_due(Due::parse("2026-02-01T10:00:00Z").unwrap())
        .with_estimate(Estimate::without_unit(3.0))
        .with_containers(vec!["Open".to_owned()])
        .with_fields(BTreeMap::from([("Browser".to_owned(), Json::of("Firefox").unwrap())]));
    let created = server.kit.create(&draft).unwrap();
    assert_eq!((created.key.as_str(), created.native_id.as_deref()), ("acme:1111:9001", Some("9001")));
    assert_eq!((created.refused, created.unknown), (vec![], vec![]));
    let reason = "monday.com's long text has no exact form for: italic";
    assert_eq!(created.altered, [Altered::new(FieldName::Body, reason)]);
    let sent = server.last();
    assert_eq!(
        (&sent["board"], &sent["group"], &sent["name"]),
        (&json!("1111"), &json!("topics"), &json!("Login fails"))
    );
    assert_eq!(
        values(&server),
        json!({
            "status": { "index": 2 }, "color_prio": { "index": 110 }, "color_type": { "index": 3 },
            "people": { "personsAndTeams": [{ "id": 8, "kind": "person" }] }, "tags": { "tag_ids": [13] },
            "long": { "text": "Since *Monday*." }, "dates": { "date": "2026-02-01", "time": "10:00:00" }, "num": "3",
            "drop": { "ids": [1] },
        })
    );
}

#[test]
fn what_the_answer_does_not_show_was_not_written() {
    let server = server(item(json!({})));
    let created = server.kit.create(&Draft::new("Login fails").with_status("Done".to_owned())).unwrap();
    assert_eq!(created.applied, [FieldName::Title]);
    assert_eq!(created.refused[0].field, FieldName::Status);
}

#[test]
fn unknown_names_are_refused_with_the_choices_before_anything_is_written() {
    for (draft, choice) in [
        (Draft::new("x").with_status("Marinating".to_owned()), "Working on it"),
        (Draft::new("x").with_labels(vec!["nope".to_owned()]), "export"),
        (Draft::new("x").with_containers(vec!["nope".to_owned()]), "Closed"),
        (Draft::new("x").with_assignees(vec!["nobody".to_owned()]), "a team of the account"),
        (Draft::new("x").with_fields(BTreeMap::from([("nope".to_owned(), Json::of("x").unwrap())])), "Browser"),
        (Draft::new(" "), "must not be empty"),
    ] {
        let server = server(json!(null));
        let error = server.kit.create(&draft).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Validation, "{error}");
        assert!(error.fields().iter().any(|field| field.message.contains(choice)), "{error:?}");
        assert!(!server.operations().contains(&"ItemCreate".to_owned()));
    }
}

#[test]
fn what_an_item_cannot_have_is_refused_and_the_rest_is_written() {
    let server = server(item(json!({})));
    let created = server.kit.create(&Draft::new("Login fails").with_reporter("tom".to_owned())).unwrap();
    assert_eq!((created.applied.len(), created.refused[0].field.clone()), (1, FieldName::Reporter));
}

#[test]
fn an_item_below_another_is_made_on_the_board_of_subitems() {
    let server = server(item(json!({ "id": "9100" })));
    let draft = Draft::new("Login fails").with_parent(Some("acme:1111:9000".into()));
    let created = server.kit.create(&draft).unwrap();
    assert_eq!(server.operations(), ["Item", "Board", "SubitemCreate"]);
    assert_eq!(server.asked()[1].variables["board"][0], "2222");
    assert!(created.applied.contains(&FieldName::Parent), "{created:?}");
}
