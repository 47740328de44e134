//! Changes of a card.

use std::sync::{Arc, Mutex};

use serde_json::{Value, json};
use usher_adapter_sdk::{
    ErrorKind,
    message::{Change, Clearable, FieldName, ListChange},
    model::{Due, Json, RichText},
    testkit::TestHost,
};

use crate::server::{Server, answer_of, card, ok};

/// A card that changes as it is asked to.
fn server(own: Value) -> Server {
    let state = Arc::new(Mutex::new(card(own)));
    Server::new(move |asked| {
        let mut card = state.lock().unwrap();
        let label = |id: &str| json!({"id": id, "name": "x"});
        match asked.path().as_str() {
            "GET /cards/card0005" | "GET /cards/5f0000000000000000000005" => ok(card.to_string()),
            "PUT /cards/5f0000000000000000000005" => {
                for (name, value) in asked.json().as_object().unwrap() {
                    match name.as_str() {
                        "idLabels" => {
                            card["labels"] =
                                value.as_str().unwrap().split(',').filter(|id| !id.is_empty()).map(label).collect()
                        }
                        "idMembers" => {
                            card[name] = value.as_str().unwrap().split(',').filter(|id| !id.is_empty()).collect()
                        }
                        _ => card[name] = value.clone(),
                    }
                }
                card["dateLastActivity"] = json!("2026-01-03T00:00:00.000Z");
                ok(card.to_string())
            }
            "POST /cards/5f0000000000000000000005/idLabels" => {
                let id = asked.json()["value"].as_str().unwrap().to_owned();
                card["labels"].as_array_mut().unwrap().push(label(&id));
                ok("[]")
            }
            "DELETE /cards/5f0000000000000000000005/idLabels/5f000000000000000000c001" => {
                card["labels"].as_array_mut().unwrap().retain(|label| label["id"] != "5f000000000000000000c001");
                ok("[]")
            }
            path if path.contains("/customField/") => {
                let id = path.split('/').nth(4).unwrap().to_owned();
                let mut item = asked.json();
                item["idCustomField"] = json!(id);
                if item["value"] == "" {
                    item["value"] = Value::Null;
                }
                card["customFieldItems"] = json!([item]);
                ok("{}")
            }
            _ => answer_of(&[], asked),
        }
    })
}

#[test]
fn what_one_request_can_say_is_one_request_and_its_answer_is_the_proof() {
    let server = server(json!({}));
    let change = Change::new()
        .with_title("New".to_owned())
        .with_body(Clearable::Set(RichText::markdown("Text")))
        .with_status("Doing".to_owned())
        .with_due(Clearable::Set(Due::parse("2026-02-03T04:05:06Z").unwrap()))
        .with_labels(ListChange::set(["export".to_owned()]));
    let updated = server.kit.update("card0005", &change).unwrap();
    assert_eq!((updated.applied.len(), updated.refused.len(), updated.unknown.len()), (5, 0, 0), "{updated:?}");
    assert_eq!(updated.revision.as_deref(), Some("2026-01-03T00:00:00Z"));
    assert_eq!(server.writes(), ["PUT /cards/5f0000000000000000000005"]);
    assert_eq!(
        server.body(),
        json!({"name": "New", "desc": "Text", "idList": "5f000000000000000000a002", "due": "2026-02-03T04:05:06Z",
            "idLabels": "5f000000000000000000c001"})
    );
}

#[test]
fn labels_are_added_and_removed_one_by_one_and_the_card_is_read_again() {
    let own = json!([{"id": "5f000000000000000000c001", "name": "export"}, {"id": "5f000000000000000000c009", "name": "kept"}]);
    let server = server(json!({"labels": own}));
    let change =
        Change::new().with_labels(ListChange::delta(["red".to_owned()], ["export".to_owned(), "unknown".to_owned()]));
    let updated = server.kit.update("card0005", &change).unwrap();
    assert_eq!(updated.applied, [FieldName::Labels], "{updated:?}");
    assert_eq!(
        server.writes(),
        [
            "DELETE /cards/5f0000000000000000000005/idLabels/5f000000000000000000c001",
            "POST /cards/5f0000000000000000000005/idLabels",
        ]
    );
}

