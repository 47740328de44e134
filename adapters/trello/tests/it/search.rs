//! Searches.

use serde_json::{Value, json};
use usher_adapter_sdk::{
    ErrorKind,
    message::{Criteria, Criterion, Cursor, Include, Query},
    model::CutReason,
};

use crate::server::{Server, answer_of, card, ok};

fn server(count: usize) -> Server {
    Server::new(move |asked| match asked.path().as_str() {
        "GET /search" => {
            assert_eq!(asked.head.class.as_deref(), Some("search"));
            let cards: Vec<Value> =
                vec![card(json!({"list": {"id": "5f000000000000000000a002", "name": "Doing"}})); count];
            ok(json!({"cards": cards}).to_string())
        }
        _ => answer_of(&[], asked),
    })
}

fn asked(server: &Server, name: &str) -> String {
    server
        .asked()
        .iter()
        .find(|asked| asked.path() == "GET /search")
        .unwrap()
        .query(name)
        .unwrap_or_default()
        .to_owned()
}

#[test]
fn words_are_looked_for_on_the_boards_of_the_connection() {
    let server = server(1);
    let page = server.kit.search(&Query::text("export is:open"), Include::default(), None).unwrap();
    let ticket = page.tickets().unwrap().remove(0);
    assert_eq!((ticket.status.native.name.as_str(), ticket.project.unwrap().key.as_str()), ("Doing", "board123"));
    assert_eq!(asked(&server, "query"), "export \"is:open\"");
    assert_eq!(asked(&server, "idBoards"), "5f00000000000000000000b0");
    assert_eq!((asked(&server, "partial"), page.head().next.len()), ("true".to_owned(), 0));
}

#[test]
fn trello_s_own_language_passes_as_it_is() {
    let server = server(0);
    let query = Query::native("label:red is:open -list:\"To Do\"")
        .with_criteria(Criteria::default().with_project(vec!["board123".to_owned()]));
    let page = server.kit.search(&query, Include::default(), None).unwrap();
    assert_eq!(asked(&server, "query"), "label:red is:open -list:\"To Do\"");
    assert_eq!(
        (asked(&server, "partial"), page.head().pushed_down.clone()),
        ("false".to_owned(), vec![Criterion::Project])
    );
}

#[test]
fn a_full_page_names_the_next_and_the_last_one_says_that_there_may_be_more() {
    let server = server(1_000);
    let page = server.kit.search(&Query::text("x"), Include::SUMMARY, None).unwrap();
    assert_eq!(page.head().next, [Cursor::new("1")]);
    let last = server.kit.search(&Query::text("x"), Include::SUMMARY, Some(&Cursor::new("100"))).unwrap();
    assert_eq!((last.head().next.len(), last.head().cut.clone().unwrap().reason), (0, CutReason::Cap));
}

#[test]
fn a_search_for_nothing_is_refused_before_anything_is_sent() {
    let server = server(0);
    assert_eq!(
        server.kit.search(&Query::text(" -- "), Include::SUMMARY, None).unwrap_err().kind(),
        ErrorKind::Validation
    );
    assert_eq!(server.lines(), [""; 0]);
}
