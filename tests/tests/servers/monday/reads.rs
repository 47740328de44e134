//! What is read of boards and items, down to each type of column.

use serde_json::{Value, json};
use usher_tests::servers::{
    Fake,
    monday::{FakeMonday, Seed},
};

use super::{data, number};
use crate::client::Answer;

const VALUES: &str = "query($i: [ID!]) { items(ids: $i) { column_values { __typename id type text value
    ... on StatusValue { index label is_done } ... on PeopleValue { persons_and_teams { id kind } }
    ... on DateValue { date time } ... on NumbersValue { number symbol } ... on TagsValue { tags { name } }
    ... on DropdownValue { values { id label } } ... on DependencyValue { display_value linked_item_ids }
    ... on MirrorValue { display_value } ... on FormulaValue { display_value } } } }";

fn values(monday: &FakeMonday, name: &str) -> Vec<Value> {
    let answer = data(monday, VALUES, &json!({ "i": [number(monday, name)] }));
    answer["items"][0]["column_values"].as_array().cloned().unwrap_or_default()
}

#[track_caller]
fn value(monday: &FakeMonday, name: &str, column: &str) -> Value {
    let values = values(monday, name);
    values.into_iter().find(|value| value["id"] == column).unwrap_or_else(|| panic!("there is no {column}"))
}

