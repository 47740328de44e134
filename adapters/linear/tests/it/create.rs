//! New issues, and what Linear keeps of them.

use serde_json::{Value, json};
use usher_adapter_sdk::{
    Error, ErrorKind,
    message::{Draft, FieldName, LinkDraft, ME},
    model::{Due, Estimate, LinkKind, RichText, TicketKey},
    testkit::Recording,
};

use crate::server::{Server, connection, data, failure, nodes, user, uuid};

pub(crate) fn list(names: &[&str]) -> Vec<String> {
    names.iter().map(|name| (*name).to_owned()).collect()
}

/// Returns the team `ENG`, with its states and labels.
pub(crate) fn team() -> Value {
    let state = |id: u64, name: &str, kind: &str, position: u64| json!({ "id": uuid(id), "name": name, "type": kind, "position": position });
    let label = |id: u64, name: &str, is_group: bool| json!({ "id": uuid(id), "name": name, "isGroup": is_group });
    json!({
        "id": uuid(800), "key": "ENG", "name": "Engineering",
        "states": { "nodes": [
            state(906, "Duplicate", "duplicate", 6), state(905, "Canceled", "canceled", 5), state(904, "Shipped", "completed", 4),
            state(903, "In Review", "started", 3), state(902, "In Progress", "started", 2), state(901, "Todo", "unstarted", 1),
            state(900, "Backlog", "backlog", 0),
        ] },
        "labels": { "nodes": [
            label(701, "Bug", false), label(702, "bug", false), label(703, "login", false), label(704, "Area", true),
        ] },
    })
}

/// Returns the answer to a question for names.
pub(crate) fn names() -> Value {
    json!({
        "teams": nodes(json!([team()])),
        "users": nodes(json!([user(601, "mara"), user(602, "tom"), { "id": uuid(603), "name": "mara Lind", "displayName": "m2", "email": "m2@shop.example", "app": false }])),
        "projects": nodes(json!([{ "id": uuid(501), "name": "Checkout" }])),
        "projectMilestones": nodes(json!([{ "id": uuid(511), "name": "Beta", "project": { "id": uuid(501), "name": "Checkout" } }])),
        "cycles": nodes(json!([
            { "id": uuid(521), "name": null, "number": 5, "team": { "id": uuid(800) } },
            { "id": uuid(522), "name": null, "number": 5, "team": { "id": uuid(801) } },
        ])),
        "viewer": user(607, "me-myself"),
    })
}

/// Returns what Linear answers of an issue that was written, with these fields.
pub(crate) fn written(fields: Value) -> Value {
    let mut issue = json!({
        "id": uuid(5), "identifier": "ENG-5", "url": "https://linear.app/acme/issue/ENG-5/new", "title": "New", "description": null,
        "priority": 0, "estimate": null, "dueDate": null, "updatedAt": "2026-01-02T00:00:00.000Z", "labelIds": [],
        "state": { "id": uuid(900), "name": "Backlog" }, "team": { "id": uuid(800), "key": "ENG" }, "assignee": null,
        "project": null, "projectMilestone": null, "cycle": null, "parent": null,
    });
    issue.as_object_mut().unwrap().extend(fields.as_object().unwrap().clone());
    issue
}

/// Returns a server that knows the names of `ENG` and answers a new issue so.
fn server(fields: Value) -> Server {
    Server::new(move |asked| match asked.operation.as_str() {
        "Names" => data(names()),
        "IssueCreate" => data(json!({ "issueCreate": { "success": true, "issue": written(fields.clone()) } })),
        "RelationCreate" => data(json!({ "issueRelationCreate": { "success": true } })),
        other => Err(Error::not_found(other)),
    })
}

fn draft() -> Draft {
    Draft::new("New").with_project("ENG".to_owned())
}

#[test]
fn a_recorded_new_issue_has_its_key() {
    let recording = Recording::parse(include_str!("../fixtures/linear-mcp-go/create-issue.json")).unwrap();
    let server = Server::new(move |asked| match asked.operation.as_str() {
        "Names" => data(
            json!({ "teams": nodes(json!([{ "id": "234c5451-a839-4c8f-98d9-da00973f1060", "key": "TEST", "name": "Test Team" }])) }),
        ),
        _ => Ok(recording.exchanges()[0].response()),
    });
    let created = server.kit.create(&Draft::new("Test Issue").with_project("test".to_owned())).unwrap();
    assert_eq!(
        (created.key.as_str(), created.native_id.as_deref()),
        ("TEST-10", Some("1c2de93f-4321-4015-bfde-ee893ef7976f"))
    );
    assert_eq!(created.applied, [FieldName::Title, FieldName::Project]);
    assert_eq!(
        server.last()["input"],
        json!({ "teamId": "234c5451-a839-4c8f-98d9-da00973f1060", "title": "Test Issue" })
    );
}

