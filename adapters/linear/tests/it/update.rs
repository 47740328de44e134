//! Changes: deltas, and what Linear makes of them.

use serde_json::{Value, json};
use usher_adapter_sdk::{
    Error, ErrorKind,
    message::{Change, Clearable, FieldName, LinkDraft, ListChange, ME, Updated},
    model::{Due, Estimate, LinkKind, RichText, TicketKey},
};

use crate::{
    create::{list, names, team, written},
    server::{Server, data, failure, missing, nodes, user, uuid},
};

fn delta(add: &[&str], remove: &[&str]) -> ListChange<String> {
    ListChange::delta(list(add), list(remove))
}

/// Returns a server that has an issue like this and, after the change, one like that.
fn server(before: Value, after: Value) -> Server {
    Server::new(move |asked| match asked.operation.as_str() {
        "Names" => {
            let mut names = names();
            let mut issue = written(before.clone());
            issue["team"] = team();
            for lists in ["labels", "relations", "inverseRelations"] {
                if issue.get(lists).is_none() {
                    issue[lists] = nodes(json!([]));
                }
            }
            names["issue"] = issue;
            data(names)
        }
        "IssueUpdate" => data(json!({ "issueUpdate": { "success": true, "issue": written(after.clone()) } })),
        "RelationCreate" => data(json!({ "issueRelationCreate": { "success": true } })),
        "RelationDelete" => data(json!({ "issueRelationDelete": { "success": true } })),
        other => Err(Error::not_found(other)),
    })
}

/// Returns what became of a change, and what was sent; nothing if nothing was.
fn update(before: Value, after: Value, change: &Change) -> (Updated, Value) {
    let server = server(before, after);
    let updated = server.kit.update("ENG-5", change).unwrap();
    let sent = server.asked().into_iter().find(|asked| asked.operation == "IssueUpdate");
    (updated, sent.map_or(Value::Null, |asked| asked.variables["input"].clone()))
}

#[test]
fn one_request_changes_the_issue_and_its_answer_is_what_counts() {
    let change = Change::new()
        .with_title("Newer".to_owned())
        .with_body(Clearable::<RichText>::Clear)
        .with_status("done".to_owned())
        .with_priority(Clearable::<String>::Clear)
        .with_due(Due::parse("2026-02-03").unwrap())
        .with_estimate(Clearable::<Estimate>::Clear)
        .with_parent(Clearable::<TicketKey>::Clear);
    let after = json!({ "title": "Newer", "state": { "id": uuid(904), "name": "Shipped" }, "dueDate": "2026-02-03" });
    let (updated, sent) = update(json!({}), after, &change);
    let expected = json!({
        "title": "Newer", "description": null, "stateId": uuid(904), "priority": 0, "parentId": null, "dueDate": "2026-02-03",
        "estimate": null,
    });
    assert_eq!(sent, expected);
    assert_eq!((updated.applied, updated.refused.len()), (change.asked(), 0));
    assert_eq!((updated.key.as_str(), updated.revision.as_deref()), ("ENG-5", Some("2026-01-02T00:00:00Z")));
}

#[test]
fn labels_are_added_and_removed_so_that_others_changes_survive() {
    let before = || json!({ "labelIds": [uuid(703), uuid(709)], "labels": nodes(json!([{ "id": uuid(703), "name": "login" }])) });
    let change = Change::new().with_labels(delta(&["Bug"], &["LOGIN", "not there"]));
    let (updated, sent) = update(before(), json!({ "labelIds": [uuid(701), uuid(709)] }), &change);
    assert_eq!(sent, json!({ "addedLabelIds": [uuid(701)], "removedLabelIds": [uuid(703)] }));
    assert_eq!((updated.applied, updated.refused), (change.asked(), vec![]));
    let (updated, _) = update(before(), json!({ "labelIds": [uuid(703)] }), &change);
    assert!(updated.refused[0].reason.contains("group"), "{updated:?}");
    let (updated, sent) = update(before(), json!({}), &Change::new().with_labels(delta(&[], &["not there"])));
    assert_eq!(
        (updated.applied, sent),
        (vec![FieldName::Labels], Value::Null),
        "what is not there need not be removed"
    );
    let (_, sent) = update(before(), json!({}), &Change::new().with_labels(ListChange::set([])));
    assert_eq!(sent, json!({ "labelIds": [] }));
}

