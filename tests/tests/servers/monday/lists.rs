//! Lists of items: rules, orders, pages, and places in them that are not kept for ever.

use std::collections::BTreeSet;

use serde_json::{Value, json};
use usher_tests::servers::monday::{FakeMonday, Seed};

use super::{WEB, data, error};

const ITEMS: &str = "query($b: [ID!], $l: Int! = 500, $q: ItemsQuery) {
    boards(ids: $b) { items_page(limit: $l, query_params: $q) { cursor items { id name board { id } } } } }";
const NEXT: &str = "query($c: String!, $l: Int! = 500) {
    next_items_page(cursor: $c, limit: $l) { cursor items { id name board { id } } } }";

fn first(monday: &FakeMonday, board: &str, limit: u64) -> Value {
    data(monday, ITEMS, &json!({ "b": [board], "l": limit }))["boards"][0]["items_page"].clone()
}

fn next(monday: &FakeMonday, page: &Value, limit: u64) -> Value {
    data(monday, NEXT, &json!({ "c": page["cursor"], "l": limit }))["next_items_page"].clone()
}

fn ids(page: &Value) -> Vec<String> {
    let items = page["items"].as_array().into_iter().flatten();
    items.map(|item| item["id"].as_str().unwrap_or_default().to_owned()).collect()
}

/// Returns the names of what rules find in Web.
fn found(monday: &FakeMonday, query: &Value) -> BTreeSet<String> {
    let page = data(monday, ITEMS, &json!({ "b": [WEB], "q": query }))["boards"][0]["items_page"].clone();
    let items = page["items"].as_array().into_iter().flatten();
    items.map(|item| item["name"].as_str().unwrap_or_default().to_owned()).collect()
}

fn rule(column: &str, value: &Value, operator: &str) -> Value {
    json!({ "rules": [{ "column_id": column, "compare_value": value, "operator": operator }] })
}

#[test]
fn items_come_in_no_order_and_each_once() {
    let monday = FakeMonday::start(Seed::issues(400));
    let mut page = first(&monday, WEB, 30);
    let mut all = ids(&page);
    while !page["cursor"].is_null() {
        page = next(&monday, &page, 30);
        all.extend(ids(&page));
    }
    assert!(!all.is_sorted(), "neither by number nor by time");
    assert_eq!((all.len(), all.iter().collect::<BTreeSet<_>>().len()), (100, 100));
}

#[test]
fn last_page_has_no_cursor_even_if_it_is_full() {
    let monday = FakeMonday::start(Seed::issues(40));
    assert_eq!(first(&monday, WEB, 10)["cursor"], Value::Null);
    assert!(first(&monday, WEB, 9)["cursor"].is_string());
}

#[test]
fn order_is_by_creation_by_update_or_by_name() {
    let monday = FakeMonday::start(Seed::issues(40));
    monday.with_state(|state| state.items[0].updated_at = state.tick());
    let ordered = |column: &str, direction: &str| {
        let query = json!({ "order_by": [{ "column_id": column, "direction": direction }] });
        ids(&data(&monday, ITEMS, &json!({ "b": [WEB], "q": query }))["boards"][0]["items_page"])
    };
    assert!(ordered("__creation_log__", "asc").is_sorted());
    let newest = ordered("__creation_log__", "desc");
    assert!(newest.iter().rev().is_sorted());
    assert_eq!(ordered("__last_updated__", "desc")[0], *newest.last().expect("ten items"));
}

#[test]
fn rules_about_labels_find_nothing_without_one() {
    let monday = FakeMonday::start(Seed::small());
    let done = found(&monday, &rule("status", &json!([1, 6]), "any_of"));
    assert_eq!(done.into_iter().collect::<Vec<_>>(), ["Done twice"]);
    let open = found(&monday, &rule("status", &json!([1, 6]), "not_any_of"));
    assert!(open.contains("Export stops half-way") && !open.contains("Nobody's"), "{open:?}");
    assert!(found(&monday, &rule("status", &json!([]), "is_empty")).contains("Nobody's"));
}