#[test]
fn what_is_so_already_is_not_sent() {
    let server = server(json!({"labels": [{"id": "5f000000000000000000c001", "name": "export"}]}));
    let change = Change::new()
        .with_status("To Do".to_owned())
        .with_labels(ListChange::delta(["export".to_owned()], ["red".to_owned()]));
    assert_eq!(server.kit.update("card0005", &change).unwrap().applied, [FieldName::Status, FieldName::Labels]);
    assert_eq!(server.writes(), [""; 0]);
}

#[test]
fn a_card_that_moves_to_where_there_is_work_is_neither_archived_nor_complete() {
    let server = server(json!({"closed": true, "dueComplete": true}));
    let change = Change::new().with_status("in_progress".to_owned());
    assert_eq!(server.kit.update("card0005", &change).unwrap().applied, [FieldName::Status]);
    assert_eq!(server.body(), json!({"closed": false, "dueComplete": false, "idList": "5f000000000000000000a002"}));
}

#[test]
fn archiving_and_completing_are_statuses() {
    for (status, body) in [("archived", json!({"closed": true})), ("complete", json!({"dueComplete": true}))] {
        let server = server(json!({}));
        let change = Change::new().with_status(status.to_owned());
        assert_eq!(server.kit.update("card0005", &change).unwrap().applied, [FieldName::Status]);
        assert_eq!(server.body(), body);
    }
}

#[test]
fn fields_are_set_and_cleared() {
    for (value, body) in [
        (Clearable::Set(Json::of(&true).unwrap()), json!({"value": {"checked": "true"}})),
        (Clearable::Clear, json!({"value": "", "idValue": ""})),
    ] {
        let server = server(json!({}));
        let change = Change::new().with_fields([("Urgent".to_owned(), value)]);
        let updated = server.kit.update("card0005", &change).unwrap();
        assert_eq!(updated.applied, [FieldName::custom("Urgent")], "{updated:?}");
        assert_eq!(server.body(), body);
    }
    let server = server(json!({"due": "2026-02-03T04:05:06.000Z"}));
    let change = Change::new().with_due(Clearable::Clear).with_body(Clearable::Clear);
    assert_eq!(server.kit.update("card0005", &change).unwrap().applied.len(), 2);
    assert_eq!(server.body(), json!({"desc": "", "due": null}));
}

#[test]
fn a_card_that_has_changed_since_is_a_conflict() {
    let server = server(json!({}));
    let change = Change::new().with_title("x".to_owned());
    let stale = change.clone().with_if_revision("2026-01-01T00:00:00Z".to_owned());
    assert_eq!(server.kit.update("card0005", &stale).unwrap_err().kind(), ErrorKind::Conflict);
    assert_eq!(server.writes(), [""; 0]);
    let current = change.with_if_revision("2026-01-02T03:04:05.678Z".to_owned());
    assert!(server.kit.update("card0005", &current).is_ok());
}

#[test]
fn what_trello_did_not_do_is_refused_and_what_cannot_be_read_back_is_unknown() {
    let kept = Server::of(vec![
        ("GET /cards/card0005", card(json!({}))),
        ("PUT /cards/5f0000000000000000000005", card(json!({}))),
    ]);
    let updated =
        kept.kit.update("card0005", &Change::new().with_status("Done".to_owned()).with_title("x".to_owned())).unwrap();
    assert_eq!((updated.applied.len(), updated.refused.len()), (0, 2));

    let broken = Server::new(|asked| match asked.path().as_str() {
        "GET /cards/card0005" => ok(card(json!({})).to_string()),
        "POST /cards/5f0000000000000000000005/idLabels" => ok("[]"),
        "GET /cards/5f0000000000000000000005" => Ok(TestHost::response(500, "")),
        _ => answer_of(&[], asked),
    });
    let change = Change::new().with_labels(ListChange::delta(["red".to_owned()], []));
    assert_eq!(broken.kit.update("card0005", &change).unwrap_err().kind(), ErrorKind::OutcomeUnknown);
}
