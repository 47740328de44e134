//! Filters over lists of issues, each kind once.

use serde_json::{Value, json};
use usher_tests::servers::linear::{FakeLinear, Seed};

use super::{data, error};

const LIST: &str =
    "query($f: IssueFilter) { issues(filter: $f, first: 100, includeArchived: true) { nodes { identifier } } }";

/// A filter and the issues that fit it, newest first.
fn cases() -> Vec<(Value, &'static [&'static str])> {
    vec![
        (json!({ "number": { "eq": 2 }, "team": { "key": { "eq": "OPS" } } }), &["OPS-2"]),
        (json!({ "id": { "in": ["ENG-1", "OPS-1"] } }), &["OPS-1", "ENG-1"]),
        (json!({ "state": { "type": { "in": ["started", "completed"] } } }), &["ENG-3", "ENG-1"]),
        (json!({ "state": { "name": { "eqIgnoreCase": "in progress" } } }), &["ENG-1"]),
        (json!({ "assignee": { "email": { "eq": "ada@example.com" } } }), &["OPS-1", "ENG-1"]),
        (json!({ "assignee": { "isMe": { "eq": true } }, "team": { "key": { "neq": "OPS" } } }), &["ENG-1"]),
        (
            json!({ "assignee": { "null": true }, "priority": { "lte": 3 }, "number": { "gte": 8 } }),
            &["ENG-12", "ENG-11", "ENG-8"],
        ),
        (json!({ "labels": { "some": { "name": { "in": ["bug"] } } } }), &["ENG-1"]),
        (json!({ "labels": { "name": { "eq": "backend" } } }), &["ENG-1"]),
        (json!({ "labels": { "length": { "gt": 1 } } }), &["ENG-1"]),
        (json!({ "labels": { "every": { "name": { "eq": "bug" } }, "length": { "eq": 2 } } }), &[]),
        (json!({ "parent": { "id": { "eq": "ENG-1" } } }), &["ENG-3", "ENG-2"]),
        (json!({ "children": { "some": { "title": { "contains": "rows" } } } }), &["ENG-1"]),
        (json!({ "title": { "containsIgnoreCase": "FORMAT" }, "hasBlockedByRelations": { "eq": true } }), &["ENG-9"]),
        (json!({ "hasDuplicateRelations": { "eq": true } }), &["ENG-11"]),
        (json!({ "project": { "name": { "startsWith": "Exp" } } }), &["ENG-1"]),
        (json!({ "cycle": { "isActive": { "eq": true } } }), &["ENG-1"]),
        (json!({ "dueDate": { "lt": "2026-02-02" } }), &["ENG-1"]),
        (json!({ "dueDate": { "lt": "P40D" } }), &["ENG-1"]),
        (json!({ "estimate": { "or": [{ "eq": 3 }, { "gt": 8 }] } }), &["ENG-1"]),
        (json!({ "completedAt": { "null": false } }), &["ENG-3"]),
        (json!({ "createdAt": { "lt": "2025-01-01T00:00:00Z" } }), &[]),
        (json!({ "or": [{ "priority": { "eq": 3 } }, { "priority": { "eq": 4 } }] }), &["ENG-9", "ENG-8"]),
        (json!({ "and": [{ "priority": { "gte": 1 } }, { "priority": { "nin": [1, 2, 3] } }] }), &["ENG-9"]),
        (json!({ "description": { "null": true }, "title": { "endsWith": "queue" } }), &["OPS-1"]),
        (json!({ "comments": { "some": { "body": { "contains": "Monday" } } } }), &["ENG-1"]),
        (json!({ "subscribers": { "some": { "displayName": { "eq": "ben" } } } }), &["ENG-1"]),
        (json!({ "creator": { "active": { "eq": false } } }), &["ENG-4"]),
        (json!({ "searchableContent": { "contains": "1,000" } }), &["ENG-1"]),
    ]
}

#[test]
fn filters_find_what_fits_and_nothing_else() {
    let linear = FakeLinear::start(Seed::small());
    for (filter, expected) in cases() {
        let found = data(&linear, LIST, &json!({ "f": filter }));
        let found: Vec<_> = found["issues"]["nodes"].as_array().expect("a list").iter().collect();
        let found: Vec<_> = found.iter().filter_map(|node| node["identifier"].as_str()).collect();
        assert_eq!(found, expected, "{filter}");
    }
}

#[test]
fn ranges_of_creation_that_touch_hold_every_issue_once() {
    let linear = FakeLinear::start(Seed::issues(20));
    let middle = linear.issue("ENG-10").meta.created_at.to_string();
    let count = |filter: Value| {
        let page = data(&linear, LIST, &json!({ "f": filter }));
        page["issues"]["nodes"].as_array().map_or(0, Vec::len)
    };
    assert_eq!(count(json!({ "createdAt": { "lt": middle } })) + count(json!({ "createdAt": { "gte": middle } })), 20);
    assert_eq!(count(json!({ "createdAt": { "gte": middle } })), 11);
}

#[test]
fn time_that_means_nothing_is_refused() {
    let linear = FakeLinear::start(Seed::small());
    let error = error(&linear, LIST, &json!({ "f": { "createdAt": { "gt": "yesterday" } } }));
    assert_eq!(error["extensions"]["code"], "INVALID_INPUT");
}

#[test]
fn other_lists_are_filtered_as_well() {
    let linear = FakeLinear::start(Seed::small());
    let query = "query { workflowStates(filter: { team: { key: { eq: \"OPS\" } }, type: { eq: \"started\" } }) { nodes { name } }
        issueLabels(filter: { parent: { name: { eq: \"Area\" } } }) { nodes { name } }
        users(filter: { email: { eq: \"ben@example.com\" } }) { nodes { displayName } }
        issueRelations { nodes { type } } comments(filter: { issue: { id: { eq: \"ENG-1\" } }, user: { isMe: { eq: true } } }) { nodes { body } }
        projects(filter: { slugId: { neq: \"x\" } }) { nodes { name } } cycles { nodes { number } } projectMilestones { nodes { name } } }";
    let data = data(&linear, query, &json!({}));
    let names = |list: &str, name: &str| {
        let nodes = data[list]["nodes"].as_array().into_iter().flatten();
        nodes.filter_map(|node| node[name].as_str().map(str::to_owned)).collect::<Vec<_>>()
    };
    assert_eq!(names("workflowStates", "name"), ["In Review", "In Progress"]);
    assert_eq!(names("issueLabels", "name"), ["frontend", "backend"]);
    assert_eq!(names("users", "displayName"), ["ben"]);
    assert_eq!(names("comments", "body"), ["Which version?"]);
    assert_eq!(names("issueRelations", "type"), ["duplicate", "blocks"]);
}