#[test]
fn every_field_is_sent_by_its_id_and_read_back_from_the_answer() {
    let parent = json!({ "id": uuid(1), "identifier": "ENG-1", "previousIdentifiers": [] });
    let server = server(json!({
        "description": "Text", "priority": 1, "estimate": 3, "dueDate": "2026-02-03", "labelIds": [uuid(703)],
        "state": { "id": uuid(902), "name": "In Progress" }, "assignee": user(602, "tom"),
        "project": { "id": uuid(501), "name": "Checkout" }, "projectMilestone": { "id": uuid(511), "name": "Beta" },
        "cycle": { "id": uuid(521), "name": null, "number": 5 }, "parent": parent,
    }));
    let draft = draft()
        .with_body(RichText::from("Text"))
        .with_status("in progress".to_owned())
        .with_priority("urgent".to_owned())
        .with_labels(list(&["LOGIN"]))
        .with_assignees(list(&["tom"]))
        .with_containers(list(&["beta", "Cycle 5"]))
        .with_parent(TicketKey::new("ENG-1"))
        .with_due(Due::parse("2026-02-03").unwrap())
        .with_estimate(Estimate::new(3.0, "points"))
        .with_marker(uuid(5));
    let created = server.kit.create(&draft).unwrap();
    let input = json!({
        "id": uuid(5), "teamId": uuid(800), "title": "New", "description": "Text", "stateId": uuid(902), "priority": 1,
        "assigneeId": uuid(602), "labelIds": [uuid(703)], "projectId": uuid(501), "projectMilestoneId": uuid(511),
        "cycleId": uuid(521), "parentId": "ENG-1", "dueDate": "2026-02-03", "estimate": 3,
    });
    assert_eq!(server.last()["input"], input);
    assert_eq!((created.applied, created.refused, created.unknown), (draft.asked(), vec![], vec![]));
    assert_eq!(server.operations(), ["Names", "IssueCreate"]);
}

#[test]
fn whatever_linear_left_otherwise_is_refused() {
    let server = server(json!({ "title": "Other" }));
    let draft = draft()
        .with_body(RichText::from("Text"))
        .with_status("done".to_owned())
        .with_priority("high".to_owned())
        .with_labels(list(&["login"]))
        .with_assignees(list(&[ME]))
        .with_containers(list(&["Checkout"]))
        .with_parent(TicketKey::new("ENG-1"))
        .with_due(Due::parse("2026-02-03").unwrap())
        .with_estimate(Estimate::without_unit(3.0));
    let created = server.kit.create(&draft).unwrap();
    assert_eq!(created.applied, [FieldName::Project]);
    let refused: Vec<_> = created.refused.iter().map(|refused| refused.field.clone()).collect();
    assert_eq!(refused, draft.asked().into_iter().filter(|field| *field != FieldName::Project).collect::<Vec<_>>());
    assert_eq!(server.last()["input"]["assigneeId"], uuid(607));
}

#[test]
fn what_linear_does_not_have_is_refused_and_the_rest_is_written() {
    let server = server(json!({}));
    let mut draft = draft()
        .with_type("Bug".to_owned())
        .with_reporter("mara".to_owned())
        .with_due(Due::parse("2026-02-03T10:00:00Z").unwrap())
        .with_estimate(Estimate::new(1.5, "hours"));
    draft.fields.insert("color".to_owned(), usher_adapter_sdk::model::Json::of("red").unwrap());
    let created = server.kit.create(&draft).unwrap();
    assert_eq!((created.applied.len(), created.refused.len()), (2, 5), "{created:?}");
    assert_eq!(server.last()["input"], json!({ "teamId": uuid(800), "title": "New" }));
}

#[test]
fn a_state_is_meant_by_name_type_or_step() {
    for (word, id) in [
        ("Shipped", 904),
        ("shipped", 904),
        ("completed", 904),
        ("done", 904),
        ("canceled", 905),
        ("duplicate", 906),
        ("todo", 901),
        ("backlog", 900),
        ("in_progress", 902),
        ("started", 902),
        ("in_review", 903),
        (&*uuid(903), 903),
    ] {
        let server = server(json!({}));
        server.kit.create(&draft().with_status(word.to_owned())).unwrap();
        assert_eq!(server.last()["input"]["stateId"], uuid(id), "{word}");
    }
    let error = server(json!({})).kit.create(&draft().with_status("blocked".to_owned())).unwrap_err();
    assert!(error.to_string().contains("Backlog, Todo, In Progress, In Review, Shipped"), "{error}");
}

