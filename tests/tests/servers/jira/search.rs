//! Searches: the language, pages by token, lag, and what is refused.

use serde_json::{Value, json};
use usher_tests::servers::jira::{FakeJira, Seed};

use super::{keys, send};
use crate::client::Answer;

const PATH: &str = "/rest/api/3/search/jql";

fn search(jira: &FakeJira, body: &Value) -> Answer {
    send(jira, "POST", PATH, body)
}

/// Returns the keys that a query finds on Cloud.
#[track_caller]
fn found(jira: &FakeJira, jql: &str) -> Vec<String> {
    keys(&search(jira, &json!({ "jql": jql, "maxResults": 100 })).expect(200).json())
}

/// A query and the keys that it finds, newest first unless it asks otherwise.
const QUERIES: &[(&str, &[&str])] = &[
    ("project = ops and assignee = currentUser()", &["OPS-2"]),
    ("project = Operations AND status in (\"In Progress\", 'In Review') ORDER BY key", &["OPS-2", "OPS-3"]),
    ("statusCategory = Done", &["OPS-5"]),
    ("project = OPS AND statusCategory != indeterminate AND NOT status = Done AND issuetype = Epic", &["OPS-1"]),
    ("labels = export", &["OPS-2"]),
    // What has no label is not found by saying which label it has not.
    ("labels not in (export)", &[]),
    ("project = OPS and labels is not EMPTY", &["OPS-2"]),
    ("assignee != currentUser()", &["OLD-1", "OPS-3"]),
    ("parent = OPS-1", &["OPS-3", "OPS-2"]),
    ("parent in (OPS-2, 10001) and type = Sub-task", &["OPS-4"]),
    ("sprint = \"Sprint 7\" or cf[10016] >= 5", &["OPS-3", "OPS-2"]),
    ("\"Story Points\" < 6", &["OPS-3"]),
    ("summary ~ \"format\" ORDER BY created ASC", &["OPS-6", "OPS-7"]),
    ("text ~ \"Monday\"", &["OPS-2"]),
    ("text ~ \"thought 30\"", &["OPS-8"]),
    ("summary ~ \"größe\"", &["OPS-10"]),
    ("priority in (Highest, High) order by priority desc", &["OPS-2", "OPS-6"]),
    ("project = OPS and priority is empty", &["OPS-10"]),
    ("project = OPS and priority > Medium", &["OPS-6", "OPS-2"]),
    ("key in (OPS-1, HELP-1)", &["HELP-1", "OPS-1"]),
    ("project = OPS and key > OPS-7 and key <= OPS-10", &["OPS-10", "OPS-8"]),
    ("resolution = Unresolved and project = HELP and reporter = 'Ben Bitdiddle'", &["HELP-1"]),
    ("due <= 2026-02-01", &["OPS-2"]),
    ("project = SEC", &["SEC-1"]),
];

/// Queries that Jira refuses.
const REFUSED: &[&str] = &[
    "",
    "ORDER BY created",
    "project = NOPE",
    "status = Unknown",
    "key = OPS-999",
    "nonsense = 1",
    "assignee = somebody",
    "assignee = membersOf(\"x\")",
    "created >= \"2026-11-21T03:07:00Z\"",
    "summary = \"x\"",
    "labels > x",
    "status ~ x",
    "project = OPS AND",
    "project = OPS ORDER BY nonsense",
    "project in OPS",
    "updated >= yesterday",
    "project = OPS & status = Done",
];

#[test]
fn queries_find_what_fits_and_nothing_else() {
    let jira = FakeJira::cloud(Seed::small_cloud());
    for (jql, expected) in QUERIES {
        assert_eq!(found(&jira, jql), *expected, "{jql}");
    }
}

#[test]
fn queries_that_jira_does_not_take_are_400() {
    let jira = FakeJira::cloud(Seed::small_cloud());
    for jql in REFUSED {
        let refused = search(&jira, &json!({ "jql": jql })).expect(400).json();
        assert_eq!(refused["errorMessages"].as_array().map(Vec::len), Some(1), "{jql}: {refused}");
    }
}

#[test]
fn id_ranges_that_touch_hold_every_issue_once() {
    let jira = FakeJira::cloud(Seed::issues(true, 20));
    let id: u64 = jira.issue("OPS-8").id;
    let (below, above) = (found(&jira, &format!("id <= {id}")), found(&jira, &format!("id > {id}")));
    assert_eq!((below.len(), above.len()), (8, 12));
}

