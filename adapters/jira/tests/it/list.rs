//! Lists: what Jira is asked for, and how a long list is read side by side.

use std::collections::BTreeSet;

use proptest::prelude::*;
use serde_json::{Value, json};
use usher_adapter_sdk::{
    ErrorKind,
    host::Connection,
    message::{Criteria, Criterion, Cursor, Include, ME, NOBODY, Page, Sort, SortField, TimeRange},
    model::{CutReason, StatusCategory, Time},
};

use crate::server::{Asked, SITE, Server, connection, issue, ok, refused, unknown};

fn list(values: &[&str]) -> Vec<String> {
    values.iter().map(|value| (*value).to_owned()).collect()
}

fn keys(page: &Page) -> Vec<String> {
    page.tickets().unwrap().into_iter().map(|ticket| ticket.key.to_string()).collect()
}

/// Answers searches and bulk reads of Cloud's over that many issues, a page of so many ids at a time.
fn site(
    count: u64,
    page_size: usize,
) -> impl Fn(&Asked) -> usher_adapter_sdk::Result<usher_adapter_sdk::host::Response> {
    move |asked| match asked.target().as_str() {
        "POST /search/jql" => {
            let body = asked.json();
            let start: usize = body["nextPageToken"].as_str().map_or(0, |token| token.parse().unwrap());
            let most = (body["maxResults"].as_u64().unwrap() as usize).min(page_size);
            let issues: Vec<Value> =
                (1..=count).map(|number| issue(number, json!({}))).skip(start).take(most).collect();
            let end = start + issues.len();
            let more = (end as u64) < count;
            let mut page = json!({"issues": issues, "isLast": !more});
            if more {
                page["nextPageToken"] = json!(end.to_string());
            }
            ok(page.to_string())
        }
        "POST /issue/bulkfetch" => {
            let body = asked.json();
            let mut issues: Vec<Value> = body["issueIdsOrKeys"]
                .as_array()
                .unwrap()
                .iter()
                .map(|id| issue(id.as_str().unwrap().parse::<u64>().unwrap() - 10_000, json!({})))
                .collect();
            // Bulk reads come in the order of ids, whatever was asked.
            issues.sort_by_key(|issue| issue["id"].as_str().unwrap().parse::<u64>().unwrap());
            ok(json!({"issues": issues, "issueErrors": []}).to_string())
        }
        _ => unknown(asked),
    }
}

/// Follows every cursor, and returns the keys in the order in which they came.
fn all(server: &Server, criteria: &Criteria) -> Vec<String> {
    let first = server.kit.fetch(criteria, Include::SUMMARY, None).unwrap();
    let mut open: Vec<Cursor> = first.head().next.iter().rev().cloned().collect();
    let mut found = keys(&first);
    while let Some(cursor) = open.pop() {
        let page = server.kit.fetch(criteria, Include::SUMMARY, Some(&cursor)).unwrap();
        found.extend(keys(&page));
        open.extend(page.head().next.iter().rev().cloned());
    }
    found
}

#[test]
fn a_long_list_is_read_by_its_ids_in_pages_of_their_own() {
    let server = Server::cloud(site(250, 5_000));
    let first = server.kit.fetch(&Criteria::default(), Include::SUMMARY, None).unwrap();
    assert_eq!((first.len(), first.head().next.len()), (0, 3));
    assert_eq!(all(&server, &Criteria::default()).len(), 250);
    let search = &server.asked().into_iter().find(|asked| asked.target() == "POST /search/jql").unwrap().json();
    assert_eq!(search["jql"], "key IS NOT EMPTY ORDER BY created ASC, key ASC");
    assert_eq!((&search["fields"], &search["maxResults"]), (&json!(["id"]), &json!(5_000)));
    let read = server.asked().into_iter().find(|asked| asked.target() == "POST /issue/bulkfetch").unwrap().json();
    assert_eq!(read["issueIdsOrKeys"].as_array().unwrap().len(), 100);
    let fields = read["fields"].as_array().unwrap();
    assert!(
        fields.contains(&json!("customfield_1"))
            && !fields.iter().any(|field| field.as_str().unwrap().starts_with('*'))
    );
}