#[test]
fn rules_are_joined_by_and_and_by_or() {
    let monday = FakeMonday::start(Seed::small());
    let text = |word: &str| json!({ "column_id": "name", "compare_value": [word], "operator": "contains_text" });
    let both = found(&monday, &json!({ "rules": [text("export"), text("half")] }));
    assert_eq!(both.len(), 1, "{both:?}");
    let either = json!({ "groups": [{ "operator": "or", "rules": [text("EXPORT"), text("format")] }] });
    assert_eq!(found(&monday, &either).len(), 2);
    let body = rule("long_text", &json!(["1,000"]), "contains_text");
    assert_eq!(found(&monday, &body).into_iter().collect::<Vec<_>>(), ["Export stops half-way"]);
    assert_eq!(found(&monday, &rule("group", &json!(["group_2"]), "any_of")).len(), 1);
}

#[test]
fn archived_and_deleted_items_and_subitems_are_not_listed() {
    let monday = FakeMonday::start(Seed::small());
    let all = found(&monday, &json!({}));
    for name in ["Put away", "Thrown away", "Stream the rows"] {
        assert!(!all.contains(name), "{name}");
    }
}

#[test]
fn board_without_a_status_has_no_rules_about_one() {
    let monday = FakeMonday::start(Seed::small());
    let variables = json!({ "b": ["3333333333"], "q": rule("status", &json!([1]), "any_of") });
    let answer = super::ask(&monday, ITEMS, &variables).send(&monday).expect(200);
    assert_eq!(super::only_error(&answer)["extensions"]["code"], "InvalidColumnIdException");
    assert_eq!(first(&monday, "3333333333", 500)["items"][0]["name"], "Call the printer");
}

#[test]
fn place_that_has_expired_is_an_error_with_its_own_code() {
    let monday = FakeMonday::start(Seed::issues(40));
    let page = first(&monday, WEB, 4);
    monday.expire_places();
    let expired = error(&monday, NEXT, &json!({ "c": page["cursor"] }));
    assert_eq!(expired["extensions"]["code"], "CursorExpiredError");
    let stranger = error(&monday, NEXT, &json!({ "c": "nobody's" }));
    assert_eq!(stranger["extensions"]["code"], "InvalidArgumentException");
    let again = first(&monday, WEB, 4);
    assert_eq!(next(&monday, &again, 500)["items"].as_array().map_or(0, Vec::len), 6);
}

#[test]
fn so_many_of_the_next_places_expire_as_are_said() {
    let monday = FakeMonday::start(Seed::issues(40));
    monday.expire_next_places(1);
    let page = first(&monday, WEB, 4);
    error(&monday, NEXT, &json!({ "c": page["cursor"] }));
    let page = first(&monday, WEB, 4);
    assert_eq!(next(&monday, &page, 500)["cursor"], Value::Null);
}

#[test]
fn item_that_is_moved_while_it_is_listed_comes_with_both_boards() {
    let monday = FakeMonday::start(Seed::issues(40));
    let page = first(&monday, WEB, 4);
    let rest: BTreeSet<String> = {
        let all = ids(&first(&monday, WEB, 500));
        all.into_iter().filter(|id| !ids(&page).contains(id)).collect()
    };
    let moved = rest.first().cloned().expect("six are left");
    monday.with_state(|state| {
        let item = state.find_item(&moved).expect("it is there");
        state.move_item(item, 1);
    });
    let page = next(&monday, &page, 500);
    let own = page["items"].as_array().into_iter().flatten().find(|item| item["id"] == moved.as_str());
    assert_eq!(own.map(|item| &item["board"]["id"]), Some(&json!("2222222222")), "as it is now");
    assert!(ids(&first(&monday, "2222222222", 500)).contains(&moved));
    assert!(!ids(&first(&monday, WEB, 500)).contains(&moved), "a new list has it on its new board alone");
}

#[test]
fn what_is_put_away_while_it_is_listed_does_not_come() {
    let monday = FakeMonday::start(Seed::issues(40));
    monday.after_next_page(|state| state.items.iter_mut().for_each(|item| item.state = "archived"));
    let page = first(&monday, WEB, 4);
    assert_eq!(ids(&page).len(), 4);
    assert_eq!(ids(&next(&monday, &page, 500)).len(), 0);
}
