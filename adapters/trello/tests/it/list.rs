//! Lists of cards: pages, windows, seams.

use std::{
    collections::BTreeSet,
    sync::atomic::{AtomicBool, Ordering},
};

use serde_json::{Value, json};
use usher_adapter_sdk::{
    ErrorKind, Result,
    host::{Connection, Response},
    message::{Criteria, Criterion, Cursor, Include, Page, Sort, SortField, TimeRange},
    model::Time,
    testkit::TestHost,
};

use crate::server::{Asked, BOARD, Server, answer_of, card, comment, connection, ok};

/// When the test's board was made, by its id.
const BORN: u32 = 0x5f00_0000;

/// A board of so many cards, one every `step` seconds, `twins` of them in each second.
fn cards(count: u32, step: u32, twins: u32) -> Vec<Value> {
    (0..count)
        .map(|number| {
            let id = format!("{:08x}{number:016x}", BORN + number / twins * step);
            card(json!({"id": id, "shortLink": format!("c{number:07}"), "idShort": number + 1}))
        })
        .collect()
}

/// Answers as Trello does: the newest that are between the ends, which do not belong to it.
fn listed(cards: &[Value], asked: &Asked) -> Result<Response> {
    let id = |card: &Value| card["id"].as_str().unwrap().to_owned();
    let fits = |card: &&Value| {
        asked.query("since").is_none_or(|since| *since < *id(card))
            && asked.query("before").is_none_or(|before| *id(card) < *before)
    };
    let mut found: Vec<&Value> = cards.iter().filter(fits).collect();
    found.sort_by_key(|card| std::cmp::Reverse(id(card)));
    found.truncate(asked.query("limit").unwrap().parse().unwrap());
    // On the board they have another order.
    found.sort_by_key(|card| id(card).chars().rev().collect::<String>());
    ok(json!(found).to_string())
}

fn server(cards: Vec<Value>) -> Server {
    Server::new(move |asked| match asked.path().starts_with("GET /boards/board123/cards/") {
        true => listed(&cards, asked),
        false => answer_of(&[], asked),
    })
}

/// Reads a list to its end, and returns the ids of all cards, as often as they came.
fn everything(server: &Server, criteria: &Criteria) -> Vec<String> {
    let mut ids = Vec::new();
    let mut places: Vec<Option<Cursor>> = vec![None];
    while let Some(place) = places.pop() {
        let page = server.kit.fetch(criteria, Include::SUMMARY, place.as_ref()).unwrap();
        ids.extend(page.tickets().unwrap().into_iter().map(|ticket| ticket.native_id.unwrap()));
        places.extend(page.head().next.iter().cloned().map(Some));
        assert!(server.lines().len() < 200, "the list has no end");
    }
    ids
}

fn keys(page: &Page) -> Vec<String> {
    page.tickets().unwrap().into_iter().map(|ticket| ticket.key.as_str().to_owned()).collect()
}

#[test]
fn whatever_the_density_every_card_is_listed() {
    for (count, step, twins) in
        [(0, 1, 1), (7, 60, 1), (1_000, 60, 1), (2_500, 3_600, 1), (5_000, 60, 7), (2_500, 1, 400), (2_600, 1, 1_300)]
    {
        let all = cards(count, step, twins);
        let expected: BTreeSet<String> = all.iter().map(|card| card["id"].as_str().unwrap().to_owned()).collect();
        let found = everything(&server(all), &Criteria::default());
        assert_eq!(found.iter().cloned().collect::<BTreeSet<_>>(), expected, "{count} {step} {twins}");
    }
}

#[test]
fn a_card_that_is_older_than_its_board_is_listed() {
    let mut all = cards(1_500, 60, 1);
    all.push(card(json!({"id": "4f00000000000000000000aa", "shortLink": "moved001"})));
    assert!(everything(&server(all), &Criteria::default()).iter().any(|id| id == "4f00000000000000000000aa"));
}

#[test]
fn the_first_page_names_windows_that_are_asked_for_side_by_side() {
    let server = server(cards(10_000, 60, 1));
    let first = server.kit.fetch(&Criteria::default(), Include::SUMMARY, None).unwrap();
    assert_eq!((first.len(), first.head().next.len()), (1_000, 9), "eight windows, and what is older than the board");
    everything(&server, &Criteria::default());
    let requests = server.lines().iter().filter(|line| line.contains("/cards/all")).count();
    assert!(requests <= 30, "{requests} requests");
}

