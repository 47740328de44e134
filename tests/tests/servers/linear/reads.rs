//! Reading: one issue with all that hangs on it, lists in pages, searches.

use serde_json::{Value, json};
use usher_tests::servers::linear::{FakeLinear, Seed};

use super::{data, error};

const ISSUE: &str = "query($id: String!) { issue(id: $id) {
    id identifier number title description url branchName priority priorityLabel estimate dueDate createdAt updatedAt startedAt
    completedAt canceledAt archivedAt trashed previousIdentifiers slaBreachesAt labelIds
    state { id name type } team { id key name } project { id name url } projectMilestone { id name targetDate }
    cycle { id number name startsAt endsAt } assignee { id name displayName email } creator { id displayName active }
    labels(first: 50) { nodes { id name parent { name } } pageInfo { hasNextPage endCursor } }
    parent { identifier } children(first: 50) { nodes { identifier } }
    relations(first: 50) { nodes { type relatedIssue { identifier } } }
    inverseRelations(first: 50) { nodes { type issue { identifier } } }
    attachments(first: 50) { nodes { id title subtitle url sourceType metadata } }
    comments(first: 50) { nodes { id body createdAt parent { id } user { displayName } botActor { name } externalUser { name } url }
      pageInfo { hasNextPage endCursor } } } }";

const IDENTIFIERS: &str = "query($n: Int, $a: String, $o: PaginationOrderBy, $i: Boolean, $s: [IssueSortInput!]) {
    issues(first: $n, after: $a, orderBy: $o, includeArchived: $i, sort: $s) { nodes { identifier } pageInfo { hasNextPage endCursor } } }";

fn issue(linear: &FakeLinear, id: &str) -> Value {
    data(linear, ISSUE, &json!({ "id": id }))["issue"].clone()
}

fn identifiers(connection: &Value) -> Vec<String> {
    let nodes = connection["nodes"].as_array().expect("a connection has nodes");
    nodes.iter().filter_map(|node| node["identifier"].as_str()).map(str::to_owned).collect()
}

#[test]
fn issue_comes_with_everything_that_hangs_on_it() {
    let linear = FakeLinear::start(Seed::small());
    let issue = issue(&linear, "ENG-1");
    assert_eq!(issue["url"], "https://linear.app/acme/issue/ENG-1/export-stops-half-way");
    assert_eq!(issue["branchName"], "ada/eng-1-export-stops-half-way");
    assert_eq!((&issue["priority"], &issue["priorityLabel"]), (&json!(1), &json!("Urgent")));
    assert_eq!(issue["state"]["type"], "started");
    assert_eq!((&issue["project"]["name"], &issue["projectMilestone"]["name"]), (&json!("Exports"), &json!("Beta")));
    assert_eq!(issue["dueDate"], "2026-02-01");
    assert!(issue["createdAt"].as_str().is_some_and(|time| time.ends_with(".241Z")), "{}", issue["createdAt"]);
    assert_eq!(identifiers(&issue["children"]), ["ENG-3", "ENG-2"]);
    assert_eq!(issue["attachments"]["nodes"][0]["metadata"], json!({ "status": "open" }));
    assert_eq!(issue["labels"]["nodes"][0]["parent"]["name"], "Area");
}

#[test]
fn comments_come_newest_first_and_not_all_of_them_are_by_users() {
    let linear = FakeLinear::start(Seed::small());
    let issue = issue(&linear, "ENG-1");
    let comments = issue["comments"]["nodes"].as_array().expect("a list");
    let author = |comment: &Value| {
        let name = ["user", "botActor", "externalUser"].map(|kind| comment[kind].clone());
        name.into_iter().find(|author| !author.is_null()).unwrap_or_default()
    };
    let authors: Vec<_> = comments.iter().map(author).collect();
    let expected =
        json!([{ "name": "Cy Customer" }, { "name": "Builder" }, { "displayName": "ada" }, { "displayName": "ben" }]);
    assert_eq!(json!(authors), expected);
    assert_eq!(comments[2]["parent"]["id"], comments[3]["id"]);
}

