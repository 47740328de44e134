//! Lists, pages and searches, with Trello's own turns.

use serde_json::Value;
use usher_tests::servers::trello::{FakeTrello, Seed};

use super::{get, ids};

#[test]
fn a_list_has_the_newest_thousand_and_goes_on_before_the_smallest_id() {
    let trello = FakeTrello::start(Seed::issues(2_300));
    let mut all: Vec<String> = Vec::new();
    let mut path = "/boards/webBoard/cards/all?limit=1000".to_owned();
    loop {
        let page = ids(&get(&trello, &path));
        let Some(smallest) = page.iter().min().cloned() else { break };
        assert!(page.len() <= 1_000);
        assert_ne!(page.first(), page.iter().max(), "the order is the board's, and not that of the ids");
        assert!(page.iter().all(|id| !all.contains(id)), "the end does not belong to it");
        all.extend(page);
        path = format!("/boards/webBoard/cards/all?limit=1000&before={smallest}");
    }
    assert_eq!(all.len(), 2_300);
}

#[test]
fn archived_cards_and_lists_are_told_apart_by_the_filter() {
    let trello = FakeTrello::start(Seed::small());
    let names = |path: &str| -> Vec<String> {
        let list = get(&trello, path);
        list.as_array().into_iter().flatten().filter_map(|card| card["name"].as_str().map(str::to_owned)).collect()
    };
    assert_eq!(names("/boards/webBoard/cards/closed"), ["Made by mistake"]);
    assert!(!names("/boards/webBoard/cards/open").contains(&"Made by mistake".to_owned()));
    assert_eq!(names("/boards/shoBoard/cards/open"), ["On an archived list"], "the card itself is not archived");
    assert_eq!(names("/boards/shoBoard/cards/visible"), [""; 0]);
}

#[test]
fn labels_are_objects_and_may_have_no_name() {
    let trello = FakeTrello::start(Seed::small());
    let card = get(&trello, "/cards/fKe10000");
    assert_eq!((&card["labels"][1]["name"], &card["labels"][1]["color"]), (&Value::from(""), &Value::from("red")));
}

#[test]
fn comments_are_listed_newest_first_and_a_thousand_at_most() {
    let trello = FakeTrello::start(Seed::small());
    let link = trello.with_state(|state| state.card("A long discussion").value["shortLink"].clone());
    let link = link.as_str().unwrap_or_default();
    let page = get(&trello, &format!("/cards/{link}/actions?filter=commentCard&limit=1000"));
    assert_eq!((ids(&page).len(), page[0]["data"]["text"].as_str()), (1_000, Some("Thought 1005")));
    let oldest = ids(&page).into_iter().min().unwrap_or_default();
    let rest = get(&trello, &format!("/cards/{link}/actions?filter=commentCard&limit=1000&before={oldest}"));
    assert_eq!(ids(&rest).len(), 5);
}

#[test]
fn a_search_takes_parts_of_words_only_where_it_is_asked_to() {
    let trello = FakeTrello::start(Seed::small());
    let count = |query: &str| {
        get(&trello, &format!("/search?modelTypes=cards&query={query}"))["cards"].as_array().map(Vec::len)
    };
    assert_eq!(count("exp"), Some(0));
    assert_eq!(count("exp&partial=true"), Some(1));
    assert_eq!(count("%22half-way%22"), Some(1));
    assert_eq!(count("rotate"), Some(0), "it is on a board of somebody else's");
}