#[test]
fn the_one_assignee_is_never_replaced_without_a_word() {
    let tom = || json!({ "assignee": user(602, "tom") });
    for (before, change, sent) in [
        (json!({}), delta(&["mara"], &[]), json!({ "assigneeId": uuid(601) })),
        (tom(), ListChange::set(list(&["mara"])), json!({ "assigneeId": uuid(601) })),
        (tom(), delta(&["mara"], &["TOM"]), json!({ "assigneeId": uuid(601) })),
        (tom(), delta(&[], &["tom"]), json!({ "assigneeId": null })),
        (tom(), ListChange::set(list(&[])), json!({ "assigneeId": null })),
        (json!({ "assignee": user(607, "me-myself") }), delta(&[], &[ME]), json!({ "assigneeId": null })),
        (tom(), delta(&[], &["mara"]), Value::Null),
        (tom(), delta(&["tom"], &[]), json!({ "assigneeId": uuid(602) })),
    ] {
        let assignee = sent["assigneeId"]
            .as_str()
            .map(|id| json!({ "id": id, "name": "x", "displayName": "x", "email": "x", "app": false }));
        let after = if sent.is_null() { before.clone() } else { json!({ "assignee": assignee }) };
        let change = Change::new().with_assignees(change);
        let (updated, own) = update(before, after, &change);
        assert_eq!((own, updated.applied), (sent, change.asked()), "{change:?}");
    }
    let change = Change::new().with_assignees(delta(&["mara"], &[])).with_title("New".to_owned());
    let (updated, sent) = update(tom(), tom(), &change);
    assert_eq!((sent, updated.applied), (json!({ "title": "New" }), vec![FieldName::Title]));
    assert!(updated.refused[0].reason.contains("tom Lind's"), "{:?}", updated.refused);
    let two = Change::new().with_assignees(delta(&["mara", "tom"], &[]));
    assert_eq!(server(json!({}), json!({})).kit.update("ENG-5", &two).unwrap_err().kind(), ErrorKind::Validation);
}

#[test]
fn containers_are_set_cleared_and_removed_only_if_they_are_the_ones() {
    let held = || {
        json!({
            "project": { "id": uuid(501), "name": "Checkout" }, "cycle": { "id": uuid(521), "name": null, "number": 5 },
        })
    };
    for (change, sent) in [
        (delta(&["Cycle 5"], &[]), json!({ "cycleId": uuid(521) })),
        (delta(&["Beta"], &[]), json!({ "projectId": uuid(501), "projectMilestoneId": uuid(511) })),
        (delta(&[], &["checkout"]), json!({ "projectId": null })),
        (delta(&[], &["cycle 5", "Moon"]), json!({ "cycleId": null })),
        (
            ListChange::set(list(&["Checkout"])),
            json!({ "projectId": uuid(501), "projectMilestoneId": null, "cycleId": null }),
        ),
        (delta(&[], &["Moon"]), Value::Null),
    ] {
        let (_, own) = update(held(), held(), &Change::new().with_containers(change.clone()));
        assert_eq!(own, sent, "{change:?}");
    }
}

#[test]
fn a_move_to_another_team_changes_the_key_and_names_are_those_of_that_team() {
    let server = Server::new(|asked| match asked.operation.as_str() {
        "Names" => {
            let mut names = names();
            let mut issue = written(json!({}));
            issue["team"] = team();
            names["issue"] = issue;
            let ops = json!({ "id": uuid(801), "key": "OPS", "name": "Operations",
                "states": { "nodes": [{ "id": uuid(990), "name": "Todo", "type": "unstarted", "position": 1 }] } });
            names["teams"] = nodes(json!([ops]));
            data(names)
        }
        _ => {
            let moved = json!({ "identifier": "OPS-1", "team": { "id": uuid(801), "key": "OPS" }, "state": { "id": uuid(990), "name": "Todo" } });
            data(json!({ "issueUpdate": { "success": true, "issue": written(moved) } }))
        }
    });
    let change = Change::new().with_project("ops".to_owned()).with_status("todo".to_owned());
    let updated = server.kit.update("ENG-5", &change).unwrap();
    assert_eq!((updated.key.as_str(), updated.applied), ("OPS-1", change.asked()));
    assert_eq!(server.last()["input"], json!({ "teamId": uuid(801), "stateId": uuid(990) }));
}