#[test]
fn nested_list_is_cut_without_a_word_but_its_page_info() {
    let linear = FakeLinear::start(Seed::small());
    let comments = &issue(&linear, "ENG-7")["comments"];
    assert_eq!(comments["nodes"].as_array().map(Vec::len), Some(50));
    assert_eq!(comments["pageInfo"]["hasNextPage"], true);
    let rest = "query($id: String!, $a: String) { issue(id: $id) { comments(after: $a) { nodes { body } pageInfo { hasNextPage } } } }";
    let rest = data(&linear, rest, &json!({ "id": "ENG-7", "a": comments["pageInfo"]["endCursor"] }));
    assert_eq!(rest["issue"]["comments"]["nodes"].as_array().map(Vec::len), Some(10));
    assert_eq!(rest["issue"]["comments"]["pageInfo"]["hasNextPage"], false);
}

#[test]
fn issue_is_found_by_its_id_its_identifier_and_the_one_it_had_before() {
    let linear = FakeLinear::start(Seed::small());
    let moved = issue(&linear, "OPS-2");
    assert_eq!(moved["previousIdentifiers"], json!(["ENG-10"]));
    for name in ["ENG-10", "ops-2", moved["id"].as_str().expect("an id")] {
        assert_eq!(issue(&linear, name)["identifier"], "OPS-2", "{name}");
    }
}

#[test]
fn issue_that_is_not_there_is_an_error_with_status_200() {
    let linear = FakeLinear::start(Seed::small());
    for name in ["ENG-999", "SEC-1x", "1c2de93f-4321-4015-bfde-ee893ef7976f"] {
        let error = error(&linear, ISSUE, &json!({ "id": name }));
        assert_eq!(error["message"], "Entity not found: Issue");
        assert_eq!(error["path"], json!(["issue"]));
        assert_eq!(
            (&error["extensions"]["code"], &error["extensions"]["type"]),
            (&json!("INPUT_ERROR"), &json!("invalid input"))
        );
    }
}

#[test]
fn pages_hold_every_issue_once_newest_first() {
    let linear = FakeLinear::start(Seed::issues(25));
    let mut seen = Vec::new();
    let mut after = Value::Null;
    loop {
        let page = data(&linear, IDENTIFIERS, &json!({ "n": 10, "a": after }))["issues"].clone();
        seen.extend(identifiers(&page));
        if page["pageInfo"]["hasNextPage"] == false {
            break;
        }
        after = page["pageInfo"]["endCursor"].clone();
    }
    assert_eq!(seen, (1..=25).rev().map(|number| format!("ENG-{number}")).collect::<Vec<_>>());
}

#[test]
fn cursor_stays_in_its_place_while_its_issue_changes() {
    let linear = FakeLinear::start(Seed::issues(6));
    let first = data(&linear, IDENTIFIERS, &json!({ "n": 2 }))["issues"].clone();
    assert_eq!(identifiers(&first), ["ENG-6", "ENG-5"]);
    linear.with_state(|state| {
        let now = state.tick();
        state.issue("ENG-5").meta.archived_at = Some(now);
    });
    let next = data(&linear, IDENTIFIERS, &json!({ "n": 2, "a": first["pageInfo"]["endCursor"] }));
    assert_eq!(identifiers(&next["issues"]), ["ENG-4", "ENG-3"]);
}

#[test]
fn unknown_cursor_and_a_page_that_is_too_large_are_refused() {
    let linear = FakeLinear::start(Seed::small());
    for variables in [json!({ "a": "nonsense" }), json!({ "n": 251 }), json!({ "n": 0 })] {
        assert_eq!(error(&linear, IDENTIFIERS, &variables)["extensions"]["code"], "INVALID_INPUT", "{variables}");
    }
}

#[test]
fn page_has_fifty_issues_unless_asked() {
    let linear = FakeLinear::start(Seed::issues(60));
    assert_eq!(identifiers(&data(&linear, IDENTIFIERS, &json!({}))["issues"]).len(), 50);
    assert_eq!(identifiers(&data(&linear, IDENTIFIERS, &json!({ "n": 250 }))["issues"]).len(), 60);
}

#[test]
fn archived_and_trashed_issues_are_hidden_in_lists_and_readable_by_name() {
    let linear = FakeLinear::start(Seed::small());
    let list = |archived: bool| identifiers(&data(&linear, IDENTIFIERS, &json!({ "i": archived }))["issues"]);
    let hidden = ["ENG-5".to_owned(), "ENG-6".to_owned()];
    assert!(list(false).iter().all(|identifier| !hidden.contains(identifier)));
    assert!(hidden.iter().all(|identifier| list(true).contains(identifier)));
    assert!(issue(&linear, "ENG-5")["archivedAt"].is_string());
    assert_eq!(issue(&linear, "ENG-6")["trashed"], true);
    assert!(issue(&linear, "ENG-1")["trashed"].is_null());
}

