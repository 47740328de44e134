//! New issues.

use std::collections::BTreeMap;

use serde_json::{Value, json};
use usher_adapter_sdk::{
    ErrorKind,
    message::{Altered, Draft, FieldName, LinkDraft},
    model::{Due, Json, LinkKind, RichText, TicketKey},
};

use crate::{
    choices::project,
    server::{Asked, Server, connection, document, empty, issue, ok, refused, unknown},
};

const MARKER: &str = "6f1e3b52-0d0a-4f0e-9d6b-2f1f0c6f7a11";

/// A site that makes `OPS-42`, which then has these fields.
fn server(fields: Value) -> Server {
    let connection = connection().with_default_project("OPS".to_owned());
    Server::with(r#"{"deployment":"cloud"}"#, connection, move |asked| match asked.target().as_str() {
        "POST /issue" => {
            Ok(usher_adapter_sdk::testkit::TestHost::response(201, r#"{"id":"10042","key":"OPS-42","self":"x"}"#))
        }
        "GET /issue/OPS-42" if asked.line().contains("fields=status") => ok(issue(42, json!({})).to_string()),
        "GET /issue/OPS-42" => ok(issue(42, fields.clone()).to_string()),
        "GET /issue/OPS-42/transitions" => ok(
            r#"{"transitions":[{"id":"11","name":"Start","to":{"id":"3","name":"In Progress","statusCategory":{"key":"indeterminate"}}}]}"#,
        ),
        "POST /issue/OPS-42/transitions" => empty(204),
        "GET /issueLinkType" => {
            ok(r#"{"issueLinkTypes":[{"id":"1","name":"Blocks","inward":"is blocked by","outward":"blocks"}]}"#)
        }
        "POST /issueLink" => empty(201),
        "GET /user/search" => ok(r#"[{"accountId":"5b","displayName":"Tom"}]"#),
        _ => project(asked),
    })
}

fn writes(server: &Server) -> Vec<(String, Value)> {
    server.writes().iter().map(|asked: &Asked| (asked.target(), asked.json())).collect()
}

#[test]
fn a_draft_becomes_an_issue_and_every_field_is_accounted_for() {
    let blocks = json!({"id": "1", "type": {"name": "Blocks", "inward": "is blocked by", "outward": "blocks"}, "outwardIssue": {"key": "OPS-8"}});
    let server = server(
        json!({"summary": "New", "description": document("Text"), "labels": ["a"], "assignee": {"accountId": "5b"},
        "priority": {"id": "1", "name": "Highest"}, "duedate": "2026-02-03", "parent": {"key": "OPS-1"},
        "fixVersions": [{"id": "8", "name": "1.0"}], "customfield_1": [{"id": 70, "name": "Sprint 7"}],
        "customfield_4": {"id": "12", "value": "Blue"}, "issuelinks": [blocks],
        "status": {"id": "3", "name": "In Progress", "statusCategory": {"key": "indeterminate"}}}),
    );
    let draft = Draft::new("New")
        .with_project("OPS".to_owned())
        .with_type("task".to_owned())
        .with_body(RichText::markdown("Text"))
        .with_labels(vec!["a".to_owned()])
        .with_assignees(vec!["Tom".to_owned()])
        .with_priority("urgent".to_owned())
        .with_due(Due::parse("2026-02-03").unwrap())
        .with_parent(TicketKey::new("OPS-1"))
        .with_containers(vec!["1.0".to_owned(), "70".to_owned()])
        .with_fields(BTreeMap::from([("Colour".to_owned(), Json::parse("\"Blue\"").unwrap())]))
        .with_links(vec![LinkDraft::new(LinkKind::Blocks, "OPS-8")])
        .with_status("in_progress".to_owned())
        .with_marker(MARKER.to_owned());
    let created = server.kit.create(&draft).unwrap();
    assert_eq!((created.key.as_str(), created.native_id.as_deref()), ("OPS-42", Some("10042")));
    assert_eq!(created.url.as_deref(), Some("https://acme.atlassian.net/browse/OPS-42"));
    assert_eq!((created.refused, created.unknown), (vec![], vec![]));
    let (mut applied, mut asked) = (created.applied, draft.asked());
    applied.sort();
    asked.sort();
    assert_eq!(applied, asked);
    let written = writes(&server);
    let targets: Vec<&str> = written.iter().map(|(target, _)| target.as_str()).collect();
    assert_eq!(targets, ["POST /issue", "POST /issue/OPS-42/transitions", "POST /issueLink"]);
    let mut fields = written[0].1["fields"].clone();
    fields.as_object_mut().unwrap().remove("description");
    assert_eq!(
        fields,
        json!({"summary": "New", "project": {"key": "OPS"}, "issuetype": {"id": "10001"}, "labels": ["a"],
            "assignee": {"accountId": "5b"}, "priority": {"id": "1"}, "duedate": "2026-02-03", "parent": {"key": "OPS-1"},
            "fixVersions": [{"id": "8"}], "customfield_1": 70, "customfield_4": {"id": "12"}})
    );
    assert_eq!(written[0].1["properties"], json!([{"key": "usher.marker", "value": {"marker": MARKER}}]));
}

#[test]
fn a_description_that_a_document_has_no_form_for_is_written_and_what_was_altered_is_said() {
    let server = server(json!({"summary": "New", "description": document("a")}));
    let draft = |body: &str| Draft::new("New").with_type("Task".to_owned()).with_body(RichText::markdown(body));
    let created = server.kit.create(&draft("| a |\n| :-: |\n| b |")).unwrap();
    assert!(created.applied.contains(&FieldName::Body), "{created:?}");
    let reason = "Jira has no exact form for: alignment of a table";
    assert_eq!(created.altered, [Altered::new(FieldName::Body, reason)]);
    assert_eq!(server.kit.create(&draft("A **bold** word")).unwrap().altered, []);
}

#[test]
fn an_issue_needs_a_type_and_the_project_says_which_there_are() {
    let server = server(json!({}));
    for draft in [Draft::new("New"), Draft::new("New").with_type("Saga".to_owned())] {
        let error = server.kit.create(&draft).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Validation);
        assert_eq!(error.fields()[0].message, "can be: Task, Bug");
    }
    assert!(server.writes().is_empty());
}

#[test]
fn every_field_that_the_project_asks_for_is_named_before_anything_is_sent() {
    let server = server(json!({}));
    let error = server.kit.create(&Draft::new("New").with_type("Bug".to_owned())).unwrap_err();
    assert_eq!((error.fields()[0].field.as_str(), error.kind()), ("Environment", ErrorKind::Validation));
    assert!(server.writes().is_empty());
}

#[test]
fn without_a_project_there_is_nowhere_to_make_it() {
    let server = Server::cloud(unknown);
    let error = server.kit.create(&Draft::new("New")).unwrap_err();
    assert!(error.hint().unwrap().contains("default_project"), "{error:?}");
    assert!(server.lines().is_empty());
}

#[test]
fn what_jira_refuses_is_an_error_with_its_findings() {
    let connection = connection().with_default_project("OPS".to_owned());
    let server = Server::with(r#"{"deployment":"cloud"}"#, connection, |asked| match asked.target().as_str() {
        "POST /issue" => {
            Ok(usher_adapter_sdk::testkit::TestHost::response(400, include_str!("../fixtures/openapi/refused.json")))
        }
        _ => project(asked),
    });
    let error = server.kit.create(&Draft::new("New").with_type("Task".to_owned())).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Validation);
    assert!(error.message().contains("Field 'priority' is required"), "{error}");
}

