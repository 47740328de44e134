//! Searches: what is asked, and what GitHub does not give.

use usher_adapter_sdk::{
    ErrorKind,
    host::Connection,
    message::{Criteria, Criterion, Cursor, Include, ME, NOBODY, Query, Sort, SortField, TimeRange},
    model::{CutReason, Time},
    testkit::{Recording, TestHost},
};

use crate::server::{API, Server, issue};

#[test]
fn words_stay_words_and_criteria_become_qualifiers() {
    let app = || Criteria::default().with_project(vec!["acme/app".to_owned()]);
    let list = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>();
    let time = |text: &str| Some(Time::parse(text).unwrap());
    for (text, criteria, q, pushed_down) in [
        ("crash on start", app(), "crash on start repo:acme/app is:issue", vec![Criterion::Project]),
        ("is:closed -x", app(), "\"is:closed\" \"-x\" repo:acme/app is:issue", vec![Criterion::Project]),
        (
            "x",
            app().with_is_open(true).with_assignee(list(&[ME])).with_reporter(list(&["tom"])),
            "x repo:acme/app is:open assignee:@me author:tom is:issue",
            vec![Criterion::Project, Criterion::IsOpen, Criterion::Assignee, Criterion::Reporter],
        ),
        (
            "x",
            app().with_labels(list(&["good first issue", "a\"b"])).with_assignee(list(&[NOBODY])),
            "x repo:acme/app no:assignee label:\"good first issue\" label:\"a\\\"b\" is:issue",
            vec![Criterion::Project, Criterion::Assignee, Criterion::Labels],
        ),
        (
            "x",
            app().with_updated(TimeRange::new(time("2026-01-02T03:04:05.5Z"), time("2026-02-01T00:00:00Z"))),
            "x repo:acme/app updated:2026-01-02T03:04:05Z..2026-02-01T00:00:01Z is:issue",
            vec![Criterion::Project],
        ),
        ("x", app().with_type_name(list(&["Pull request"])), "x repo:acme/app is:pr", vec![Criterion::Project]),
    ] {
        let server = Server::new(|_| found(0, false, ""));
        let query = Query::text(text).with_criteria(criteria);
        let page = server.kit.search(&query, Include::SUMMARY, None).unwrap();
        assert_eq!(server.lines(), [format!("GET /search/issues?q={q}&per_page=100&page=1")]);
        assert_eq!(server.asked()[0].head.class.as_deref(), Some("search"));
        assert_eq!(page.head().pushed_down, pushed_down, "{q}");
    }
}

#[test]
fn a_query_in_githubs_own_language_goes_as_it_is() {
    let server = Server::new(|_| found(0, false, ""));
    let sort = Criteria::default().with_sort(Sort::by(SortField::Updated).descending());
    server
        .kit
        .search(&Query::native("is:pr review:none OR label:x").with_criteria(sort), Include::SUMMARY, None)
        .unwrap();
    let expected = "GET /search/issues?q=is:pr review:none OR label:x&sort=updated&order=desc&per_page=100&page=1";
    assert_eq!(server.lines(), [expected]);
}

#[test]
fn without_a_repository_words_are_not_looked_for_in_all_of_github() {
    let server = Server::new(|_| found(0, false, ""));
    let error = server.kit.search(&Query::text("crash"), Include::SUMMARY, None).unwrap_err();
    assert_eq!((error.kind(), server.lines().len()), (ErrorKind::Validation, 0));
    let connection = Connection::new("work")
        .with_base_url(API.to_owned())
        .with_projects(vec!["acme/app".to_owned(), "acme/lib".to_owned()]);
    let server = Server::at(connection, |_| found(0, false, ""));
    server.kit.search(&Query::text("crash"), Include::SUMMARY, None).unwrap();
    assert_eq!(server.lines(), ["GET /search/issues?q=crash repo:acme/app repo:acme/lib is:issue&per_page=100&page=1"]);
}

#[test]
fn a_recorded_search_becomes_tickets() {
    let recording = Recording::parse(include_str!("../fixtures/octokit/search-issues.json")).unwrap();
    let server = Server::new(move |_| Ok(recording.exchanges()[0].response()));
    let page = server.kit.search(&Query::native("sesame"), Include::default(), None).unwrap();
    assert_eq!((page.head().total, page.head().next.len(), page.head().cut.is_none()), (Some(2), 0, true));
    assert_eq!(page.tickets().unwrap()[1].title, "The doors don’t open");
}

#[test]
fn the_cap_is_said_on_the_last_page_that_github_gives() {
    let server = Server::new(|asked| {
        let is_last = asked.head.query.iter().any(|(name, value)| name == "page" && value == "10");
        found(2_345, false, if is_last { "" } else { "<https://api.github.com/x?page=2>; rel=\"next\"" })
    });
    let page = |cursor: Option<&str>| {
        let cursor = cursor.map(Cursor::new);
        server.kit.search(&Query::native("x"), Include::SUMMARY, cursor.as_ref()).unwrap()
    };
    assert_eq!(page(None).head().next, [Cursor::new("2")]);
    let last = page(Some("10"));
    let cut = last.head().cut.clone().unwrap();
    assert_eq!((cut.loaded, cut.total, cut.reason), (1_000, Some(2_345), CutReason::Cap));
    assert!(last.head().next.is_empty());
}

#[test]
fn a_search_that_github_gave_up_early_is_incomplete_to_its_end() {
    let server = Server::new(|asked| {
        let is_first = asked.head.query.iter().any(|(name, value)| name == "page" && value == "1");
        found(150, is_first, if is_first { "<https://api.github.com/x?page=2>; rel=\"next\"" } else { "" })
    });
    let first = server.kit.search(&Query::native("x"), Include::SUMMARY, None).unwrap();
    assert_eq!((&first.head().next[..], &first.head().cut), (&[Cursor::new("2!")][..], &None));
    let second = server.kit.search(&Query::native("x"), Include::SUMMARY, first.head().next.first()).unwrap();
    assert_eq!(second.head().cut.as_ref().unwrap().reason, CutReason::Error);
    assert_eq!(second.head().total, None, "what GitHub has counted so far is no total");
}

#[test]
fn a_search_without_a_next_page_that_has_given_less_than_it_counts_is_cut() {
    let server = Server::new(|_| found(150, false, ""));
    let page = server.kit.search(&Query::native("x"), Include::SUMMARY, None).unwrap();
    let cut = page.head().cut.as_ref().unwrap();
    assert_eq!((cut.loaded, cut.total, &cut.reason), (100, Some(150), &CutReason::Error));
}

fn found(total: u64, is_incomplete: bool, link: &str) -> usher_adapter_sdk::Result<usher_adapter_sdk::host::Response> {
    let body = format!(r#"{{"total_count":{total},"incomplete_results":{is_incomplete},"items":[{}]}}"#, issue(1, ""));
    let response = TestHost::response(200, body);
    if link.is_empty() { Ok(response) } else { Ok(response.with_header("link", link)) }
}
