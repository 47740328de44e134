//! Changes: one patch, ready before anything is written, and claimed from the answer.

use std::{
    collections::BTreeMap,
    sync::atomic::{AtomicU32, Ordering},
};

use serde_json::{Value, json};
use usher_adapter_sdk::{
    ErrorKind,
    message::{Change, Clearable, FieldName, LinkDraft, ListChange, Updated},
    model::{Json, LinkKind, RichText},
};

use crate::{
    create::apply,
    server::{API, Server, answer_of, complaint, fields, item, list, ok, types, unexpected},
};

fn names(names: &[&str]) -> Vec<String> {
    names.iter().map(|name| (*name).to_owned()).collect()
}

/// A work item 5 that does what a patch says.
fn server(current: Value) -> Server {
    let nodes = list([
        json!({"id": 1, "name": "Web", "structureType": "area", "children": [{"id": 4, "name": "Shop"}]}),
        json!({"id": 2, "name": "Web", "structureType": "iteration", "children": [{"id": 3, "name": "Sprint 1"}]}),
    ]);
    let table = vec![
        ("GET /Web/_apis/wit/workitemtypes", types()),
        ("GET /Web/_apis/wit/classificationnodes", nodes),
        ("GET /Web/_apis/wit/fields", fields()),
    ];
    Server::new(move |asked| match asked.path().as_str() {
        "GET /_apis/wit/workitems/5" => ok(current.to_string()),
        "PATCH /_apis/wit/workitems/5" => {
            let mut changed = current.clone();
            apply(&mut changed, &asked.json());
            changed["rev"] = json!(4);
            ok(changed.to_string())
        }
        _ => answer_of(&table, asked),
    })
}

fn to(rel: &str, number: u64) -> Value {
    json!({"rel": rel, "url": format!("{API}/_apis/wit/workItems/{number}"), "attributes": {}})
}

fn add(path: &str, value: Value) -> Value {
    json!({"op": "add", "path": path, "value": value})
}

fn remove(path: &str) -> Value {
    json!({"op": "remove", "path": path})
}

fn is_at(revision: u64) -> Value {
    json!({"op": "test", "path": "/rev", "value": revision})
}

/// Says that everything that was asked was written.
fn assert_applied(updated: &Updated, change: &Change) {
    assert_eq!((&updated.refused, &updated.unknown), (&vec![], &vec![]));
    let (mut applied, mut asked) = (updated.applied.clone(), change.asked());
    applied.sort();
    asked.sort();
    assert_eq!(applied, asked);
}