#[test]
fn value_has_what_its_type_has() {
    let monday = FakeMonday::start(Seed::small());
    let of = |column| value(&monday, "Export stops half-way", column);
    let status = of("status");
    assert_eq!((&status["__typename"], &status["label"]), (&json!("StatusValue"), &json!("Working on it")));
    assert_eq!((&status["index"], &status["is_done"]), (&json!(0), &json!(false)));
    assert_eq!(status["value"], r#"{"index":0}"#, "its own JSON comes as a text");
    assert_eq!(of("person")["text"], "Ada Lovelace, Support");
    assert_eq!(of("person")["persons_and_teams"][1], json!({ "id": "1200001", "kind": "team" }));
    assert_eq!(
        (of("date4")["date"].clone(), of("date4")["text"].clone()),
        (json!("2026-02-01"), json!("2026-02-01 09:30"))
    );
    assert_eq!((of("numbers")["number"].clone(), of("numbers")["symbol"].clone()), (json!(2.5), json!("h")));
    assert_eq!(of("tags")["tags"], json!([{ "name": "export" }]));
    assert_eq!(of("dropdown")["values"], json!([{ "id": "2", "label": "Large" }]));
    assert_eq!(
        (of("check")["text"].clone(), of("link")["text"].clone()),
        (json!("v"), json!("Ticket 17 - https://example.com/17"))
    );
    let waits = value(&monday, "Write the format", "dependency");
    assert_eq!((&waits["display_value"], &waits["text"]), (&json!("Export stops half-way"), &Value::Null));
}

#[test]
fn empty_value_is_null_or_an_empty_text_by_its_type() {
    let monday = FakeMonday::start(Seed::small());
    for (column, text) in [
        ("status", Value::Null),
        ("dropdown", Value::Null),
        ("dependency", Value::Null),
        ("person", json!("")),
        ("long_text", json!("")),
        ("numbers", json!("")),
    ] {
        let value = value(&monday, "Nobody's", column);
        assert_eq!((&value["text"], &value["value"]), (&text, &Value::Null), "{column}");
    }
    assert!(values(&monday, "Nobody's").iter().all(|value| value["id"] != "name"), "the name is no value");
}

#[test]
fn two_labels_of_one_text_are_told_apart_by_their_numbers() {
    let monday = FakeMonday::start(Seed::small());
    let twice = value(&monday, "Done twice", "status");
    assert_eq!((&twice["label"], &twice["index"], &twice["is_done"]), (&json!("Done"), &json!(6), &json!(true)));
    let settings = data(&monday, "{ boards(ids: [1111111111]) { columns { id settings } } }", &json!({}));
    let labels = settings["boards"][0]["columns"][2]["settings"]["labels"].clone();
    let done: Vec<&Value> = labels.as_array().into_iter().flatten().filter(|label| label["label"] == "Done").collect();
    assert_eq!((&done[0]["id"], &done[1]["id"]), (&json!(1), &json!(6)));
    assert_eq!(done[1]["index"], 3, "the place among the others is not the number");
}

#[test]
fn updates_come_newest_first_in_pages_with_the_answers_to_them() {
    let monday = FakeMonday::start(Seed::small());
    let query =
        "query($i: [ID!], $p: Int) { items(ids: $i) { updates(limit: 100, page: $p) { body replies { body } } } }";
    let page = |name: &str, page: u64| {
        let answer = data(&monday, query, &json!({ "i": [number(&monday, name)], "p": page }));
        answer["items"][0]["updates"].as_array().cloned().unwrap_or_default()
    };
    assert_eq!((page("A long discussion", 1).len(), page("A long discussion", 2).len()), (100, 20));
    assert_eq!(page("A long discussion", 1)[0]["body"], "<p>Thought 120</p>");
    assert_eq!(page("Export stops half-way", 1)[1]["replies"], json!([{ "body": "<p>Which version?</p>" }]));
}

#[test]
fn without_a_size_no_more_than_twenty_five_come() {
    let monday = FakeMonday::start(Seed::issues(120));
    let ids: Vec<String> = monday.with_state(|state| state.items.iter().map(|item| item.id.clone()).collect());
    let query = "query($i: [ID!], $l: Int = 25) { items(ids: $i, limit: $l) { id } }";
    let count = |variables: &Value| data(&monday, query, variables)["items"].as_array().map_or(0, Vec::len);
    assert_eq!(count(&json!({ "i": ids[..100] })), 25);
    assert_eq!(count(&json!({ "i": ids[..100], "l": 100 })), 100);
    let error = super::error(&monday, query, &json!({ "i": ids[..101], "l": 101 }));
    assert_eq!(error["extensions"]["code"], "InvalidArgumentException");
}

#[test]
fn archived_and_deleted_items_are_read_by_number_and_say_so() {
    let monday = FakeMonday::start(Seed::small());
    let ids = [number(&monday, "Put away"), number(&monday, "Thrown away")];
    let answer = data(&monday, "query($i: [ID!]) { items(ids: $i) { state } }", &json!({ "i": ids }));
    assert_eq!(answer["items"], json!([{ "state": "archived" }, { "state": "deleted" }]));
}

#[test]
fn boards_are_those_of_documents_and_subitems_too_and_not_those_of_several_levels() {
    let monday = FakeMonday::start(Seed::small());
    let names = |query: &str| -> Vec<String> {
        let boards = data(&monday, query, &json!({}))["boards"].as_array().cloned().unwrap_or_default();
        boards.iter().map(|board| format!("{} {}", board["type"].as_str().unwrap_or_default(), board["name"])).collect()
    };
    let usual = names("{ boards(limit: 100) { name type } }");
    assert!(usual.contains(&"document \"Handbook\"".to_owned()), "{usual:?}");
    assert!(usual.contains(&"sub_items_board \"Subitems of Web\"".to_owned()), "{usual:?}");
    let all = names("{ boards(limit: 100, hierarchy_types: [classic, multi_level]) { name type } }");
    let more: Vec<_> = all.iter().filter(|name| !usual.contains(name)).collect();
    assert_eq!(more, ["board \"Roadmap\""]);
}

#[test]
fn subitem_is_on_a_board_of_its_own() {
    let monday = FakeMonday::start(Seed::small());
    let query = "query($i: [ID!]) { items(ids: $i) { subitems { name board { id } parent_item { name } } } }";
    let answer = data(&monday, query, &json!({ "i": [number(&monday, "Export stops half-way")] }));
    let below = json!([{ "name": "Stream the rows", "board": { "id": "2222222222" },
                         "parent_item": { "name": "Export stops half-way" } }]);
    assert_eq!(answer["items"][0]["subitems"], below);
}

#[test]
fn file_is_there_for_whoever_knows_its_address() {
    let monday = FakeMonday::start(Seed::small());
    monday.with_state(|state| {
        let (id, created_at) = (state.id(), state.tick());
        state.assets.push(usher_tests::servers::monday::state::Asset {
            id,
            item: 0,
            column: "files".to_owned(),
            name: "rows.csv".to_owned(),
            content: b"1,2".to_vec(),
            created_at,
            uploaded_by: 0,
        });
    });
    let query = "query($i: [ID!]) { items(ids: $i) { assets { name file_extension file_size public_url } } }";
    let answer = data(&monday, query, &json!({ "i": [number(&monday, "Export stops half-way")] }));
    let file = &answer["items"][0]["assets"][0];
    assert_eq!((&file["file_extension"], &file["file_size"]), (&json!(".csv"), &json!(3)));
    let address = file["public_url"].as_str().unwrap_or_default();
    assert!(address.starts_with(monday.url()), "{address}");
    assert_eq!(Answer::of(address, None).expect(200).text(), "1,2");
    assert_eq!(Answer::of(&format!("{address}0"), None).status, 403);
}