#[test]
fn several_boards_are_chains_of_their_own_and_with_a_small_limit_follow_one_another() {
    let boards = json!([{"id": "5f00000000000000000000b1"}, {"id": "5f00000000000000000000b2"}]);
    let table = vec![
        ("GET /members/me/boards", boards),
        ("GET /boards/5f00000000000000000000b1", json!({"id": "5f00000000000000000000b1"})),
        ("GET /boards/5f00000000000000000000b2", json!({"id": "5f00000000000000000000b2"})),
        ("GET /boards/5f00000000000000000000b1/cards/all", json!([card(json!({"shortLink": "aaaaaaa1"}))])),
        ("GET /boards/5f00000000000000000000b2/cards/all", json!([card(json!({"shortLink": "bbbbbbb1"}))])),
    ];
    let server = Server::at(connection(), move |asked| answer_of(&table, asked));
    for criteria in [Criteria::default(), Criteria::default().with_limit(5)] {
        let first = server.kit.fetch(&criteria, Include::SUMMARY, None).unwrap();
        assert_eq!((keys(&first), first.head().next.len()), (vec!["aaaaaaa1".to_owned()], 1));
        let second = server.kit.fetch(&criteria, Include::SUMMARY, first.head().next.first()).unwrap();
        assert_eq!((keys(&second), second.head().next.len()), (vec!["bbbbbbb1".to_owned()], 0));
    }
}

/// An account on so many boards, a card on each. It leaves the second one once the list is begun.
fn boards(count: usize) -> Server {
    let id = |number: usize| format!("5f0000000000000000000{number:03x}");
    let begun = AtomicBool::new(false);
    Server::at(connection(), move |asked| {
        let path = asked.path();
        if path == "GET /members/me/boards" {
            let is_left = begun.swap(true, Ordering::Relaxed);
            let own = (0..count).filter(|number| !is_left || *number != 1);
            return ok(json!(own.map(|number| json!({"id": id(number)})).collect::<Vec<_>>()).to_string());
        }
        let number = (0..count).find(|number| *number != 1 && path.contains(&id(*number)));
        match (number, path.contains("/cards/")) {
            (Some(number), true) => ok(json!([card(json!({"shortLink": format!("c{number:07}")}))]).to_string()),
            (Some(number), false) => ok(json!({"id": id(number)}).to_string()),
            (None, _) => answer_of(&[], asked),
        }
    })
}

#[test]
fn the_boards_are_asked_for_once_and_one_that_is_left_meanwhile_is_told_and_hides_no_other() {
    let newest = Criteria::default().with_sort(Sort::by(SortField::Created).descending());
    for criteria in [Criteria::default(), Criteria::default().with_limit(500), newest] {
        let server = boards(130);
        let (mut found, mut errors) = (Vec::new(), Vec::new());
        let mut places: Vec<Option<Cursor>> = vec![None];
        while let Some(place) = places.pop() {
            let page = server.kit.fetch(&criteria, Include::SUMMARY, place.as_ref()).unwrap();
            found.extend(keys(&page));
            errors.extend(page.head().errors.clone());
            assert_eq!(page.head().pushed_down, [], "the order is that of each board alone");
            places.extend(page.head().next.iter().cloned().map(Some));
        }
        assert_eq!(found.iter().collect::<BTreeSet<_>>().len(), 129, "{criteria:?}");
        let [error] = &errors[..] else { panic!("{errors:?}") };
        assert_eq!(error.kind(), ErrorKind::NotFound);
        assert!(error.message().contains("5f0000000000000000000001"), "{error}");
        assert_eq!(server.lines().iter().filter(|line| line.starts_with("GET /members/me/boards")).count(), 1);
    }
}

#[test]
fn a_board_that_is_named_and_not_there_is_an_error_of_the_whole_list() {
    let named = Criteria::default().with_project(vec!["5f00000000000000000000ff".to_owned()]);
    assert_eq!(server(vec![]).kit.fetch(&named, Include::SUMMARY, None).unwrap_err().kind(), ErrorKind::NotFound);
}