#[test]
fn what_follows_an_issue_that_was_made_can_only_fail_for_its_own_field() {
    let connection = connection().with_default_project("OPS".to_owned());
    let server = Server::with(r#"{"deployment":"cloud"}"#, connection, |asked| match asked.target().as_str() {
        "POST /issue" => Ok(usher_adapter_sdk::testkit::TestHost::response(201, r#"{"id":"10042","key":"OPS-42"}"#)),
        "GET /issue/OPS-42" => ok(issue(42, json!({"summary": "New"})).to_string()),
        "GET /issue/OPS-42/transitions" => ok(r#"{"transitions":[]}"#),
        _ => project(asked),
    });
    let draft = Draft::new("New").with_type("Task".to_owned()).with_status("Done".to_owned());
    let created = server.kit.create(&draft).unwrap();
    assert_eq!(created.key.as_str(), "OPS-42");
    assert_eq!(created.refused[0].field, FieldName::Status);
    let server = Server::with(
        r#"{"deployment":"cloud"}"#,
        crate::server::connection().with_default_project("OPS".to_owned()),
        |asked| match asked.target().as_str() {
            "POST /issue" => {
                Ok(usher_adapter_sdk::testkit::TestHost::response(201, r#"{"id":"10042","key":"OPS-42"}"#))
            }
            "GET /issue/OPS-42" => refused(502, "Bad Gateway"),
            _ => project(asked),
        },
    );
    let created = server.kit.create(&Draft::new("New").with_type("Task".to_owned())).unwrap();
    assert_eq!((created.key.as_str(), created.applied.len(), created.unknown.len()), ("OPS-42", 0, 2));
}
