//! Lists: boards side by side, pages, places that expire, and what is said to monday.com.

use std::sync::atomic::{AtomicUsize, Ordering};

use serde_json::{Value, json};
use usher_adapter_sdk::{
    ErrorKind,
    message::{Criteria, Criterion, Include, Query, Sort, SortField},
};

use crate::server::{Server, board, connection, data, failure, item};

fn first(board: &Value, items: &[u64], cursor: Option<&str>) -> Value {
    let mut board = board["boards"][0].clone();
    board["items_page"] = json!({ "cursor": cursor, "items": numbered(items) });
    json!({ "boards": [board] })
}

fn numbered(items: &[u64]) -> Vec<Value> {
    items.iter().map(|id| item(json!({ "id": id.to_string() }))).collect()
}

fn native_ids(page: &usher_adapter_sdk::message::Page) -> Vec<String> {
    page.tickets().unwrap().into_iter().filter_map(|ticket| ticket.native_id).collect()
}

#[test]
fn a_board_goes_from_page_to_page() {
    let server = Server::new(|asked| match asked.operation.as_str() {
        "Items" => data(first(&board(), &[3, 1], Some("c1"))),
        "NextItems" => {
            assert_eq!(asked.variables["cursor"], "c1");
            let mut page = json!({ "boards": board()["boards"] });
            page["next_items_page"] = json!({ "cursor": null, "items": numbered(&[2]) });
            data(page)
        }
        other => panic!("{other}"),
    });
    let page = server.kit.fetch(&Criteria::default(), Include::default(), None).unwrap();
    assert_eq!(native_ids(&page), ["3", "1"]);
    let next = &page.head().next;
    assert_eq!(next.len(), 1);
    let page = server.kit.fetch(&Criteria::default(), Include::default(), Some(&next[0])).unwrap();
    assert_eq!((native_ids(&page), page.head().next.len()), (vec!["2".to_owned()], 0));
}

#[test]
fn several_boards_are_chains_of_their_own_unless_few_items_are_wanted() {
    let connection = || connection().with_projects(vec!["1111".to_owned(), "2222".to_owned(), "3333".to_owned()]);
    let server = Server::at(connection(), "{}", |_| data(first(&board(), &[1], Some("c"))));
    let page = server.kit.fetch(&Criteria::default(), Include::default(), None).unwrap();
    assert_eq!(page.head().next.len(), 3, "the rest of the first board, and two boards");
    let few = Criteria::default().with_limit(20);
    let page = server.kit.fetch(&few, Include::default(), None).unwrap();
    assert_eq!(page.head().next.len(), 1);
    assert_eq!(server.last()["limit"], 20);
    let mut seen = Vec::new();
    let server = Server::at(connection(), "{}", |_| data(first(&board(), &[1], None)));
    let mut cursor = None;
    loop {
        let page = server.kit.fetch(&few, Include::default(), cursor.as_ref()).unwrap();
        seen.push(server.last()["board"][0].clone());
        cursor = page.head().next.first().cloned();
        if cursor.is_none() {
            break;
        }
    }
    assert_eq!(seen, ["1111", "2222", "3333"]);
}

#[test]
fn a_place_that_has_expired_begins_the_board_anew_and_not_for_ever() {
    let begun = AtomicUsize::new(0);
    let server = Server::new(move |asked| match asked.operation.as_str() {
        "Items" => {
            begun.fetch_add(1, Ordering::Relaxed);
            data(first(&board(), &[1, 2], Some("c")))
        }
        _ => failure("CursorExpiredError"),
    });
    let mut cursor = None;
    for _ in 0..4 {
        let page = server.kit.fetch(&Criteria::default(), Include::default(), cursor.as_ref()).unwrap();
        assert_eq!(native_ids(&page), ["1", "2"], "nothing is lost; the host drops what comes again");
        cursor = page.head().next.first().cloned();
    }
    let error = server.kit.fetch(&Criteria::default(), Include::default(), cursor.as_ref()).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Conflict);
}

#[test]
fn labels_are_asked_for_by_their_numbers_and_all_of_one_name() {
    let server = Server::new(|asked| match asked.operation.as_str() {
        "Board" => data(board()),
        _ => data(first(&board(), &[], None)),
    });
    let criteria =
        Criteria::default().with_is_open(true).with_status(vec!["done".to_owned()]).with_text("a b".to_owned());
    let page = server.kit.fetch(&criteria, Include::default(), None).unwrap();
    let groups = &server.last()["query"]["groups"];
    assert_eq!(groups[0]["rules"][0]["compare_value"], json!([1, 6]));
    assert_eq!(groups[0]["rules"][1]["operator"], "is_empty");
    assert_eq!(groups[1]["rules"], json!([{ "column_id": "status", "compare_value": [1, 6], "operator": "any_of" }]));
    assert_eq!(groups[2]["rules"][0]["column_id"], "name");
    assert_eq!(groups[2]["rules"][1]["column_id"], "long");
    for criterion in [Criterion::IsOpen, Criterion::Status, Criterion::Text] {
        assert!(page.head().pushed_down.contains(&criterion), "{criterion}");
    }
}

