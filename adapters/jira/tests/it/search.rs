//! Searches: words, and JQL.

use serde_json::json;
use usher_adapter_sdk::{
    ErrorKind,
    message::{Criteria, Criterion, Cursor, Include, Query},
};

use crate::server::{Server, issue, ok, unknown};

fn server() -> Server {
    Server::cloud(|asked| match asked.target().as_str() {
        "POST /search/jql" => ok(json!({"issues": [issue(1, json!({}))], "nextPageToken": "next"}).to_string()),
        _ => unknown(asked),
    })
}

fn jql_of(server: &Server) -> String {
    server.asked().last().unwrap().json()["jql"].as_str().unwrap().to_owned()
}

#[test]
fn words_are_searched_as_words_by_relevance() {
    let server = server();
    let query = Query::text("C++ crash").with_criteria(Criteria::default().with_project(vec!["OPS".to_owned()]));
    let page = server.kit.search(&query, Include::SUMMARY, None).unwrap();
    assert_eq!(jql_of(&server), r#"text ~ "C\\+\\+ crash" AND project IN ("OPS")"#);
    let next = page.head().next.first().unwrap();
    server.kit.search(&query, Include::SUMMARY, Some(next)).unwrap();
    assert_eq!(server.asked().last().unwrap().json()["nextPageToken"], "next");
}

#[test]
fn jql_is_passed_on_in_parentheses_of_its_own_with_its_order() {
    let server = server();
    let criteria = Criteria::default().with_project(vec!["OPS".to_owned()]).with_text("x".to_owned());
    let query = Query::native("status = Open OR priority = High ORDER BY rank").with_criteria(criteria);
    let page = server.kit.search(&query, Include::SUMMARY, None).unwrap();
    assert_eq!(
        jql_of(&server),
        r#"(status = Open OR priority = High) AND project IN ("OPS") AND text ~ "x" ORDER BY rank"#
    );
    assert_eq!(page.head().pushed_down, [Criterion::Text]);
    let error = server.kit.search(&Query::native("a = 1) OR (b = 2"), Include::SUMMARY, None).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Validation);
}

#[test]
fn an_order_alone_is_bounded_since_jira_refuses_what_restricts_nothing() {
    let server = server();
    server.kit.search(&Query::native("order by created"), Include::SUMMARY, None).unwrap();
    assert_eq!(jql_of(&server), "key IS NOT EMPTY ORDER BY created");
}

#[test]
fn nothing_to_search_for_and_a_cursor_of_a_list_are_refused_before_anything_is_sent() {
    let server = server();
    assert!(server.kit.search(&Query::text(" … "), Include::SUMMARY, None).is_err());
    let cursor = Cursor::new("issues 10001");
    assert!(server.kit.search(&Query::text("x"), Include::SUMMARY, Some(&cursor)).is_err());
    assert!(server.lines().is_empty());
}

#[test]
fn the_parts_that_are_asked_for_are_asked_of_jira_by_name() {
    let server = server();
    let mut include = Include::EVERYTHING;
    include.raw = true;
    let page = server.kit.search(&Query::text("x"), include, None).unwrap();
    let fields =
        server.asked().iter().find(|asked| asked.target() == "POST /search/jql").unwrap().json()["fields"].to_string();
    for field in ["description", "comment", "attachment", "*navigable", "worklog", "customfield_1"] {
        assert!(fields.contains(&format!("\"{field}\"")), "{field} in {fields}");
    }
    assert!(!fields.contains("*all"));
    let ticket = page.tickets().unwrap().remove(0);
    assert_eq!(ticket.raw.unwrap().keys().collect::<Vec<_>>(), ["main"]);
}
