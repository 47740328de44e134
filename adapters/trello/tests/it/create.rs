//! New cards.

use serde_json::{Value, json};
use usher_adapter_sdk::{
    ErrorKind,
    message::{Draft, FieldName},
    model::{Due, Estimate, Json, RichText},
};

use crate::server::{Server, answer_of, card, connection, ok};

/// Answers a new card as it was asked for, and custom fields as they were set.
fn server() -> Server {
    Server::new(|asked| match asked.path().as_str() {
        "POST /cards" => ok(made(&asked.json()).to_string()),
        path if path.contains("/customField/") => ok("{}"),
        "GET /cards/5f0000000000000000000005" => ok(card(
            json!({"customFieldItems": [{"idCustomField": "5f000000000000000000f002", "value": {"number": "3"}}]}),
        )
        .to_string()),
        _ => answer_of(&[], asked),
    })
}

fn made(body: &Value) -> Value {
    let ids = |name: &str| {
        body[name]
            .as_str()
            .unwrap_or_default()
            .split(',')
            .filter(|id| !id.is_empty())
            .map(str::to_owned)
            .collect::<Vec<_>>()
    };
    let labels: Vec<Value> = ids("idLabels").iter().map(|id| json!({"id": id, "name": "x"})).collect();
    let mut own = json!({"labels": labels, "idMembers": ids("idMembers")});
    for name in ["name", "desc", "idList", "due", "start", "dueComplete"] {
        if !body[name].is_null() {
            own[name] = body[name].clone();
        }
    }
    card(own)
}

#[test]
fn names_become_ids_and_everything_goes_into_one_request() {
    let server = server();
    let draft = Draft::new("Export")
        .with_body(RichText::markdown("It *stops*."))
        .with_status("doing".to_owned())
        .with_labels(vec!["EXPORT".to_owned(), "red".to_owned()])
        .with_assignees(vec!["@me".to_owned(), "Ben Bitdiddle".to_owned()])
        .with_due(Due::parse("2026-02-03").unwrap())
        .with_fields([("start".to_owned(), Json::of("2026-02-01").unwrap())]);
    let created = server.kit.create(&draft).unwrap();
    assert_eq!((created.key.as_str(), created.refused.len(), created.unknown.len()), ("card0005", 0, 0), "{created:?}");
    assert_eq!(server.writes(), ["POST /cards"]);
    assert_eq!(
        server.body(),
        json!({"idList": "5f000000000000000000a002", "name": "Export", "desc": "It *stops*.",
            "due": "2026-02-03T00:00:00Z", "start": "2026-02-01T00:00:00Z",
            "idLabels": "5f000000000000000000c001,5f000000000000000000c002",
            "idMembers": "5f0000000000000000000ada,5f0000000000000000000be0"})
    );
}

#[test]
fn without_a_status_a_card_begins_on_the_first_list() {
    let server = server();
    server.kit.create(&Draft::new("Export")).unwrap();
    assert_eq!(server.body(), json!({"idList": "5f000000000000000000a001", "name": "Export"}));
}

#[test]
fn custom_fields_follow_one_by_one_and_are_read_back() {
    let server = server();
    let fields = [("Points".to_owned(), Json::of(&3).unwrap()), ("Customer".to_owned(), Json::of("Cy").unwrap())];
    let created = server.kit.create(&Draft::new("Export").with_fields(fields)).unwrap();
    assert!(created.applied.contains(&FieldName::custom("Points")));
    assert_eq!(created.refused[0].field, FieldName::custom("Customer"), "the card does not show it afterwards");
    assert_eq!(server.writes().len(), 3);
}

#[test]
fn what_cards_do_not_have_is_refused_with_what_to_do_and_the_rest_is_written() {
    let draft = Draft::new("Export")
        .with_type("bug".to_owned())
        .with_priority("high".to_owned())
        .with_parent(Some("card0001".into()))
        .with_estimate(Estimate::without_unit(3.0))
        .with_status("archived".to_owned());
    let created = server().kit.create(&draft).unwrap();
    let refused: Vec<FieldName> = created.refused.into_iter().map(|refused| refused.field).collect();
    assert_eq!(
        refused,
        [FieldName::Type, FieldName::Priority, FieldName::Parent, FieldName::Estimate, FieldName::Status]
    );
    assert_eq!(created.applied, [FieldName::Title]);
}

#[test]
fn a_wrong_name_is_an_error_that_lists_the_others_and_nothing_is_written() {
    let server = server();
    let fields = |name: &str, value: Json| Draft::new("x").with_fields([(name.to_owned(), value)]);
    for (draft, names) in [
        (Draft::new("x").with_status("Later".to_owned()), "To Do, Doing, Done, Marinating, archived"),
        (Draft::new("x").with_status("Old".to_owned()), "can be"),
        (Draft::new("x").with_labels(vec!["blue".to_owned()]), "export (green"),
        (Draft::new("x").with_labels(vec!["twin".to_owned()]), "several labels"),
        (Draft::new("x").with_assignees(vec!["cy".to_owned()]), "ada, ben"),
        (fields("Colour", Json::of("x").unwrap()), "Customer, Points"),
        (fields("Size", Json::of("XL").unwrap()), "S, L"),
        (fields("Points", Json::of("many").unwrap()), "takes a number"),
        (fields("Ships", Json::of(&true).unwrap()), "takes a date"),
        (fields("pos", Json::of("middle").unwrap()), "`top`, `bottom`"),
    ] {
        let error = server.kit.create(&draft).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Validation, "{error}");
        assert!(error.to_string().contains(names), "{error}");
    }
    assert_eq!(server.writes(), [""; 0]);
}

#[test]
fn without_a_board_the_error_says_how_to_name_one() {
    let server = Server::at(connection(), |asked| answer_of(&[], asked));
    assert!(server.kit.create(&Draft::new("x")).unwrap_err().hint().unwrap().contains("default_project"));
}