#[test]
fn each_field_comes_to_its_operations() {
    let current = || {
        let mut current = item(
            5,
            json!({"System.Tags": "a; B", "System.AssignedTo": {"displayName": "Mara", "uniqueName": "mara@acme.example", "id": "7"},
            "Microsoft.VSTS.Common.Priority": 2, "Microsoft.VSTS.Scheduling.DueDate": "2026-01-05T00:00:00Z", "Custom.Team": "Blue",
            "System.IterationPath": "Web\\Sprint 1", "Microsoft.VSTS.TCM.ReproSteps": "<p>old</p>"}),
        );
        current["relations"] = json!([
            to("System.LinkTypes.Hierarchy-Reverse", 1),
            to("System.LinkTypes.Related", 9),
            to("System.LinkTypes.Duplicate-Reverse", 8)
        ]);
        current
    };
    let related = |number: u64| LinkDraft::new(LinkKind::Relates, format!("acme#{number}"));
    let parent = |number: u64| json!({"rel": "System.LinkTypes.Hierarchy-Reverse", "url": format!("{API}/_apis/wit/workItems/{number}")});
    let table: Vec<(Change, Vec<Value>)> = vec![
        (Change::new().with_title("New".to_owned()), vec![add("/fields/System.Title", json!("New"))]),
        (
            Change::new().with_status("resolved".to_owned()).with_resolution("Fixed".to_owned()),
            vec![add("/fields/System.State", json!("Resolved")), add("/fields/System.Reason", json!("Fixed"))],
        ),
        (Change::new().with_type("Task".to_owned()), vec![add("/fields/System.WorkItemType", json!("Task"))]),
        (Change::new().with_priority(Clearable::Clear), vec![remove("/fields/Microsoft.VSTS.Common.Priority")]),
        (Change::new().with_priority("low".to_owned()), vec![add("/fields/Microsoft.VSTS.Common.Priority", json!(4))]),
        (Change::new().with_due(Clearable::Clear), vec![remove("/fields/Microsoft.VSTS.Scheduling.DueDate")]),
        (Change::new().with_estimate(Clearable::Clear), vec![]),
        (
            Change::new().with_body(RichText::from("new")),
            vec![is_at(3), add("/fields/Microsoft.VSTS.TCM.ReproSteps", json!("<p>new</p>"))],
        ),
        (Change::new().with_body(Clearable::Clear), vec![is_at(3), remove("/fields/Microsoft.VSTS.TCM.ReproSteps")]),
        (
            Change::new().with_labels(ListChange::delta(names(&["c", "A"]), names(&["b"]))),
            vec![is_at(3), add("/fields/System.Tags", json!("a; c"))],
        ),
        (Change::new().with_labels(ListChange::set(names(&[]))), vec![is_at(3), add("/fields/System.Tags", json!(""))]),
        (Change::new().with_assignees(ListChange::set(names(&[]))), vec![add("/fields/System.AssignedTo", json!(""))]),
        (
            Change::new().with_assignees(ListChange::delta(names(&["tom@acme.example"]), names(&["Mara"]))),
            vec![is_at(3), add("/fields/System.AssignedTo", json!("tom@acme.example"))],
        ),
        (Change::new().with_assignees(ListChange::delta(names(&[]), names(&["tom@acme.example"]))), vec![]),
        (
            Change::new().with_containers(ListChange::delta(names(&["Shop"]), names(&["Sprint 1"]))),
            vec![
                is_at(3),
                add("/fields/System.AreaPath", json!("Web\\Shop")),
                add("/fields/System.IterationPath", json!("Web")),
            ],
        ),
        (Change::new().with_parent(Clearable::Clear), vec![is_at(3), remove("/relations/0")]),
        (
            Change::new().with_parent(Clearable::Set("acme/Web#2".into())),
            vec![is_at(3), remove("/relations/0"), add("/relations/-", parent(2))],
        ),
        (Change::new().with_parent(Clearable::Set("acme/Web#1".into())), vec![]),
        (
            Change::new().with_links(ListChange::delta([related(10)], [related(9)])),
            vec![
                is_at(3),
                remove("/relations/1"),
                add("/relations/-", to("System.LinkTypes.Related", 10).clone_without_attributes()),
            ],
        ),
        (Change::new().with_links(ListChange::set([related(9)])), vec![is_at(3), remove("/relations/2")]),
        (
            Change::new().with_fields(BTreeMap::from([("Team".to_owned(), Clearable::Set(Json::of("Red").unwrap()))])),
            vec![add("/fields/Custom.Team", json!("Red"))],
        ),
        (
            Change::new().with_fields(BTreeMap::from([("Why".to_owned(), Clearable::Set(Json::of("*So*").unwrap()))])),
            vec![add("/fields/Custom.Why", json!("<p><em>So</em></p>"))],
        ),
        (
            Change::new().with_fields(BTreeMap::from([("Custom.Team".to_owned(), Clearable::Clear)])),
            vec![remove("/fields/Custom.Team")],
        ),
        (
            Change::new().with_title("x".to_owned()).with_if_revision("3".to_owned()),
            vec![is_at(3), add("/fields/System.Title", json!("x"))],
        ),
    ];
    for (change, operations) in table {
        let server = server(current());
        let updated = server.kit.update("acme/Web#5", &change).unwrap_or_else(|error| panic!("{change:?}: {error}"));
        assert_applied(&updated, &change);
        let patches: Vec<_> =
            server.asked().into_iter().filter(|asked| asked.head.method.as_str() == "PATCH").collect();
        match patches.as_slice() {
            [] => assert_eq!(operations, Vec::<Value>::new(), "{change:?}"),
            [patch] => assert_eq!(patch.json(), json!(operations), "{change:?}"),
            _ => panic!("one change is one request"),
        }
    }
}

trait WithoutAttributes {
    fn clone_without_attributes(&self) -> Value;
}

impl WithoutAttributes for Value {
    fn clone_without_attributes(&self) -> Value {
        json!({"rel": self["rel"], "url": self["url"]})
    }
}

#[test]
fn a_text_in_markdown_stays_markdown_and_says_so() {
    let mut current = item(5, json!({"System.WorkItemType": "Task", "System.Description": "old"}));
    current["multilineFieldsFormat"] = json!({"System.Description": "markdown"});
    let server = server(current);
    let change = Change::new().with_body(RichText::from("a **b**"));
    assert_applied(&server.kit.update("acme/Web#5", &change).unwrap(), &change);
    let expected = [
        is_at(3),
        add("/multilineFieldsFormat/System.Description", json!("Markdown")),
        add("/fields/System.Description", json!("a **b**")),
    ];
    assert_eq!(server.last(), json!(expected));
}

#[test]
fn a_text_that_would_lose_what_nobody_saw_is_only_written_by_force() {
    let current = || item(5, json!({"Microsoft.VSTS.TCM.ReproSteps": "<span style=\"color:red\">hot</span> <u>x</u>"}));
    let change = Change::new().with_body(RichText::from("cold"));
    let refused = server(current());
    let error = refused.kit.update("acme/Web#5", &change).unwrap_err();
    assert_eq!(
        (error.kind(), error.fields()[0].message.as_str()),
        (ErrorKind::Validation, "would lose: color, underline")
    );
    assert_eq!(refused.lines().len(), 1, "nothing was written");
    let forced = change.clone().with_force_lossy(true);
    assert_applied(&server(current()).kit.update("acme/Web#5", &forced).unwrap(), &forced);
    let native = RichText::converted("cold", usher_adapter_sdk::model::TextFormat::Html, "<b>cold</b>");
    let as_html = Change::new().with_body(native);
    assert_applied(&server(current()).kit.update("acme/Web#5", &as_html).unwrap(), &as_html);
}