#[test]
fn a_name_that_means_nothing_or_too_much_is_an_error_before_anything_is_written() {
    for (draft, complaint) in [
        (draft().with_labels(list(&["nowhere"])), "does not exist"),
        (draft().with_labels(list(&["BUG"])), "several things"),
        (draft().with_labels(list(&["area"])), "group"),
        (draft().with_assignees(list(&["nobody"])), "nobody's nickname"),
        (draft().with_assignees(list(&["mara lind"])), "several things"),
        (draft().with_assignees(list(&["mara", "tom"])), "one assignee"),
        (draft().with_containers(list(&["Moon"])), "no project, milestone or cycle"),
        (draft().with_containers(list(&["Beta", "Checkout", "checkout"])), "is the second project"),
        (draft().with_priority("lowest".to_owned()), "urgent, high"),
        (draft().with_parent(TicketKey::new("acme/app#1")), "is not a ticket"),
        (draft().with_links(vec![LinkDraft::new(LinkKind::Causes, "ENG-1")]), "no relation"),
        (draft().with_marker("7".to_owned()), "cannot be a marker"),
        (Draft::new("New").with_project("GONE".to_owned()), "the team `GONE` was not found"),
        (Draft::new("New"), "no team is named"),
    ] {
        let server = server(json!({}));
        let error = server.kit.create(&draft).unwrap_err();
        assert!(error.to_string().contains(complaint), "{complaint}: {error}");
        assert!(server.operations().iter().all(|operation| operation == "Names"));
    }
}

#[test]
fn a_label_that_is_spelled_just_so_is_meant() {
    let server = server(json!({ "labelIds": [uuid(701)] }));
    server.kit.create(&draft().with_labels(list(&["Bug"]))).unwrap();
    assert_eq!(server.last()["input"]["labelIds"], json!([uuid(701)]));
}

#[test]
fn relations_are_made_after_the_issue_and_a_failure_is_that_of_the_relations_alone() {
    let links = vec![LinkDraft::new(LinkKind::BlockedBy, "ENG-1"), LinkDraft::new(LinkKind::Relates, "ENG-2")];
    let server = server(json!({}));
    let created = server.kit.create(&draft().with_links(links.clone())).unwrap();
    assert!(created.applied.contains(&FieldName::Links));
    let inputs: Vec<Value> = server.asked()[2..].iter().map(|asked| asked.variables["input"].clone()).collect();
    assert_eq!(
        inputs,
        [
            json!({ "issueId": "ENG-1", "relatedIssueId": uuid(5), "type": "blocks" }),
            json!({ "issueId": uuid(5), "relatedIssueId": "ENG-2", "type": "related" }),
        ]
    );
    for (status, code, is_unknown) in [(200, "INPUT_ERROR", false), (500, "INTERNAL_SERVER_ERROR", true)] {
        let server = Server::new(move |asked| match asked.operation.as_str() {
            "Names" => data(names()),
            "IssueCreate" => data(json!({ "issueCreate": { "success": true, "issue": written(json!({})) } })),
            _ => failure(status, code, "", &["issueRelationCreate"]),
        });
        let created = server.kit.create(&draft().with_links(links.clone())).unwrap();
        assert_eq!((created.refused.len(), created.unknown.len()), (usize::from(!is_unknown), usize::from(is_unknown)));
    }
}

#[test]
fn an_answer_without_the_issue_is_no_success() {
    let server = Server::new(|asked| match asked.operation.as_str() {
        "Names" => data(names()),
        _ => data(json!({ "issueCreate": { "success": false, "issue": null } })),
    });
    assert_eq!(server.kit.create(&draft()).unwrap_err().kind(), ErrorKind::OutcomeUnknown);
}

#[test]
fn the_default_team_is_meant_where_none_is_named() {
    let server =
        Server::at(connection().with_default_project("ENG".to_owned()), "{}", |asked| match asked.operation.as_str() {
            "Names" => data(names()),
            _ => data(json!({ "issueCreate": { "success": true, "issue": written(json!({})) } })),
        });
    server.kit.create(&Draft::new("New")).unwrap();
    assert_eq!(server.last()["input"]["teamId"], uuid(800));
}