#[test]
fn dates_in_quotes_are_read_in_the_zone_of_who_asks_and_numbers_are_not() {
    let jira = FakeJira::cloud(Seed::small_cloud());
    let all = found(&jira, "project = OPS").len();
    // The first issue was made at midnight in London, which is nine in the morning for `ada`.
    assert_eq!(found(&jira, "project = OPS and created >= \"2026-01-01 09:00\"").len(), all);
    assert_eq!(found(&jira, "project = OPS and created >= \"2026-01-01 09:10\"").len(), 0);
    assert_eq!(found(&jira, "project = OPS and created >= 1767225600000").len(), all);
    assert_eq!(found(&jira, "project = OPS and created >= 1767226200000").len(), 0);
    assert_eq!(found(&jira, "project = OPS and created >= -1d").len(), all);
}

#[test]
fn issues_have_nothing_but_an_id_unless_fields_are_named() {
    let jira = FakeJira::cloud(Seed::small_cloud());
    let first = |body: Value| search(&jira, &body).expect(200).json()["issues"][0].clone();
    assert_eq!(first(json!({ "jql": "key = OPS-2" })).get("fields"), None);
    let issue = first(json!({ "jql": "key = OPS-2", "fields": ["summary"] }));
    assert_eq!(issue["fields"], json!({ "summary": "Export stops half-way" }));
}

/// Collects all pages of a query, with their sizes.
fn pages(jira: &FakeJira, jql: &str, size: usize) -> (Vec<String>, Vec<usize>) {
    let (mut all, mut sizes, mut token) = (Vec::new(), Vec::new(), Value::Null);
    loop {
        let mut body = json!({ "jql": jql, "maxResults": size, "fields": ["summary"] });
        if token.is_string() {
            body["nextPageToken"] = token;
        }
        let page = search(jira, &body).expect(200).json();
        let part = keys(&page);
        sizes.push(part.len());
        all.extend(part);
        token = page["nextPageToken"].clone();
        assert_eq!(page["isLast"], token.is_null());
        if token.is_null() {
            return (all, sizes);
        }
    }
}

#[test]
fn empty_and_short_pages_with_a_token_are_not_the_end() {
    let jira = FakeJira::cloud(Seed::issues(true, 20));
    let (even, _) = pages(&jira, "project = OPS", 8);
    jira.use_uneven_pages();
    let (uneven, sizes) = pages(&jira, "project = OPS", 8);
    assert_eq!(even, uneven);
    assert!(sizes.contains(&0) && sizes.contains(&4), "{sizes:?}");
}

#[test]
fn page_of_more_than_ids_has_a_hundred_issues_at_most() {
    let jira = FakeJira::cloud(Seed::issues(true, 120));
    let size = |fields: &[&str]| {
        let page =
            search(&jira, &json!({ "jql": "project = OPS", "maxResults": 5_000, "fields": fields })).expect(200).json();
        keys(&page).len()
    };
    assert_eq!((size(&["summary"]), size(&["id"])), (100, 120));
}

#[test]
fn token_belongs_to_its_query_and_stays_in_its_place() {
    let jira = FakeJira::cloud(Seed::issues(true, 6));
    let body = json!({ "jql": "project = OPS", "maxResults": 2 });
    let first = search(&jira, &body).expect(200).json();
    assert_eq!(keys(&first), ["OPS-6", "OPS-5"]);
    let other = json!({ "jql": "project = OPS and key > OPS-1", "nextPageToken": first["nextPageToken"] });
    search(&jira, &other).expect(400);
    search(&jira, &json!({ "jql": "project = OPS", "nextPageToken": "nonsense" })).expect(400);
    jira.with_state(|state| state.issues.retain(|_, issue| issue.number != 6));
    let next = json!({ "jql": "project = OPS", "maxResults": 2, "nextPageToken": first["nextPageToken"] });
    assert_eq!(keys(&search(&jira, &next).expect(200).json()), ["OPS-4", "OPS-3"]);
}

#[test]
fn search_lags_behind_writes_unless_issues_are_reconciled() {
    let jira = FakeJira::cloud(Seed::small_cloud());
    jira.let_search_lag();
    let id = jira.issue("OPS-1").id;
    send(&jira, "PUT", "/rest/api/3/issue/OPS-1", &json!({ "fields": { "summary": "Renamed" } })).expect(204);
    let renamed = json!({ "jql": "summary ~ Renamed" });
    assert_eq!(keys(&search(&jira, &renamed).expect(200).json()), [""; 0]);
    let reconciled = json!({ "jql": "summary ~ Renamed", "reconcileIssues": [id] });
    assert_eq!(keys(&search(&jira, &reconciled).expect(200).json()), ["OPS-1"]);
    jira.let_search_catch_up();
    assert_eq!(keys(&search(&jira, &renamed).expect(200).json()), ["OPS-1"]);
}

#[test]
fn number_of_issues_can_be_asked() {
    let jira = FakeJira::cloud(Seed::issues(true, 30));
    let count = |jql: &str| send(&jira, "POST", "/rest/api/3/search/approximate-count", &json!({ "jql": jql }));
    assert_eq!(count("project = OPS").expect(200).json()["count"], 30);
    count("").expect(400);
}