#[test]
fn ten_thousand_tickets_take_no_more_than_a_hundred_and_two_requests() {
    let server = Server::cloud(site(10_000, 5_000));
    assert_eq!(all(&server, &Criteria::default()).len(), 10_000);
    let asked = server.asked().into_iter().filter(|asked| asked.target() != "GET /field").count();
    assert_eq!(asked, 2 + 100);
}

#[test]
fn a_short_list_is_asked_for_page_after_page_the_newest_first() {
    let server = Server::cloud(site(250, 60));
    let criteria = Criteria::default().with_limit(150);
    let first = server.kit.fetch(&criteria, Include::SUMMARY, None).unwrap();
    // A page that is shorter than what was asked for is not the end.
    assert_eq!((first.len(), first.head().next.len()), (60, 1));
    let search = server.asked().last().unwrap().json();
    assert!(search["jql"].as_str().unwrap().ends_with("ORDER BY created DESC, key DESC"), "{search}");
    let second = server.kit.fetch(&criteria, Include::SUMMARY, first.head().next.first()).unwrap();
    assert_eq!(keys(&second)[0], "OPS-61");
    assert_eq!(server.asked().last().unwrap().json()["nextPageToken"], "60");
}

#[test]
fn an_empty_page_with_a_token_is_not_the_end() {
    let server = Server::cloud(|asked| match asked.target().as_str() {
        "POST /search/jql" => match asked.json()["nextPageToken"].as_str() {
            None => ok(r#"{"issues":[],"nextPageToken":"more","isLast":false}"#),
            Some(_) => ok(json!({"issues": [issue(1, json!({}))], "isLast": true}).to_string()),
        },
        _ => unknown(asked),
    });
    let criteria = Criteria::default().with_limit(5);
    let first = server.kit.fetch(&criteria, Include::SUMMARY, None).unwrap();
    assert!(first.is_empty());
    let second = server.kit.fetch(&criteria, Include::SUMMARY, first.head().next.first()).unwrap();
    assert_eq!((keys(&second), second.head().next.len()), (list(&["OPS-1"]), 0));
    assert!(server.lines().iter().all(|line| !line.contains("myself")), "only nothing at all is doubted");
}

#[test]
fn the_order_that_is_asked_for_is_kept_although_bulk_reads_have_their_own() {
    let server = Server::cloud(|asked| match asked.target().as_str() {
        "POST /search/jql" => ok(r#"{"issues":[{"id":"10003"},{"id":"10001"},{"id":"10002"}],"isLast":true}"#),
        "POST /issue/bulkfetch" => {
            let issues: Vec<Value> = (1..=3).map(|number| issue(number, json!({}))).collect();
            ok(json!({"issues": issues}).to_string())
        }
        _ => unknown(asked),
    });
    let criteria = Criteria::default().with_sort(Some(Sort::by(SortField::Updated).descending()));
    assert_eq!(all(&server, &criteria), ["OPS-3", "OPS-1", "OPS-2"]);
    assert!(server.asked()[0].json()["jql"].as_str().unwrap().ends_with("ORDER BY updated DESC, key DESC"));
}

#[test]
fn what_cannot_be_given_is_an_error_of_its_own_and_hides_nothing() {
    let server = Server::cloud(|asked| match asked.target().as_str() {
        "POST /issue/bulkfetch" => ok(json!({
            "issues": [issue(1, json!({})), {"id": "10002", "key": "OPS-2", "fields": {"summary": 7}}],
            "issueErrors": [{"id": "10003", "errorMessage": "too large"}],
        })
        .to_string()),
        _ => unknown(asked),
    });
    let cursor = Cursor::new("issues 10001,10002,10003,10004");
    let page = server.kit.fetch(&Criteria::default(), Include::SUMMARY, Some(&cursor)).unwrap();
    assert_eq!(keys(&page), ["OPS-1"]);
    assert_eq!(page.head().errors.len(), 2, "{:?}", page.head().errors);
}

#[test]
fn criteria_become_jql_and_what_is_exact_is_named() {
    let server = Server::cloud(|asked| match asked.target().as_str() {
        "POST /search/jql" => ok(json!({"issues": [issue(1, json!({}))], "isLast": true}).to_string()),
        "GET /user/search" => {
            ok(r#"[{"accountId":"5b","displayName":"Tom"},{"accountId":"6c","displayName":"Tom Two"}]"#)
        }
        _ => unknown(asked),
    });
    let at = |text: &str| Time::parse(text).unwrap();
    let criteria = Criteria::default()
        .with_project(list(&["OPS", "X\" OR 1=1"]))
        .with_status(list(&["In Progress"]))
        .with_type_name(list(&["Bug"]))
        .with_labels(list(&["a", "b"]))
        .with_is_open(Some(true))
        .with_assignee(list(&[ME, NOBODY, "tom"]))
        .with_reporter(list(&["5b"]))
        .with_created(TimeRange::new(Some(at("2026-01-01T00:00:00Z")), Some(at("2026-02-01T00:00:00Z"))))
        .with_text("payment timeout".to_owned())
        .with_sort(Some(Sort::by(SortField::Key)))
        .with_limit(10);
    let page = server.kit.fetch(&criteria, Include::SUMMARY, None).unwrap();
    let search = server.asked().into_iter().find(|asked| asked.target() == "POST /search/jql").unwrap().json();
    assert_eq!(
        search["jql"].as_str().unwrap(),
        "project IN (\"OPS\", \"X\\\" OR 1=1\") AND status IN (\"In Progress\") AND issuetype IN (\"Bug\") AND labels = \"a\" \
         AND labels = \"b\" AND statusCategory != Done AND (assignee = currentUser() OR assignee IS EMPTY OR assignee IN (\"5b\")) \
         AND (reporter IN (\"5b\")) AND created >= 1767225540000 AND created <= 1769904060000 \
         AND text ~ \"payment timeout\" ORDER BY key ASC"
    );
    assert_eq!(page.head().pushed_down, [Criterion::Assignee, Criterion::Reporter, Criterion::Text, Criterion::Sort]);
    // People are looked up once.
    server.kit.fetch(&criteria, Include::SUMMARY, None).unwrap();
    assert_eq!(server.asked().iter().filter(|asked| asked.target() == "GET /user/search").count(), 2);
}

#[test]
fn only_categories_that_all_have_ended_or_all_have_not_narrow_a_list() {
    let server = Server::cloud(site(1, 1));
    for (categories, clause) in [
        (vec![StatusCategory::Done, StatusCategory::Canceled], "statusCategory = Done"),
        (vec![StatusCategory::Todo, StatusCategory::InReview], "statusCategory != Done"),
        (vec![StatusCategory::Todo, StatusCategory::Done], "key IS NOT EMPTY"),
    ] {
        let criteria = Criteria::default().with_status_category(categories).with_limit(1);
        let page = server.kit.fetch(&criteria, Include::SUMMARY, None).unwrap();
        let jql = server.asked().last().unwrap().json()["jql"].as_str().unwrap().to_owned();
        assert!(jql.starts_with(clause), "{jql}");
        assert!(page.head().pushed_down.is_empty(), "the host compares again");
    }
}

#[test]
fn where_no_project_is_named_those_of_the_connection_are_meant() {
    let connection: Connection = connection().with_projects(list(&["OPS", "WEB"]));
    let server = Server::with(r#"{"deployment":"cloud"}"#, connection, site(1, 1));
    server.kit.fetch(&Criteria::default().with_limit(1), Include::SUMMARY, None).unwrap();
    let jql = server.asked().last().unwrap().json()["jql"].to_string();
    assert!(jql.contains(r#"project IN (\"OPS\", \"WEB\")"#), "{jql}");
}

#[test]
fn a_person_whom_nobody_knows_is_an_error_that_names_those_who_are_similar() {
    let server = Server::cloud(|asked| match asked.target().as_str() {
        "GET /user/search" if asked.line().contains("query=tom") => {
            ok(r#"[{"accountId":"6c","displayName":"Tom Two"}]"#)
        }
        "GET /user/search" => ok("[]"),
        _ => unknown(asked),
    });
    let criteria = |name: &str| Criteria::default().with_assignee(list(&[name])).with_limit(1);
    let error = server.kit.fetch(&criteria("tom"), Include::SUMMARY, None).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Validation);
    assert!(error.hint().unwrap().contains("Tom Two"), "{error:?}");
    assert!(server.kit.fetch(&criteria("nobody"), Include::SUMMARY, None).is_err());
    assert!(server.asked().iter().all(|asked| asked.target() != "POST /search/jql"));
}

#[test]
fn an_address_that_is_hidden_was_compared_by_jira() {
    let server = Server::cloud(|asked| match asked.target().as_str() {
        "GET /user/search" => ok(r#"[{"accountId":"6c","displayName":"Tom Two"}]"#),
        "POST /search/jql" => ok(json!({"issues": [issue(1, json!({}))]}).to_string()),
        _ => unknown(asked),
    });
    let criteria = Criteria::default().with_assignee(list(&["tom@example.com"])).with_limit(1);
    server.kit.fetch(&criteria, Include::SUMMARY, None).unwrap();
    let jql = server.asked().last().unwrap().json()["jql"].to_string();
    assert!(jql.contains("6c"), "{jql}");
}

/// A Data Center over that many issues, made a second apart, which gives so many at once and loses one after the first page.
fn data_center(count: u64, page_size: usize, loses: bool) -> Server {
    let created = |number: u64| Time::from_unix_seconds(1_767_225_600 + number as i64).unwrap();
    let searches = std::sync::atomic::AtomicU64::new(0);
    Server::data_center(move |asked| match asked.target().as_str() {
        "POST /search" => {
            let body = asked.json();
            let jql = body["jql"].as_str().unwrap().to_owned();
            let start = body["startAt"].as_u64().unwrap() as usize;
            let most = (body["maxResults"].as_u64().unwrap() as usize).min(page_size);
            let is_later = searches.fetch_add(1, std::sync::atomic::Ordering::Relaxed) > 0;
            let since =
                jql.split("created >= ").nth(1).map(|rest| rest.split(' ').next().unwrap().parse::<i64>().unwrap());
            let ids: Option<BTreeSet<u64>> = jql.strip_prefix("id IN (").map(|rest| {
                rest.trim_end_matches(')').split(", ").map(|id| id.parse::<u64>().unwrap() - 10_000).collect()
            });
            let fits = |number: &u64| {
                let is_lost = loses && is_later && *number == 1;
                !is_lost
                    && since.is_none_or(|since| created(*number).unix_millis() >= since)
                    && ids.as_ref().is_none_or(|ids| ids.contains(number))
            };
            let found: Vec<u64> = (1..=count).filter(fits).collect();
            let issues: Vec<Value> = found
                .iter()
                .skip(start)
                .take(most)
                .map(|number| issue(*number, json!({"created": created(*number).to_string()})))
                .collect();
            ok(json!({"issues": issues, "startAt": start, "maxResults": most, "total": found.len()}).to_string())
        }
        _ => unknown(asked),
    })
}

#[test]
fn a_data_center_loses_nothing_at_the_seams_also_where_an_issue_is_deleted_meanwhile() {
    for loses in [false, true] {
        let server = data_center(40, 7, loses);
        let found: BTreeSet<String> = all(&server, &Criteria::default()).into_iter().collect();
        let expected: BTreeSet<String> =
            (if loses { 2 } else { 1 }..=40).map(|number| format!("OPS-{number}")).collect();
        assert!(found.is_superset(&expected), "lost: {:?}", expected.difference(&found).collect::<Vec<_>>());
        assert!(server.asked().iter().all(|asked| asked.head.url.starts_with(&format!("{SITE}/rest/api/2/"))));
    }
}

#[test]
fn a_data_center_pages_a_short_list_by_offset_and_tells_the_total() {
    let server = data_center(40, 7, false);
    let criteria = Criteria::default().with_limit(20);
    let first = server.kit.fetch(&criteria, Include::SUMMARY, None).unwrap();
    assert_eq!((first.len(), first.head().total), (7, Some(40)));
    let second = server.kit.fetch(&criteria, Include::SUMMARY, first.head().next.first()).unwrap();
    assert_eq!(keys(&second)[0], "OPS-8");
}

/// A Data Center that counts ten issues and gives four of them, whatever it is asked for.
fn breaking_off() -> Server {
    Server::data_center(|asked| match asked.target().as_str() {
        "POST /search" => {
            let start = asked.json()["startAt"].as_u64().unwrap();
            let issues: Vec<Value> = (start + 1..=4).map(|number| issue(number, json!({}))).collect();
            ok(json!({"issues": issues, "startAt": start, "maxResults": 100, "total": 10}).to_string())
        }
        _ => unknown(asked),
    })
}

#[test]
fn a_list_of_a_data_center_that_breaks_off_before_its_total_is_cut() {
    let server = breaking_off();
    for criteria in [Criteria::default().with_limit(20), Criteria::default().with_sort(Some(Sort::by(SortField::Key)))]
    {
        let fetch = |cursor: Option<&Cursor>| server.kit.fetch(&criteria, Include::SUMMARY, cursor).unwrap();
        let first = fetch(None);
        assert_eq!(first.head().cut, None);
        let last = fetch(first.head().next.last());
        let cut = last.head().cut.as_ref().unwrap();
        assert_eq!((cut.loaded, cut.total, &cut.reason), (4, Some(10), &CutReason::Error));
        assert!(last.is_empty() && last.head().next.is_empty());
    }
}

#[test]
fn issues_that_were_listed_and_that_a_data_center_does_not_give_are_an_error() {
    let cursor = Cursor::new("issues 10001,10002,10003,10004,10005");
    let page = breaking_off().kit.fetch(&Criteria::default(), Include::SUMMARY, Some(&cursor)).unwrap();
    assert_eq!(page.len(), 4);
    let [error] = &page.head().errors[..] else { panic!("{:?}", page.head().errors) };
    assert!(error.message().contains("of 10 issues"), "{error}");
}

#[test]
fn a_list_of_which_jira_says_what_is_wrong_says_it_too() {
    let server = Server::cloud(|asked| match asked.target().as_str() {
        "POST /search/jql" => refused(400, "The value 'NOPE' does not exist for the field 'project'."),
        _ => unknown(asked),
    });
    let error =
        server.kit.fetch(&Criteria::default().with_project(list(&["NOPE"])), Include::SUMMARY, None).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Validation);
    assert!(error.message().contains("NOPE"), "{error}");
}

#[test]
fn a_cursor_of_something_else_is_refused() {
    let server = Server::cloud(unknown);
    for text in ["", "x", "issues 1) OR (a=1", "ids"] {
        let error = server.kit.fetch(&Criteria::default(), Include::SUMMARY, Some(&Cursor::new(text))).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Validation, "{text}");
    }
    assert!(server.lines().is_empty());
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 16, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn every_issue_comes_once_however_long_the_pages_are(count in 0_u64..320, page_size in 1_usize..120) {
        let server = Server::cloud(site(count, page_size));
        let mut found = all(&server, &Criteria::default());
        prop_assert_eq!(found.len() as u64, count);
        found.sort();
        found.dedup();
        prop_assert_eq!(found.len() as u64, count);
    }
}