#[test]
fn with_an_order_or_a_small_limit_it_goes_page_after_page() {
    let server = server(cards(3_000, 60, 1));
    for criteria in [Criteria::default().with_limit(1_500), Criteria::default().with_sort(Sort::by(SortField::Updated))]
    {
        let page = server.kit.fetch(&criteria, Include::SUMMARY, None).unwrap();
        assert_eq!((page.len(), page.head().next.len()), (1_000, 1));
    }
    let newest = Criteria::default().with_sort(Sort::by(SortField::Created).descending()).with_limit(60);
    let page = server.kit.fetch(&newest, Include::SUMMARY, None).unwrap();
    assert_eq!((page.len(), page.head().pushed_down.clone()), (60, vec![Criterion::Sort]));
    assert_eq!(keys(&page)[..2], ["c0002999", "c0002998"]);
    let second = server.kit.fetch(&newest, Include::SUMMARY, page.head().next.first()).unwrap();
    assert_eq!(second.head().pushed_down, [Criterion::Sort], "and so it stays");
}

#[test]
fn only_what_trello_applies_exactly_is_named_and_the_rest_narrows() {
    let server = server(cards(3, 60, 1));
    let from = Time::parse("2026-01-01T00:00:00Z").unwrap();
    let criteria = Criteria::default()
        .with_project(vec!["board123".to_owned()])
        .with_is_open(true)
        .with_status(vec!["To Do".to_owned()])
        .with_created(TimeRange::new(Some(from), Some(from)));
    let page = server.kit.fetch(&criteria, Include::SUMMARY, None).unwrap();
    assert_eq!(page.head().pushed_down, [Criterion::Project]);
    let narrow =
        "GET /boards/board123/cards/open?limit=1000&since=6955b8ff0000000000000000&before=6955b9010000000000000000";
    assert!(server.lines().iter().any(|line| line == narrow), "{:?}", server.lines());
}

#[test]
fn a_board_whose_name_has_the_form_of_a_short_link_is_listed() {
    let boards = json!([{"id": "5f00000000000000000000b0", "name": "Projects", "shortLink": "board123"}]);
    let server = Server::of(vec![
        ("GET /members/me/boards", boards),
        ("GET /boards/5f00000000000000000000b0/cards/all", json!([card(json!({}))])),
    ]);
    let named = Criteria::default().with_project(vec!["projects".to_owned()]);
    assert_eq!(server.kit.fetch(&named, Include::SUMMARY, None).unwrap().len(), 1);
}

#[test]
fn a_list_by_reporter_is_refused_since_it_would_look_empty() {
    let criteria = Criteria::default().with_reporter(vec!["@me".to_owned()]);
    let error = server(vec![]).kit.fetch(&criteria, Include::SUMMARY, None).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Unsupported);
}

#[test]
fn where_a_thousand_cards_are_too_many_fewer_are_asked_for() {
    let all = cards(500, 60, 1);
    let server = Server::new(move |asked| match asked.path().contains("/cards/") {
        true if asked.query("limit") == Some("1000") => Ok(TestHost::response(
            429,
            r#"{"error":"API_TOO_MANY_CARDS_REQUESTED","message":"Requested too many cards"}"#,
        )),
        true => listed(&all, asked),
        false => answer_of(&[], asked),
    });
    assert_eq!(everything(&server, &Criteria::default()).into_iter().collect::<BTreeSet<_>>().len(), 500);
}

#[test]
fn lists_names_and_people_come_from_the_board() {
    let doing = card(json!({"idList": "5f000000000000000000a002", "idMembers": ["5f0000000000000000000ada"]}));
    let ticket = server(vec![doing])
        .kit
        .fetch(&Criteria::default(), Include::SUMMARY, None)
        .unwrap()
        .tickets()
        .unwrap()
        .remove(0);
    assert_eq!(ticket.status.native.name, "Doing");
    assert_eq!(ticket.assignees[0].handle.as_deref(), Some("ada"));
    assert_eq!(ticket.project.unwrap().key, "board123");
    assert_eq!(ticket.aliases, ["board123#5"]);
}

