//! Searches, by words and by Linear's own filter.

use serde_json::json;
use usher_adapter_sdk::{
    ErrorKind,
    message::{Criteria, Criterion, Cursor, Include, Query},
};

use crate::server::{Server, data, failure, going_on, issue, nodes};

#[test]
fn words_are_searched_for_page_after_page_and_counted() {
    let server = Server::new(|asked| {
        let mut found = match asked.variables["after"].as_str() {
            None => going_on(json!([issue(1, json!({}))]), "c"),
            Some(_) => nodes(json!([issue(2, json!({}))])),
        };
        found["totalCount"] = json!(2);
        data(json!({ "searchIssues": found, "teams": nodes(json!([{ "key": "ENG" }])) }))
    });
    let criteria = Criteria::default().with_project(vec!["ENG".to_owned()]).with_is_open(true);
    let query = Query::text(" card refused ").with_criteria(criteria);
    let first = server.kit.search(&query, Include::SUMMARY, None).unwrap();
    assert_eq!((first.head().total, &first.head().next), (Some(2), &vec![Cursor::new("c")]));
    assert_eq!(first.head().pushed_down, [Criterion::Project, Criterion::IsOpen]);
    let second = server.kit.search(&query, Include::SUMMARY, first.head().next.first()).unwrap();
    assert!(second.head().next.is_empty());
    assert_eq!(second.tickets().unwrap()[0].key.as_str(), "ENG-2");
    let asked = server.asked();
    assert_eq!((&asked[0].variables["term"], asked[0].head.class.as_deref()), (&json!("card refused"), Some("search")));
    assert_eq!((&asked[0].variables["checkTeams"], &asked[1].variables["checkTeams"]), (&json!(true), &json!(false)));
}

#[test]
fn what_goes_on_and_does_not_say_where_is_not_taken_for_whole() {
    let server = Server::new(|_| {
        let mut found = nodes(json!([issue(1, json!({}))]));
        found["pageInfo"]["hasNextPage"] = json!(true);
        found["totalCount"] = json!(2);
        data(json!({ "searchIssues": found, "issues": found }))
    });
    let of_words = server.kit.search(&Query::text("card"), Include::SUMMARY, None).unwrap();
    let list = server.kit.fetch(&Criteria::default(), Include::SUMMARY, None).unwrap();
    for page in [of_words, list] {
        let [error] = &page.head().errors[..] else { panic!("{:?}", page.head()) };
        assert!(error.message().contains("issues are missing"), "{error}");
        assert_eq!((page.len(), &page.head().cut), (1, &None));
    }
}

#[test]
fn a_filter_of_linears_own_is_passed_on_as_it_is_beside_the_criteria() {
    let server = Server::new(|_| data(json!({ "issues": nodes(json!([issue(1, json!({}))])) })));
    let query = Query::native(r#"{"priority":{"lte":2}}"#).with_criteria(Criteria::default().with_is_open(false));
    let page = server.kit.search(&query, Include::SUMMARY, None).unwrap();
    let closed = json!({ "state": { "type": { "in": ["canceled", "completed", "duplicate"] } } });
    assert_eq!(server.last()["filter"], json!({ "and": [closed, { "priority": { "lte": 2 } }] }));
    assert_eq!((page.len(), server.operations()), (1, vec!["Issues".to_owned()]));
}

#[test]
fn what_is_no_filter_is_refused_with_an_example_before_anything_is_sent() {
    let server = Server::new(|_| data(json!({})));
    for query in [Query::native("priority:urgent"), Query::native("[]"), Query::native(""), Query::text("  ")] {
        let error = server.kit.search(&query, Include::SUMMARY, None).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Validation, "{query:?}");
        assert!(error.hint().is_some());
    }
    assert_eq!(server.operations(), [""; 0]);
}

#[test]
fn a_filter_that_linear_does_not_understand_is_a_finding_about_it() {
    let server = Server::new(|_| failure(400, "GRAPHQL_VALIDATION_FAILED", "graphql error", &[]));
    let error = server.kit.search(&Query::native(r#"{"priority":{"lte":2}}"#), Include::SUMMARY, None).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Validation);
    assert!(error.hint().unwrap().contains("filter of your own"));
}
