//! Changes of items.

use serde_json::{Value, json};
use usher_adapter_sdk::{
    ErrorKind,
    message::{Change, Clearable, FieldName, ListChange},
};

use crate::server::{Server, board, data, item, item_with, users};

fn server(answer: Value) -> Server {
    Server::new(move |asked| match asked.operation.as_str() {
        "Item" => data(json!({ "items": [item(json!({}))] })),
        "Board" => data(board()),
        "Users" => data(users()),
        _ => data(json!({ "item": answer })),
    })
}

fn values(server: &Server) -> Value {
    let changed = server.asked().into_iter().find(|asked| asked.operation == "ItemChange").unwrap();
    serde_json::from_str(changed.variables["values"].as_str().unwrap()).unwrap()
}

#[test]
fn a_change_is_a_delta_and_what_is_cleared_is_null() {
    let mut answer = item_with(&[
        ("status", json!({ "index": 1, "label": "Done" })),
        ("people", json!({ "persons_and_teams": [{ "id": "90", "kind": "team" }, { "id": "8", "kind": "person" }] })),
        ("tags", json!({ "tags": [{ "id": "12", "name": "export" }, { "id": "13", "name": "login" }] })),
        ("dates", json!({ "date": "", "time": "" })),
    ]);
    answer["name"] = json!("Login works");
    let server = server(answer);
    let change = Change::new()
        .with_title("Login works".to_owned())
        .with_status("done".to_owned())
        .with_due(Clearable::Clear)
        .with_labels(ListChange::delta(["login".to_owned()], []))
        .with_assignees(ListChange::delta(["tom@shop.example".to_owned()], ["Mara Lind".to_owned()]));
    let updated = server.kit.update("acme:1111:9001", &change).unwrap();
    assert_eq!((updated.applied.len(), updated.refused, updated.unknown), (5, vec![], vec![]));
    assert_eq!(
        values(&server),
        json!({
            "name": "Login works", "status": { "index": 1 }, "dates": null, "tags": { "tag_ids": [12, 13] },
            "people": { "personsAndTeams": [{ "id": 90, "kind": "team" }, { "id": 8, "kind": "person" }] },
        })
    );
}

#[test]
fn another_group_is_a_move() {
    let server = server(item(json!({ "group": { "id": "closed", "title": "Closed" } })));
    let change = Change::new().with_containers(ListChange::set(["Closed".to_owned()]));
    let updated = server.kit.update("9001", &change).unwrap();
    assert_eq!(updated.applied, [FieldName::Containers]);
    assert_eq!(server.operations(), ["Item", "Board", "ItemMove"]);
}

#[test]
fn what_cannot_be_changed_is_refused() {
    let server = server(item(json!({})));
    let updated = server.kit.update("9001", &Change::new().with_project("5".to_owned())).unwrap();
    assert_eq!(updated.refused[0].field, FieldName::Project);
    assert!(!server.operations().contains(&"ItemChange".to_owned()));
}

#[test]
fn an_item_that_changed_meanwhile_is_left_alone() {
    let server = server(json!(null));
    let change = Change::new().with_title("x".to_owned()).with_if_revision("2020-01-01T00:00:00Z".to_owned());
    assert_eq!(server.kit.update("9001", &change).unwrap_err().kind(), ErrorKind::Conflict);
    assert_eq!(server.operations(), ["Item"]);
}

#[test]
fn a_label_that_came_out_as_another_one_was_not_written() {
    let server = server(item_with(&[("status", json!({ "index": 1, "label": "Waiting" }))]));
    let updated = server.kit.update("9001", &Change::new().with_status("Done".to_owned())).unwrap();
    assert_eq!((updated.applied, updated.refused[0].field.clone()), (vec![], FieldName::Status));
}