#[test]
fn comments_are_asked_for_ten_cards_at_once_and_only_where_there_are_some() {
    let cards: Vec<Value> = (0..25)
        .map(|number| {
            let id = format!("5f00000000000000000001{number:02x}");
            let comments = u32::from(number != 3);
            card(json!({"id": id, "badges": {"comments": comments}, "dateLastActivity": "2026-01-03T00:00:00Z"}))
        })
        .collect();
    let server = Server::new(move |asked| match asked.path().as_str() {
        "GET /batch" => {
            let urls = asked.query("urls").unwrap().split(',').map(str::to_owned).collect::<Vec<_>>();
            assert!(urls.len() <= 10);
            let answer = |url: &String| match url.starts_with("/cards/5f0000000000000000000107/") {
                true => json!({"404": {"message": "not found"}}),
                false => json!({"200": [comment(1, url)]}),
            };
            ok(json!(urls.iter().map(answer).collect::<Vec<_>>()).to_string())
        }
        path if path.contains("/cards/") => ok(json!(cards).to_string()),
        _ => answer_of(&[], asked),
    });
    let include = {
        let mut include = Include::SUMMARY;
        include.notes = true;
        include
    };
    let page = server.kit.fetch(&Criteria::default(), include, None).unwrap();
    assert_eq!((page.len(), page.head().errors.len()), (24, 1), "one could not be read, and hides no other");
    assert_eq!(server.lines().iter().filter(|line| line.starts_with("GET /batch")).count(), 3);
    assert_eq!(page.tickets().unwrap()[0].notes.as_ref().unwrap().len(), 1);
}

#[test]
fn the_comments_of_copied_cards_are_asked_for_where_fewer_came_than_trello_counts() {
    let cards: Vec<Value> = (0..3)
        .map(|number| {
            let id = format!("5f00000000000000000001{number:02x}");
            card(json!({"id": id, "badges": {"comments": 1 + number}, "dateLastActivity": "2026-01-02T04:00:30Z"}))
        })
        .collect();
    let server = Server::new(move |asked| match asked.path().as_str() {
        "GET /batch" => {
            let answer = |url: &str| {
                let mut comment = match url.contains("filter=copyCommentCard&") {
                    true => comment(1, "Copied"),
                    // One of the second card's was written after the card was listed.
                    false if url.contains("0101/") => return json!({"200": [comment(2, "Own"), comment(59, "New")]}),
                    false => return json!({"200": [comment(2, "Own")]}),
                };
                comment["type"] = json!("copyCommentCard");
                json!({"200": [comment]})
            };
            let urls = asked.query("urls").unwrap();
            ok(json!(urls.split(',').map(answer).collect::<Vec<_>>()).to_string())
        }
        path if path.contains("/cards/") => ok(json!(cards).to_string()),
        _ => answer_of(&[], asked),
    });
    let mut include = Include::SUMMARY;
    include.notes = true;
    let page = server.kit.fetch(&Criteria::default(), include, None).unwrap();
    let notes = |ticket: &usher_adapter_sdk::model::Ticket| -> Vec<String> {
        ticket.notes.iter().flatten().map(|note| note.body.markdown.clone()).collect()
    };
    let tickets = page.tickets().unwrap();
    let found: Vec<Vec<String>> = tickets.iter().map(notes).collect();
    assert_eq!(found, [vec!["Own"], vec!["Copied", "Own", "New"], vec!["Copied", "Own"]]);
    let copied: Vec<String> = server.lines().into_iter().filter(|line| line.contains("copyCommentCard")).collect();
    assert_eq!(copied.len(), 1, "{copied:?}");
}

#[test]
fn a_cursor_of_another_list_is_refused() {
    let server = server(vec![]);
    assert!(server.kit.fetch(&Criteria::default(), Include::SUMMARY, Some(&Cursor::new("x"))).is_err());
    assert_eq!(server.lines(), [""; 0]);
    let none = Server::at(Connection::new("test").with_base_url("https://api.trello.com/1".to_owned()), |asked| {
        answer_of(&[("GET /members/me/boards", json!([]))], asked)
    });
    assert!(none.kit.fetch(&Criteria::default(), Include::SUMMARY, None).unwrap().is_empty());
    assert_eq!(BOARD.len(), 24);
}