#[test]
fn lists_are_ordered_by_updates_or_as_asked() {
    let linear = FakeLinear::start(Seed::issues(4));
    linear.with_state(|state| {
        let now = state.tick();
        state.issue("ENG-2").meta.updated_at = now;
    });
    let first = |variables: Value| identifiers(&data(&linear, IDENTIFIERS, &variables)["issues"])[0].clone();
    assert_eq!(first(json!({ "o": "updatedAt" })), "ENG-2");
    assert_eq!(first(json!({ "o": "createdAt" })), "ENG-4");
    assert_eq!(first(json!({ "s": [{ "createdAt": { "order": "Ascending" } }] })), "ENG-1");
    assert_eq!(first(json!({ "s": [{ "priority": { "order": "Ascending" } }] })), "ENG-1");
}

#[test]
fn search_finds_words_in_comments_if_asked_and_tells_how_many() {
    let linear = FakeLinear::start(Seed::small());
    let query = "query($t: String!, $c: Boolean) {
        searchIssues(term: $t, first: 10, includeComments: $c) { nodes { id identifier title metadata } totalCount pageInfo { hasNextPage } } }";
    let found =
        |term: &str, comments: bool| data(&linear, query, &json!({ "t": term, "c": comments }))["searchIssues"].clone();
    assert_eq!(identifiers(&found("format", false)), ["ENG-8", "ENG-9", "ENG-11"]);
    assert_eq!(found("format", false)["totalCount"], 3);
    assert_eq!(identifiers(&found("monday", false)), [""; 0]);
    assert_eq!(identifiers(&found("monday", true)), ["ENG-1"]);
}

#[test]
fn team_tells_its_states_labels_members_and_cycles() {
    let linear = FakeLinear::start(Seed::small());
    let query = "query($id: String!) { team(id: $id) { id key states(first: 20) { nodes { id name type position } } labels { nodes { name } }
        members { nodes { displayName } } cycles { nodes { number } } activeCycle { name } projects { nodes { name } } defaultIssueState { name } } }";
    let team = data(&linear, query, &json!({ "id": "ENG" }))["team"].clone();
    assert_eq!(team["states"]["nodes"].as_array().map(Vec::len), Some(8));
    assert_eq!(team["defaultIssueState"]["name"], "Backlog");
    assert_eq!(team["members"]["nodes"], json!([{ "displayName": "ben" }, { "displayName": "ada" }]));
    let names: Vec<_> =
        team["labels"]["nodes"].as_array().into_iter().flatten().filter_map(|label| label["name"].as_str()).collect();
    assert_eq!(names, ["frontend", "backend", "Area", "bug"]);
    assert_eq!(team["activeCycle"]["name"], "Winter");
}

#[test]
fn field_that_fails_leaves_the_rest_of_the_answer() {
    let linear = FakeLinear::start(Seed::small());
    linear.fail_field("assignee");
    let answer = super::ask(&linear, ISSUE, &json!({ "id": "ENG-1" })).send(&linear).expect(200).json();
    assert_eq!(answer["errors"][0]["extensions"]["code"], "INTERNAL_SERVER_ERROR");
    assert_eq!(answer["errors"][0]["path"], json!(["issue", "assignee"]));
    assert_eq!(
        (&answer["data"]["issue"]["title"], &answer["data"]["issue"]["assignee"]),
        (&json!("Export stops half-way"), &Value::Null)
    );
    assert_eq!(issue(&linear, "ENG-1")["assignee"]["displayName"], "ada");
}

#[test]
fn what_a_workspace_and_its_people_are_called() {
    let linear = FakeLinear::start(Seed::small());
    let query =
        "query { viewer { id name email isMe organization { id urlKey name } } issuePriorityValues { priority label }
        users { nodes { displayName active } } all: users(includeDisabled: true) { nodes { displayName } } }";
    let data = data(&linear, query, &json!({}));
    assert_eq!((&data["viewer"]["isMe"], &data["viewer"]["organization"]["urlKey"]), (&json!(true), &json!("acme")));
    assert_eq!(data["issuePriorityValues"][4], json!({ "priority": 4, "label": "Low" }));
    assert_eq!(
        (data["users"]["nodes"].as_array().map(Vec::len), data["all"]["nodes"].as_array().map(Vec::len)),
        (Some(2), Some(3))
    );
}