#[test]
fn a_revision_that_is_past_is_a_conflict_before_anything_is_written() {
    let server = server(item(5, json!({})));
    let change = Change::new().with_title("x".to_owned()).with_if_revision("2".to_owned());
    let error = server.kit.update("acme/Web#5", &change).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Conflict);
    assert!(error.message().contains("`3` and not `2`"), "{error}");
    assert_eq!(server.lines().len(), 1);
}

#[test]
fn whoever_comes_first_is_not_overwritten_and_a_delta_is_made_anew() {
    let attempts = AtomicU32::new(0);
    let server = Server::new(move |asked| match asked.path().as_str() {
        "GET /_apis/wit/workitems/5" if attempts.load(Ordering::Relaxed) == 0 => {
            ok(item(5, json!({"System.Tags": "a"})).to_string())
        }
        "GET /_apis/wit/workitems/5" => {
            let mut later = item(5, json!({"System.Tags": "a; theirs"}));
            later["rev"] = json!(4);
            ok(later.to_string())
        }
        "PATCH /_apis/wit/workitems/5" if attempts.fetch_add(1, Ordering::Relaxed) == 0 => {
            complaint(412, "VS403351: Test Operation for path /rev failed")
        }
        "PATCH /_apis/wit/workitems/5" => {
            assert_eq!(asked.json()[0], is_at(4));
            ok(item(5, json!({"System.Tags": "a; theirs; ours"})).to_string())
        }
        _ => unexpected(asked),
    });
    let change = Change::new().with_labels(ListChange::delta(names(&["ours"]), names(&[])));
    assert_applied(&server.kit.update("acme/Web#5", &change).unwrap(), &change);
    assert_eq!(server.last()[1], add("/fields/System.Tags", json!("a; theirs; ours")));
}

#[test]
fn a_conflict_that_does_not_end_is_the_answer() {
    let server = Server::new(|asked| match asked.head.method.as_str() {
        "GET" => ok(item(5, json!({})).to_string()),
        _ => complaint(412, "VS403351: Test Operation for path /rev failed"),
    });
    let change = Change::new().with_labels(ListChange::set(names(&["x"])));
    assert_eq!(server.kit.update("acme/Web#5", &change).unwrap_err().kind(), ErrorKind::Conflict);
    assert_eq!(server.lines().len(), 8);
}

#[test]
fn what_azure_devops_kept_otherwise_is_refused() {
    let server = Server::new(|asked| match asked.head.method.as_str() {
        "GET" if asked.path().ends_with("workitemtypes") => ok(types().to_string()),
        _ => ok(item(5, json!({"System.AssignedTo": null})).to_string()),
    });
    let change = Change::new()
        .with_title("other".to_owned())
        .with_status("Closed".to_owned())
        .with_assignees(ListChange::set(names(&["tom"])))
        .with_resolution(Clearable::Clear);
    let updated = server.kit.update("acme/Web#5", &change).unwrap();
    let mut refused: Vec<_> = updated.refused.iter().map(|it| it.field.clone()).collect();
    refused.sort();
    assert_eq!(refused, [FieldName::Title, FieldName::Status, FieldName::Resolution, FieldName::Assignees]);
    assert_eq!(updated.applied, []);
}

#[test]
fn a_second_assignee_is_an_error_that_says_what_to_do() {
    let mara = json!({"System.AssignedTo": {"displayName": "Mara", "uniqueName": "mara@acme.example", "id": "7"}});
    let server = server(item(5, mara));
    let change = Change::new().with_assignees(ListChange::delta(names(&["tom"]), names(&[])));
    let error = server.kit.update("acme/Web#5", &change).unwrap_err();
    assert_eq!((error.kind(), server.lines().len()), (ErrorKind::Validation, 1));
    assert!(error.message().contains("Mara"), "{error}");
}

#[test]
fn a_move_to_another_project_begins_at_its_root() {
    let server = server(item(5, json!({})));
    let change = Change::new().with_project("acme/Shop".to_owned());
    let updated = server.kit.update("acme/Web#5", &change).unwrap();
    assert_applied(&updated, &change);
    assert_eq!((updated.key.as_str(), updated.revision.as_deref()), ("acme/Shop#5", Some("4")));
    let expected = [
        add("/fields/System.TeamProject", json!("Shop")),
        add("/fields/System.AreaPath", json!("Shop")),
        add("/fields/System.IterationPath", json!("Shop")),
    ];
    assert_eq!(server.last(), json!(expected));
}
