//! What is written: items, their columns, updates and files, and what is refused of it.

use serde_json::{Value, json};
use usher_tests::servers::{
    Fake,
    monday::{FakeMonday, Seed},
};

use super::{WEB, data, error, number};
use crate::client::Ask;

const CREATE: &str = "mutation($b: ID!, $n: String!, $v: JSON, $g: String) {
    create_item(board_id: $b, item_name: $n, column_values: $v, group_id: $g, create_labels_if_missing: false) {
        id name group { id } column_values { id text } } }";
const CHANGE: &str = "mutation($b: ID!, $i: ID!, $v: JSON!) {
    change_multiple_column_values(board_id: $b, item_id: $i, column_values: $v) { id name updated_at } }";

fn change(monday: &FakeMonday, values: &Value) -> Value {
    json!({ "b": WEB, "i": number(monday, "Nobody's"), "v": values.to_string() })
}

#[test]
fn new_item_has_what_its_columns_were_given() {
    let monday = FakeMonday::start(Seed::small());
    let values = json!({ "status": { "index": 2 }, "person": { "personsAndTeams": [{ "id": 7_000_002, "kind": "person" }] },
        "date4": { "date": "2026-03-01" }, "numbers": "3", "tags": { "tag_ids": [17_000_002] } });
    let variables = json!({ "b": WEB, "n": "New", "v": values.to_string(), "g": "group_2" });
    let item = data(&monday, CREATE, &variables)["create_item"].clone();
    assert_eq!((&item["name"], &item["group"]["id"]), (&json!("New"), &json!("group_2")));
    let text = |id: &str| {
        let values = item["column_values"].as_array().into_iter().flatten();
        values.clone().find(|value| value["id"] == id).map(|value| value["text"].clone())
    };
    for (id, own) in
        [("status", "Stuck"), ("person", "Ben Bitdiddle"), ("date4", "2026-03-01"), ("numbers", "3"), ("tags", "later")]
    {
        assert_eq!(text(id), Some(json!(own)), "{id}");
    }
    assert_eq!(monday.server().ledger().committed().len(), 1);
}

#[test]
fn change_of_columns_moves_the_time_and_an_update_does_not() {
    let monday = FakeMonday::start(Seed::small());
    let before = monday.item("Nobody's").updated_at;
    let update = "mutation($i: ID!) { create_update(item_id: $i, body: \"<p>Hm</p>\") { body creator { name } } }";
    let written = data(&monday, update, &json!({ "i": number(&monday, "Nobody's") }));
    assert_eq!(written["create_update"]["creator"]["name"], "Ada Lovelace");
    assert_eq!(monday.item("Nobody's").updated_at, before);
    data(&monday, CHANGE, &change(&monday, &json!({ "name": "Somebody's", "status": { "label": "Done" } })));
    let item = monday.item("Somebody's");
    assert!(item.updated_at > before);
    assert_eq!(item.values["status"], json!({ "index": 1 }), "of two labels of one text the first");
}

#[test]
fn null_and_an_empty_object_clear_a_column() {
    let monday = FakeMonday::start(Seed::small());
    for empty in [Value::Null, json!({})] {
        data(&monday, CHANGE, &change(&monday, &json!({ "status": { "index": 2 } })));
        data(&monday, CHANGE, &change(&monday, &json!({ "status": empty })));
        assert!(!monday.item("Nobody's").values.contains_key("status"));
    }
}

#[test]
fn value_that_a_column_does_not_take_is_refused_and_nothing_is_written() {
    let monday = FakeMonday::start(Seed::small());
    for (values, code) in [
        (json!({ "name": "X", "state": "x" }), "InvalidColumnIdException"),
        (json!({ "name": "X", "status": { "index": 99 } }), "ColumnValueException"),
        (json!({ "name": "X", "status": { "label": "Shipped" } }), "ColumnValueException"),
        (
            json!({ "name": "X", "person": { "personsAndTeams": [{ "id": 1, "kind": "person" }] } }),
            "ColumnValueException",
        ),
        (json!({ "name": "X", "date4": { "date": "01.03.2026" } }), "ColumnValueException"),
        (json!({ "name": "X", "numbers": "three" }), "ColumnValueException"),
        (json!({ "name": "X", "formula": "1" }), "ColumnValueException"),
        (json!({ "name": " " }), "InvalidArgumentException"),
        (json!({ "name": "x".repeat(256) }), "ItemNameIsTooLongException"),
    ] {
        assert_eq!(error(&monday, CHANGE, &change(&monday, &values))["extensions"]["code"], code, "{values}");
    }
    let text = json!({ "b": WEB, "i": number(&monday, "Nobody's"), "v": "{" });
    assert_eq!(error(&monday, CHANGE, &text)["extensions"]["code"], "JsonParseException");
    let elsewhere = json!({ "b": "3333333333", "i": number(&monday, "Nobody's"), "v": "{}" });
    assert_eq!(error(&monday, CHANGE, &elsewhere)["extensions"]["code"], "InvalidItemIdException");
    assert_eq!(monday.server().ledger().committed().len(), 0);
    let count = monday.with_state(|state| state.items.len());
    error(&monday, CREATE, &json!({ "b": WEB, "n": "New", "v": r#"{"status":{"index":99}}"# }));
    assert_eq!(monday.with_state(|state| state.items.len()), count, "an item is made whole or not at all");
}

#[test]
fn item_goes_to_another_group_and_a_subitem_below_its_parent() {
    let monday = FakeMonday::start(Seed::small());
    let id = number(&monday, "Nobody's");
    let to = "mutation($i: ID!, $g: String!) { move_item_to_group(item_id: $i, group_id: $g) { group { title } } }";
    let moved = data(&monday, to, &json!({ "i": id, "g": "group_2" }));
    assert_eq!(moved["move_item_to_group"]["group"]["title"], "Later");
    let wrong = error(&monday, to, &json!({ "i": id, "g": "group_9" }));
    assert_eq!(wrong["extensions"]["code"], "ResourceNotFoundException");
    let below = "mutation($p: ID!) { create_subitem(parent_item_id: $p, item_name: \"Part\") { board { id } parent_item { id } } }";
    let part = data(&monday, below, &json!({ "p": id }))["create_subitem"].clone();
    assert_eq!(part, json!({ "board": { "id": "2222222222" }, "parent_item": { "id": id } }));
}

#[test]
fn file_comes_as_a_form() {
    let monday = FakeMonday::start(Seed::small());
    let query = "mutation($item: ID!, $column: String!, $file: File!) {
        add_file_to_column(item_id: $item, column_id: $column, file: $file) { name file_size } }";
    let variables = json!({ "item": number(&monday, "Nobody's"), "column": "files" }).to_string();
    let part = |name: &str, content: &str| {
        format!("--b\r\ncontent-disposition: form-data; name=\"{name}\"\r\n\r\n{content}\r\n")
    };
    let file = "--b\r\ncontent-disposition: form-data; name=\"variables[file]\"; filename=\"a.txt\"\r\n\r\nabc\r\n";
    let form = part("query", query) + &part("variables", &variables) + file + "--b--\r\n";
    let ask =
        Ask::new("POST", "/v2/file").header("authorization", &monday.token("ada")).header("api-version", "2026-10");
    let answer = ask.text("multipart/form-data; boundary=b", &form).send(&monday).expect(200).json();
    assert_eq!(answer["data"]["add_file_to_column"], json!({ "name": "a.txt", "file_size": 3 }), "{answer:#}");
}