#[test]
fn relations_are_made_and_ended_one_by_one() {
    let other = |number: u64| json!({ "id": uuid(number), "identifier": format!("ENG-{number}"), "previousIdentifiers": [format!("OLD-{number}")] });
    let before = || {
        json!({
            "relations": nodes(json!([{ "id": uuid(401), "type": "blocks", "relatedIssue": other(1) }])),
            "inverseRelations": nodes(json!([{ "id": uuid(402), "type": "related", "issue": other(2) }])),
        })
    };
    let link = |kind: LinkKind, key: &str| LinkDraft::new(kind, key);
    let steps = |change: ListChange<LinkDraft>| {
        let server = server(before(), json!({}));
        let updated = server.kit.update("ENG-5", &Change::new().with_links(change)).unwrap();
        assert_eq!((updated.applied, updated.revision), (vec![FieldName::Links], None));
        server.asked()[1..].iter().map(|asked| (asked.operation.clone(), asked.variables.clone())).collect::<Vec<_>>()
    };
    let end = |id: u64| ("RelationDelete".to_owned(), json!({ "id": uuid(id) }));
    let make = |first: &str, second: &str, kind: &str| {
        ("RelationCreate".to_owned(), json!({ "input": { "issueId": first, "relatedIssueId": second, "type": kind } }))
    };
    assert_eq!(
        steps(ListChange::delta([link(LinkKind::DuplicatedBy, "ENG-3")], [])),
        [make("ENG-3", &uuid(5), "duplicate")]
    );
    assert_eq!(steps(ListChange::delta([link(LinkKind::Blocks, "ENG-1")], [])), [], "it is there already");
    assert_eq!(steps(ListChange::delta([], [link(LinkKind::Blocks, "old-1")])), [end(401)]);
    assert_eq!(steps(ListChange::delta([], [link(LinkKind::BlockedBy, "ENG-1")])), [], "that is the other end");
    assert_eq!(steps(ListChange::delta([], [link(LinkKind::Relates, "ENG-2")])), [end(402)]);
    assert_eq!(steps(ListChange::set([link(LinkKind::Relates, "ENG-2")])), [end(401)]);
}

#[test]
fn a_revision_is_looked_at_before_anything_is_written() {
    let change = |revision: &str| Change::new().with_title("New".to_owned()).with_if_revision(revision.to_owned());
    let server = server(json!({}), json!({}));
    let error = server.kit.update("ENG-5", &change("2025-12-31T00:00:00Z")).unwrap_err();
    assert_eq!((error.kind(), server.operations()), (ErrorKind::Conflict, vec!["Names".to_owned()]));
    assert!(server.kit.update("ENG-5", &change("2026-01-02T00:00:00Z")).is_ok());
}

#[test]
fn an_issue_that_is_not_there_and_a_write_that_is_not_allowed_are_told_apart() {
    let change = Change::new().with_title("New".to_owned());
    assert_eq!(Server::new(|_| missing()).kit.update("ENG-5", &change).unwrap_err().kind(), ErrorKind::NotFound);
    let server = Server::new(|asked| match asked.operation.as_str() {
        "Names" => {
            let mut issue = written(json!({}));
            issue["team"] = team();
            data(json!({ "issue": issue }))
        }
        _ => failure(200, "FORBIDDEN", "forbidden", &["issueUpdate"]),
    });
    assert_eq!(server.kit.update("ENG-5", &change).unwrap_err().kind(), ErrorKind::Permission);
}

#[test]
fn fields_that_linear_does_not_have_are_refused_and_nothing_is_sent_for_them() {
    let mut change =
        Change::new().with_type("Bug".to_owned()).with_resolution("fixed".to_owned()).with_reporter("mara".to_owned());
    change.fields.insert("color".to_owned(), Clearable::Clear);
    let (updated, sent) = update(json!({}), json!({}), &change);
    assert_eq!((updated.applied, updated.refused.len(), sent), (vec![], 4, Value::Null));
}
