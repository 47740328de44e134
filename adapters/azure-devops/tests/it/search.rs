//! Searches: words, and WIQL as it is written.

use serde_json::json;
use usher_adapter_sdk::{
    ErrorKind,
    message::{Criteria, Criterion, Include, Query},
    model::CutReason,
};

use crate::server::{Server, complaint, connection, item, list, ok, states, unexpected};

fn server(numbers: Vec<u64>) -> Server {
    Server::new(move |asked| match asked.path().as_str() {
        "POST /_apis/wit/wiql" => {
            ok(json!({"workItems": numbers.iter().map(|id| json!({"id": id})).collect::<Vec<_>>()}).to_string())
        }
        "POST /_apis/wit/workitemsbatch" => {
            let body = asked.json();
            ok(list(body["ids"].as_array().unwrap().iter().map(|id| item(id.as_u64().unwrap(), json!({})))).to_string())
        }
        "GET /Web/_apis/wit/workitemtypes/Bug/states" => ok(states().to_string()),
        _ => unexpected(asked),
    })
}

#[test]
fn every_word_is_looked_for_and_criteria_hold_beside_them() {
    let server = server(vec![5]);
    let query = Query::text("login it's").with_criteria(Criteria::default().with_project(vec!["acme/Web".to_owned()]));
    let page = server.kit.search(&query, Include::SUMMARY, None).unwrap();
    let conditions = server.asked()[0].conditions();
    assert_eq!(conditions.matches("CONTAINS WORDS 'login'").count(), 3);
    assert_eq!(conditions.matches("CONTAINS WORDS 'it''s'").count(), 3);
    assert!(conditions.starts_with("[System.TeamProject] IN ('Web') AND ("), "{conditions}");
    assert_eq!((page.len(), &page.head().pushed_down[..]), (1, &[Criterion::Project][..]));
}

#[test]
fn a_search_without_a_word_is_refused_before_anything_is_asked() {
    let server = server(vec![]);
    assert_eq!(
        server.kit.search(&Query::text("-- '"), Include::SUMMARY, None).unwrap_err().kind(),
        ErrorKind::Validation
    );
    assert_eq!(server.lines(), [""; 0]);
}

#[test]
fn a_native_query_is_passed_on_as_it_is_and_keeps_its_order_over_pages() {
    let numbers: Vec<u64> = (1..=450).map(|at| at * 7 % 1_000 + 1).collect();
    let server = server(numbers.clone());
    let wiql = "SELECT [System.Id] FROM workitems WHERE [System.TeamProject] = @project ORDER BY [System.Title]";
    let first = server.kit.search(&Query::native(wiql), Include::SUMMARY, None).unwrap();
    assert_eq!(server.asked()[0].wiql(), wiql);
    assert_eq!((first.head().total, first.head().pushed_down.len()), (Some(450), 0));
    let mut seen = first.tickets().unwrap();
    for cursor in &first.head().next {
        seen.extend(
            server.kit.search(&Query::native(wiql), Include::SUMMARY, Some(cursor)).unwrap().tickets().unwrap(),
        );
    }
    assert_eq!(
        seen.iter().map(|it| it.native_id.as_ref().unwrap().parse::<u64>().unwrap()).collect::<Vec<_>>(),
        numbers
    );
}

#[test]
fn a_native_query_that_gives_as_many_as_there_may_be_is_said_to_be_cut() {
    let server = server((1..=20_000).collect());
    let first = server.kit.search(&Query::native("SELECT [System.Id] FROM workitems"), Include::SUMMARY, None).unwrap();
    let last = first.head().next.last().unwrap();
    let last = server.kit.search(&Query::native("x"), Include::SUMMARY, Some(last)).unwrap();
    assert_eq!(last.head().cut.as_ref().unwrap().reason, CutReason::Cap);
}

#[test]
fn a_query_for_links_finds_both_of_their_ends_once() {
    let server =
        Server::at(connection().with_default_project("acme/Web".to_owned()), |asked| match asked.path().as_str() {
            "POST /Web/_apis/wit/wiql" => ok(json!({"workItemRelations": [
            {"rel": null, "source": null, "target": {"id": 1}},
            {"rel": "x", "source": {"id": 1}, "target": {"id": 2}},
            {"rel": "x", "source": {"id": 1}, "target": {"id": 3}}]})
            .to_string()),
            "POST /_apis/wit/workitemsbatch" => {
                assert_eq!(asked.json()["ids"], json!([1, 2, 3]));
                ok(list([item(1, json!({})), item(2, json!({})), item(3, json!({}))]).to_string())
            }
            _ => ok(states().to_string()),
        });
    let query = Query::native("SELECT [System.Id] FROM workitemLinks WHERE [Source].[System.TeamProject] = @project");
    assert_eq!(server.kit.search(&query, Include::SUMMARY, None).unwrap().len(), 3);
}

/// An Azure DevOps whose query for links has so many rows: 1 before everything that it leads to.
fn server_of_links(rows: u64) -> Server {
    Server::new(move |asked| match asked.path().as_str() {
        "POST /_apis/wit/wiql" => {
            let top: usize = asked.query("$top").unwrap().parse().unwrap();
            // Every second row says again what the one before it said.
            let rows = (0..rows).map(|row| json!({"rel": "x", "source": {"id": 1}, "target": {"id": 2 + row / 2}}));
            ok(json!({"workItemRelations": rows.take(top).collect::<Vec<_>>()}).to_string())
        }
        "POST /_apis/wit/workitemsbatch" => {
            let body = asked.json();
            ok(list(body["ids"].as_array().unwrap().iter().map(|id| item(id.as_u64().unwrap(), json!({})))).to_string())
        }
        _ => ok(states().to_string()),
    })
}

#[test]
fn a_limit_counts_the_work_items_of_a_query_for_links_and_not_its_pairs() {
    let wiql = "SELECT [System.Id] FROM WorkItemLinks WHERE [Source].[System.State] = 'New'";
    let limited = |limit: u64| Query::native(wiql).with_criteria(Criteria::default().with_limit(limit));
    for (rows, limit, loaded) in [(10, 4, 4), (10, 6, 6), (10, 50, 6)] {
        let server = server_of_links(rows);
        let page = server.kit.search(&limited(limit), Include::SUMMARY, None).unwrap();
        assert_eq!(
            (page.len(), &page.head().cut, page.head().total),
            (loaded, &None, None),
            "{rows} rows, limit {limit}"
        );
    }
}

#[test]
fn a_query_for_links_with_as_many_pairs_as_there_may_be_is_said_to_be_cut() {
    let wiql = Query::native("SELECT [System.Id] FROM workitemlinks");
    let server = server_of_links(20_001);
    let first = server.kit.search(&wiql, Include::SUMMARY, None).unwrap();
    assert_eq!(first.head().total, None);
    let last = server.kit.search(&wiql, Include::SUMMARY, first.head().next.last()).unwrap();
    assert_eq!(last.head().cut.as_ref().unwrap().reason, CutReason::Cap);
    let fewer = server_of_links(19_999).kit.search(&wiql, Include::SUMMARY, None).unwrap();
    assert_eq!(fewer.head().total, Some(10_001));
}

#[test]
fn a_query_that_is_wrong_is_the_users_own_error() {
    let server = Server::new(|_| complaint(400, "TF51006: The query statement is missing a FROM clause."));
    let error = server.kit.search(&Query::native("SELECT"), Include::SUMMARY, None).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Validation);
    assert!(error.message().contains("missing a FROM clause"), "{error}");
}