#[test]
fn a_board_without_a_status_leaves_states_to_the_host() {
    let bare = || {
        let mut bare = board();
        bare["boards"][0]["columns"] = json!([]);
        bare
    };
    let server = Server::new(move |asked| match asked.operation.as_str() {
        "Board" => data(bare()),
        _ => data(first(&bare(), &[1], None)),
    });
    let page = server.kit.fetch(&Criteria::default().with_is_open(true), Include::default(), None).unwrap();
    assert_eq!((server.last()["query"].clone(), page.head().pushed_down.len()), (Value::Null, 0));
}

#[test]
fn an_order_is_that_of_one_board_only() {
    let server = Server::new(|asked| match asked.operation.as_str() {
        "Board" => data(board()),
        _ => data(first(&board(), &[1], None)),
    });
    let criteria = Criteria::default().with_sort(Sort::by(SortField::Updated).descending());
    let page = server.kit.fetch(&criteria, Include::default(), None).unwrap();
    assert_eq!(server.last()["query"]["order_by"][0]["direction"], "desc");
    assert_eq!(page.head().pushed_down, [Criterion::Sort]);
}

#[test]
fn a_board_that_is_not_there_is_an_error_and_no_empty_list() {
    let server = Server::new(|_| data(json!({ "boards": [] })));
    let error = server.kit.fetch(&Criteria::default(), Include::default(), None).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::NotFound);
    let criteria = Criteria::default().with_project(vec!["Bugs".to_owned()]);
    assert_eq!(server.kit.fetch(&criteria, Include::default(), None).unwrap_err().kind(), ErrorKind::InvalidReference);
}

#[test]
fn a_native_query_is_an_items_query() {
    let server = Server::new(|_| data(first(&board(), &[1], None)));
    let query = r#"{"rules":[{"column_id":"status","compare_value":[1]}],"order_by":[{"column_id":"name"}]}"#;
    server.kit.search(&Query::native(query), Include::default(), None).unwrap();
    let sent = server.last()["query"].clone();
    assert_eq!(sent["order_by"][0]["column_id"], "name");
    assert_eq!(sent["groups"][0]["rules"][0]["compare_value"], json!([1]));
    for wrong in ["status = Done", "[]", r#"{"rule":[]}"#] {
        let error = server.kit.search(&Query::native(wrong), Include::default(), None).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Validation, "{wrong}");
    }
}

/// Returns an item on the board 2222, whose columns are others.
fn moved() -> Value {
    let label = json!({ "id": 3, "index": 0, "label": "Shipped", "is_done": true, "is_deactivated": false });
    let column = json!({
        "id": "stage", "title": "Stage", "type": "status", "archived": false, "settings": { "labels": [label] },
    });
    let board =
        json!({ "id": "2222", "name": "Later", "url": null, "type": "board", "columns": [column], "groups": [] });
    let value =
        json!({ "id": "stage", "type": "status", "text": "Shipped", "index": 3, "label": "Shipped", "is_done": true });
    item(json!({ "id": "2", "board": board, "column_values": [value] }))
}

fn with_a_moved_item(projects: &[&str]) -> Server {
    let projects: Vec<String> = projects.iter().map(|project| (*project).to_owned()).collect();
    Server::at(connection().with_projects(projects), "{}", |asked| match asked.operation.as_str() {
        "Board" => data(board()),
        "Item" => data(json!({ "items": [moved()] })),
        _ => {
            let mut page = first(&board(), &[1], None);
            page["boards"][0]["items_page"]["items"].as_array_mut().unwrap().push(moved());
            data(page)
        }
    })
}

#[test]
fn an_item_that_is_moved_meanwhile_is_read_with_the_columns_of_its_new_board() {
    let server = with_a_moved_item(&["1111", "2222"]);
    let criteria = Criteria::default().with_is_open(true).with_project(vec!["1111".to_owned(), "2222".to_owned()]);
    let page = server.kit.fetch(&criteria, Include::default(), None).unwrap();
    assert_eq!(native_ids(&page), ["1", "2"]);
    let moved = &page.tickets().unwrap()[1];
    assert_eq!(moved.key.as_str(), "acme:2222:2");
    assert_eq!(moved.status.native.name, "Shipped");
    assert_eq!(page.head().pushed_down, [Criterion::Project], "what was applied was applied to its old columns");
}

#[test]
fn an_item_that_is_moved_out_of_the_boards_that_are_listed_is_not_listed() {
    let server = with_a_moved_item(&["1111"]);
    let page = server.kit.fetch(&Criteria::default(), Include::default(), None).unwrap();
    assert_eq!(native_ids(&page), ["1"]);
    let server = with_a_moved_item(&[]);
    let page = server.kit.fetch(&Criteria::default().with_project(vec!["1111".to_owned()]), Include::default(), None);
    assert_eq!(native_ids(&page.unwrap()), ["1"]);
}
