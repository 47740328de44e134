//! Changes: deltas, transitions, and what Jira makes of them.

use std::collections::BTreeMap;

use serde_json::{Value, json};
use usher_adapter_sdk::{
    ErrorKind,
    message::{Change, Clearable, FieldName, LinkDraft, ListChange},
    model::{Due, Estimate, Json, LinkKind, RichText, TicketKey},
};

use crate::server::{Asked, Server, document, empty, issue, ok, refused, unknown};

fn list(names: &[&str]) -> Vec<String> {
    names.iter().map(|name| (*name).to_owned()).collect()
}

fn delta(add: &[&str], remove: &[&str]) -> ListChange<String> {
    ListChange::delta(list(add), list(remove))
}

/// The fields by which the issue can be edited.
fn screen() -> Value {
    let field = |name: &str, kind: &str| json!({"name": name, "required": false, "schema": {"type": kind}, "operations": ["set"]});
    json!({"fields": {
        "summary": field("Summary", "string"),
        "description": {"name": "Description", "required": false, "schema": {"type": "string", "system": "description"}},
        "labels": {"name": "Labels", "required": false, "schema": {"type": "array", "items": "string"}},
        "assignee": field("Assignee", "user"),
        "duedate": field("Due date", "date"),
        "parent": field("Parent", "issuelink"),
        "timetracking": field("Time tracking", "timetracking"),
        "customfield_3": {"name": "Story Points", "required": false, "schema": {"type": "number", "custom": "x:float"}},
        "customfield_1": {"name": "Sprint", "required": false, "schema": {"type": "array", "items": "json", "custom": "com.pyxis.greenhopper.jira:gh-sprint"}},
        "priority": {"name": "Priority", "required": false, "schema": {"type": "priority"},
            "allowedValues": [{"id": "1", "name": "Highest"}, {"id": "3", "name": "Medium"}]},
        "fixVersions": {"name": "Fix versions", "required": false, "schema": {"type": "array", "items": "version"},
            "allowedValues": [{"id": "8", "name": "1.0"}, {"id": "9", "name": "2.0"}]},
        "customfield_4": {"name": "Colour", "required": false, "schema": {"type": "option", "custom": "x:select"},
            "allowedValues": [{"id": "11", "value": "Red"}, {"id": "12", "value": "Blue"}]},
        "customfield_5": {"name": "When", "required": false, "schema": {"type": "datetime", "custom": "x:datetime"}},
    }})
}

const TRANSITIONS: &str = r#"{"transitions":[
    {"id":"11","name":"Start","to":{"id":"3","name":"In Progress","statusCategory":{"key":"indeterminate"}}},
    {"id":"21","name":"Close","to":{"id":"5","name":"Done","statusCategory":{"key":"done"}},
     "fields":{"resolution":{"required":true,"name":"Resolution","schema":{"type":"resolution"},
               "allowedValues":[{"id":"1","name":"Fixed"},{"id":"2","name":"Won't Do"}]}}}]}"#;

/// An issue that is one thing before the first write and another afterwards.
fn server(before: Value, after: Value) -> Server {
    let was_written = std::sync::atomic::AtomicBool::new(false);
    Server::cloud(move |asked| match asked.target().as_str() {
        "GET /issue/OPS-7" => {
            let now = if was_written.load(std::sync::atomic::Ordering::Relaxed) { &after } else { &before };
            ok(issue(7, now.clone()).to_string())
        }
        "GET /issue/OPS-7/editmeta" => ok(screen().to_string()),
        "GET /issue/OPS-7/transitions" => ok(TRANSITIONS),
        "GET /issueLinkType" => {
            ok(r#"{"issueLinkTypes":[{"id":"1","name":"Blocks","inward":"is blocked by","outward":"blocks"},
            {"id":"2","name":"Cloners","inward":"is cloned by","outward":"clones"}]}"#)
        }
        "GET /user/search" => ok(r#"[{"accountId":"5b","displayName":"Tom"}]"#),
        "PUT /issue/OPS-7" | "POST /issue/OPS-7/transitions" | "POST /issueLink" | "DELETE /issueLink/71" => {
            was_written.store(true, std::sync::atomic::Ordering::Relaxed);
            empty(204)
        }
        _ => unknown(asked),
    })
}

fn writes(server: &Server) -> Vec<(String, Value)> {
    let body = |asked: &Asked| if asked.body.is_empty() { Value::Null } else { asked.json() };
    server.writes().iter().map(|asked| (asked.target(), body(asked))).collect()
}

#[test]
fn one_request_changes_the_fields_and_what_the_issue_has_become_is_what_counts() {
    let after = json!({"summary": "New", "description": document("Text"), "labels": ["a", "theirs"], "assignee": {"accountId": "5b"},
        "priority": {"id": "1", "name": "Highest"}, "duedate": "2026-02-03", "parent": {"key": "OPS-1"},
        "fixVersions": [{"id": "8", "name": "1.0"}], "customfield_3": 5.0, "customfield_4": {"id": "12", "value": "Blue"},
        "customfield_5": "2026-01-02T04:04:05.000+0100"});
    let server = server(json!({"labels": ["old", "theirs"]}), after);
    let fields: BTreeMap<String, Clearable<Json>> = [
        ("colour".to_owned(), Clearable::Set(Json::parse("\"blue\"").unwrap())),
        ("customfield_5".to_owned(), Clearable::Set(Json::parse("\"2026-01-02T03:04:05Z\"").unwrap())),
    ]
    .into();
    let change = Change::new()
        .with_title("New".to_owned())
        .with_body(RichText::markdown("Text"))
        .with_labels(delta(&["a"], &["old"]))
        .with_assignees(delta(&["tom"], &[]))
        .with_priority("urgent".to_owned())
        .with_due(Due::parse("2026-02-03").unwrap())
        .with_parent(TicketKey::new("OPS-1"))
        .with_containers(delta(&["1.0"], &[]))
        .with_estimate(Estimate::new(5.0, "points"))
        .with_fields(fields);
    let updated = server.kit.update("OPS-7", &change).unwrap();
    let written = writes(&server);
    assert_eq!(written.len(), 1, "{written:?}");
    assert_eq!(
        written[0].1["update"],
        json!({"labels": [{"remove": "old"}, {"add": "a"}], "fixVersions": [{"add": {"id": "8"}}]})
    );
    let mut sent = written[0].1["fields"].clone();
    assert_eq!(sent["description"]["content"], document("Text")["content"]);
    sent.as_object_mut().unwrap().remove("description");
    assert_eq!(
        sent,
        json!({"summary": "New", "assignee": {"accountId": "5b"}, "priority": {"id": "1"}, "duedate": "2026-02-03",
            "parent": {"key": "OPS-1"}, "customfield_3": 5.0, "customfield_4": {"id": "12"},
            "customfield_5": "2026-01-02T03:04:05.000+0000"})
    );
    assert_eq!(updated.refused, []);
    let mut applied = updated.applied.clone();
    let mut asked = change.asked();
    applied.sort();
    asked.sort();
    assert_eq!(applied, asked);
    assert_eq!(updated.revision.as_deref(), Some("2026-01-02T00:00:00Z"));
}

#[test]
fn what_jira_kept_otherwise_is_refused_with_what_it_kept() {
    let server = server(json!({}), json!({"summary": "Old", "priority": {"id": "3", "name": "Medium"}}));
    let change = Change::new().with_title("New".to_owned()).with_priority("1".to_owned());
    let updated = server.kit.update("OPS-7", &change).unwrap();
    assert_eq!(updated.applied, []);
    let reasons: Vec<&str> = updated.refused.iter().map(|refused| refused.reason.as_str()).collect();
    assert!(reasons[0].contains("Old") && reasons[1].contains("Medium"), "{reasons:?}");
}

#[test]
fn a_state_is_reached_by_the_transition_that_leads_there_with_what_it_asks_for() {
    let done = json!({"status": {"id": "5", "name": "Done", "statusCategory": {"key": "done"}}, "resolution": {"id": "1", "name": "Fixed"}});
    let server = server(json!({}), done);
    let change = Change::new().with_status("done".to_owned()).with_resolution("fixed".to_owned());
    let updated = server.kit.update("OPS-7", &change).unwrap();
    let sent = json!({"transition": {"id": "21"}, "fields": {"resolution": {"id": "1"}}});
    assert_eq!(writes(&server), [("POST /issue/OPS-7/transitions".to_owned(), sent)]);
    assert_eq!((updated.applied.len(), updated.refused.len()), (2, 0), "{updated:?}");
    assert!(server.lines().iter().any(|line| line.contains("expand=transitions.fields")));
}

#[test]
fn what_a_transition_asks_for_and_a_state_that_cannot_be_reached_are_errors_before_anything_is_written() {
    let server = server(json!({}), json!({}));
    for (status, words) in [("Done", "is required, one of: Fixed, Won't Do"), ("Shipped", "`In Progress` (by `Start`)")]
    {
        let change = Change::new().with_title("New".to_owned()).with_status(status.to_owned());
        let error = server.kit.update("OPS-7", &change).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Validation);
        assert!(error.fields()[0].message.contains(words), "{error:?}");
    }
    assert_eq!(writes(&server), []);
}

#[test]
fn a_state_that_is_there_already_needs_nothing_and_one_that_was_moved_on_is_refused() {
    let todo = server(json!({}), json!({}));
    for word in ["To Do", "1", "todo"] {
        let updated = todo.kit.update("OPS-7", &Change::new().with_status(word.to_owned())).unwrap();
        assert_eq!(updated.applied, [FieldName::Status]);
    }
    assert_eq!(writes(&todo), []);
    let moved = server(json!({}), json!({"status": {"id": "9", "name": "Waiting"}}));
    let updated = moved.kit.update("OPS-7", &Change::new().with_status("in_progress".to_owned())).unwrap();
    assert!(updated.refused[0].reason.contains("Waiting"), "{updated:?}");
}

#[test]
fn a_body_that_holds_more_than_markdown_is_not_replaced_unless_forced() {
    let coloured = json!({"type": "doc", "version": 1, "content": [{"type": "paragraph", "content": [
        {"type": "text", "text": "Careful", "marks": [{"type": "textColor", "attrs": {"color": "#ff0000"}}]}]}]});
    let server = server(json!({"description": coloured}), json!({"description": document("New")}));
    let change = Change::new().with_body(RichText::markdown("New"));
    let error = server.kit.update("OPS-7", &change).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Validation);
    assert!(error.message().contains("textColor"), "{error}");
    assert_eq!(writes(&server), []);
    let updated = server.kit.update("OPS-7", &change.with_force_lossy(true)).unwrap();
    assert_eq!(updated.applied, [FieldName::Body]);
}

#[test]
fn fields_that_are_on_no_screen_are_refused_and_the_rest_is_written() {
    let server = server(json!({}), json!({"summary": "New"}));
    let fields: BTreeMap<String, Clearable<Json>> =
        [("Nope".to_owned(), Clearable::Set(Json::parse("1").unwrap()))].into();
    let change = Change::new()
        .with_title("New".to_owned())
        .with_reporter("tom".to_owned())
        .with_type("Bug".to_owned())
        .with_project("WEB".to_owned())
        .with_fields(fields);
    let updated = server.kit.update("OPS-7", &change).unwrap();
    assert_eq!(updated.applied, [FieldName::Title]);
    let mut refused: Vec<String> = updated.refused.iter().map(|refused| refused.field.to_string()).collect();
    refused.sort();
    assert_eq!(refused, ["fields.Nope", "project", "reporter", "type"]);
}

#[test]
fn values_that_a_field_cannot_take_are_errors_that_say_what_it_can() {
    let server = server(json!({}), json!({}));
    let custom = |name: &str, value: &str| {
        let fields: BTreeMap<String, Clearable<Json>> =
            [(name.to_owned(), Clearable::Set(Json::parse(value).unwrap()))].into();
        Change::new().with_fields(fields)
    };
    for (change, words) in [
        (Change::new().with_priority("Sky high".to_owned()), "Highest, Medium"),
        (Change::new().with_containers(delta(&["3.0"], &[])), "1.0, 2.0; a sprint by its id"),
        (Change::new().with_labels(delta(&["two words"], &[])), "have no spaces"),
        (Change::new().with_assignees(ListChange::set(list(&["a", "b"]))), "names several"),
        (Change::new().with_title("two\nlines".to_owned()), "one line"),
        (custom("Colour", "\"Green\""), "Red, Blue"),
        (custom("Story Points", "\"many\""), "is a number"),
        (custom("customfield_5", "\"soon\""), "soon"),
        (Change::new().with_links(ListChange::delta([LinkDraft::new(LinkKind::Causes, "OPS-9")], [])), "is blocked by"),
    ] {
        let error = server.kit.update("OPS-7", &change).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Validation, "{error}");
        let all = format!("{error}");
        assert!(all.contains(words), "{all}");
    }
    assert_eq!(writes(&server), []);
}

#[test]
fn links_are_made_and_ended_one_by_one_in_the_right_direction() {
    let blocks = |id: &str, side: &str, key: &str| json!({"id": id, "type": {"name": "Blocks", "inward": "is blocked by", "outward": "blocks"}, side: {"key": key}});
    let before = json!({"issuelinks": [blocks("71", "outwardIssue", "OPS-8")]});
    let after = json!({"issuelinks": [blocks("72", "inwardIssue", "OPS-9"), blocks("73", "outwardIssue", "OPS-10")]});
    let server = server(before, after);
    let add = [LinkDraft::new(LinkKind::BlockedBy, "OPS-9"), LinkDraft::new(LinkKind::Blocks, "OPS-10")];
    let change = Change::new().with_links(ListChange::delta(add, [LinkDraft::new(LinkKind::Blocks, "OPS-8")]));
    let updated = server.kit.update("OPS-7", &change).unwrap();
    let link = |inward: &str, outward: &str| json!({"type": {"name": "Blocks"}, "inwardIssue": {"key": inward}, "outwardIssue": {"key": outward}});
    assert_eq!(
        writes(&server),
        [
            ("POST /issueLink".to_owned(), link("OPS-9", "OPS-7")),
            ("POST /issueLink".to_owned(), link("OPS-7", "OPS-10")),
            ("DELETE /issueLink/71".to_owned(), Value::Null),
        ]
    );
    assert_eq!((updated.applied, updated.refused), (vec![FieldName::Links], vec![]));
}

#[test]
fn everything_can_be_emptied() {
    let before = json!({"assignee": {"accountId": "5b", "displayName": "Tom"}, "duedate": "2026-02-03", "description": document("x"),
        "fixVersions": [{"id": "8", "name": "1.0"}]});
    let server = server(before, json!({"assignee": null, "duedate": null, "description": null, "customfield_3": null}));
    let change = Change::new()
        .with_body(Clearable::<RichText>::Clear)
        .with_due(Clearable::<Due>::Clear)
        .with_estimate(Clearable::<Estimate>::Clear)
        .with_assignees(delta(&[], &["tom"]))
        .with_containers(ListChange::set(vec![]));
    let updated = server.kit.update("OPS-7", &change).unwrap();
    let sent =
        json!({"assignee": null, "duedate": null, "description": null, "customfield_3": null, "fixVersions": []});
    assert_eq!(writes(&server)[0].1["fields"], sent);
    assert_eq!(updated.refused, []);
}

#[test]
fn who_is_not_there_need_not_be_removed() {
    let server = server(json!({"assignee": {"accountId": "other"}}), json!({}));
    let updated = server.kit.update("OPS-7", &Change::new().with_assignees(delta(&[], &["tom"]))).unwrap();
    assert_eq!((updated.applied, writes(&server)), (vec![FieldName::Assignees], vec![]));
}

#[test]
fn somebody_who_has_the_issue_is_not_replaced_by_one_who_is_added() {
    let other = json!({"assignee": {"accountId": "other", "displayName": "Ann"}});
    let held = server(other.clone(), json!({"assignee": {"accountId": "5b"}}));
    let change = Change::new().with_title("Issue 7".to_owned()).with_assignees(delta(&["tom"], &[]));
    let updated = held.kit.update("OPS-7", &change).unwrap();
    assert_eq!(updated.refused[0].field, FieldName::Assignees);
    assert!(updated.refused[0].reason.contains("Ann's: set it instead"), "{updated:?}");
    assert_eq!(writes(&held)[0].1, json!({"fields": {"summary": "Issue 7"}}), "the rest is written");
    for (before, assignees) in [
        (json!({}), delta(&["tom"], &[])),
        (json!({"assignee": {"accountId": "5b"}}), delta(&["tom"], &[])),
        (json!({"assignee": {"accountId": "5b"}}), delta(&["tom"], &["tom"])),
        (other, ListChange::set(list(&["tom"]))),
    ] {
        let server = server(before, json!({"assignee": {"accountId": "5b"}}));
        let updated = server.kit.update("OPS-7", &Change::new().with_assignees(assignees)).unwrap();
        assert_eq!((updated.applied, updated.refused), (vec![FieldName::Assignees], vec![]));
        assert_eq!(writes(&server)[0].1, json!({"fields": {"assignee": {"accountId": "5b"}}}));
    }
}

#[test]
fn an_issue_leaves_the_sprint_that_is_named_and_no_other() {
    let of = |id: u64, state: &str| json!({"id": id, "name": format!("Sprint {id}"), "state": state});
    let before = json!({"customfield_1": [of(6, "closed"), of(7, "active")]});
    let sprint = |value: Value| Some(json!({"fields": {"customfield_1": value}}));
    let none = || json!({"customfield_1": [of(6, "closed")]});
    let twelve = || json!({"customfield_1": [of(6, "closed"), of(12, "future")]});
    for (change, after, written) in [
        (delta(&[], &["99"]), before.clone(), None),
        (delta(&[], &["Sprint 99"]), before.clone(), None),
        (delta(&[], &["7"]), none(), sprint(Value::Null)),
        (delta(&[], &["sprint 7"]), none(), sprint(Value::Null)),
        (delta(&["12"], &["7"]), twelve(), sprint(json!(12))),
        (delta(&["12"], &[]), twelve(), sprint(json!(12))),
        (delta(&["12"], &["99"]), twelve(), sprint(json!(12))),
        (delta(&["Sprint 7"], &["7"]), before.clone(), None),
        (delta(&["7"], &[]), before.clone(), None),
        (ListChange::set(list(&["Sprint 6", "Sprint 7"])), before.clone(), None),
        (ListChange::set(list(&["12"])), twelve(), sprint(json!(12))),
        (ListChange::set(vec![]), none(), sprint(Value::Null)),
    ] {
        let server = server(before.clone(), after);
        let updated = server.kit.update("OPS-7", &Change::new().with_containers(change.clone())).unwrap();
        assert_eq!(writes(&server).first().map(|(_, body)| body.clone()), written, "{change:?}");
        assert_eq!((updated.applied, updated.refused), (vec![FieldName::Containers], vec![]), "{change:?}");
    }
    let closed = server(before.clone(), before.clone());
    let updated = closed.kit.update("OPS-7", &Change::new().with_containers(delta(&["1.0"], &["6"]))).unwrap();
    assert!(updated.refused[0].reason.contains("`Sprint 6` is closed"), "{updated:?}");
    let error = closed.kit.update("OPS-7", &Change::new().with_containers(delta(&["10", "11"], &[]))).unwrap_err();
    assert!(error.message().contains("one open sprint"), "{error}");
}

#[test]
fn a_container_is_removed_also_where_it_is_no_choice_any_more_or_is_on_no_screen() {
    let archived = json!({"fixVersions": [{"id": "5", "name": "0.9"}], "components": [{"id": "3", "name": "API"}]});
    let server = server(archived, json!({"components": [{"id": "3", "name": "API"}]}));
    let remove =
        |names: &[&str]| server.kit.update("OPS-7", &Change::new().with_containers(delta(&[], names))).unwrap();
    assert_eq!(remove(&["0.9"]).applied, [FieldName::Containers]);
    assert_eq!(writes(&server)[0].1, json!({"update": {"fixVersions": [{"remove": {"id": "5"}}]}}));
    let refused = remove(&["api"]).refused;
    assert!(refused[0].reason.contains("components is not on the screen"), "{refused:?}");
    assert_eq!(writes(&server).len(), 1);
}

#[test]
fn what_is_cleared_of_a_parent_is_what_the_issue_has() {
    let parent = json!({"parent": {"key": "OPS-1"}});
    for (before, after, written) in
        [(parent, json!({}), Some(json!({"fields": {"parent": null}}))), (json!({}), json!({}), None)]
    {
        let server = server(before, after);
        let updated = server.kit.update("OPS-7", &Change::new().with_parent(Clearable::<TicketKey>::Clear)).unwrap();
        assert_eq!(writes(&server).first().map(|(_, body)| body.clone()), written);
        assert_eq!((updated.applied, updated.refused), (vec![FieldName::Parent], vec![]));
    }
    // The link to an epic is on no screen of this project.
    let epic = json!({"customfield_2": "OPS-1"});
    let server = server(epic.clone(), epic);
    let updated = server.kit.update("OPS-7", &Change::new().with_parent(Clearable::<TicketKey>::Clear)).unwrap();
    assert!(updated.refused[0].reason.contains("customfield_2"), "{updated:?}");
    assert_eq!(writes(&server), []);
}

#[test]
fn an_issue_that_has_changed_meanwhile_is_a_conflict_and_nothing_is_written() {
    let server = server(json!({}), json!({"summary": "New"}));
    let change = |revision: &str| Change::new().with_title("New".to_owned()).with_if_revision(revision.to_owned());
    let error = server.kit.update("OPS-7", &change("2026-01-01T00:00:00Z")).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Conflict);
    assert_eq!(writes(&server), []);
    assert!(server.kit.update("OPS-7", &change("2026-01-02T00:00:00Z")).is_ok());
}

#[test]
fn a_first_write_that_fails_is_the_error_and_a_later_one_is_that_of_its_field() {
    let failing = |fails: &'static str, status: u16| {
        Server::cloud(move |asked| match asked.target().as_str() {
            target if target == fails => refused(status, "no"),
            "GET /issue/OPS-7" => ok(issue(7, json!({"summary": "New"})).to_string()),
            "GET /issue/OPS-7/editmeta" => ok(screen().to_string()),
            "GET /issue/OPS-7/transitions" => ok(TRANSITIONS),
            "PUT /issue/OPS-7" => empty(204),
            _ => unknown(asked),
        })
    };
    let change = Change::new().with_title("New".to_owned()).with_status("In Progress".to_owned());
    let error = failing("PUT /issue/OPS-7", 403).kit.update("OPS-7", &change).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Permission);
    let updated = failing("POST /issue/OPS-7/transitions", 409).kit.update("OPS-7", &change).unwrap();
    assert_eq!((updated.applied, &updated.refused[0].field), (vec![FieldName::Title], &FieldName::Status));
    let updated = failing("POST /issue/OPS-7/transitions", 502).kit.update("OPS-7", &change).unwrap();
    assert_eq!(updated.unknown[0].field, FieldName::Status);
}

#[test]
fn a_change_that_cannot_be_read_back_is_of_unknown_outcome_field_by_field() {
    let reads = std::sync::atomic::AtomicU64::new(0);
    let server = Server::cloud(move |asked| match asked.target().as_str() {
        "GET /issue/OPS-7" if reads.fetch_add(1, std::sync::atomic::Ordering::Relaxed) > 0 => {
            refused(502, "Bad Gateway")
        }
        "GET /issue/OPS-7" => ok(issue(7, json!({})).to_string()),
        "GET /issue/OPS-7/editmeta" => ok(screen().to_string()),
        "PUT /issue/OPS-7" => empty(204),
        _ => unknown(asked),
    });
    let updated = server.kit.update("OPS-7", &Change::new().with_title("New".to_owned())).unwrap();
    assert_eq!((updated.applied.len(), updated.refused.len(), updated.unknown.len()), (0, 0, 1));
}

#[test]
fn a_search_after_a_write_is_told_to_have_a_fresh_look() {
    let server = server(json!({}), json!({"summary": "New"}));
    server.kit.update("OPS-7", &Change::new().with_title("New".to_owned())).unwrap();
    // The search itself is unknown to this test's server: what was sent is all that counts.
    drop(server.kit.search(
        &usher_adapter_sdk::message::Query::text("x"),
        usher_adapter_sdk::message::Include::SUMMARY,
        None,
    ));
    let search = server.asked().into_iter().find(|asked| asked.target() == "POST /search/jql").unwrap();
    assert_eq!(search.json()["reconcileIssues"], json!([10007]));
}

#[test]
fn on_a_data_center_people_go_by_login_bodies_are_wiki_markup_and_an_epic_is_a_field() {
    let server = Server::data_center(|asked| {
        match asked.target().as_str() {
        "GET /issue/OPS-7" => ok(issue(7, json!({"assignee": {"name": "tom", "key": "JIRAUSER1"}, "description": "Text", "customfield_2": "OPS-1"})).to_string()),
        "GET /issue/OPS-7/editmeta" => ok(json!({"fields": {
            "assignee": {"name": "Assignee", "required": false, "schema": {"type": "user"}},
            "description": {"name": "Description", "required": false, "schema": {"type": "string"}},
            "customfield_2": {"name": "Epic Link", "required": false, "schema": {"type": "any", "custom": "com.pyxis.greenhopper.jira:gh-epic-link"}},
        }}).to_string()),
        "GET /user/search" => ok(r#"[{"name":"tom","key":"JIRAUSER1","displayName":"Tom"}]"#),
        "PUT /issue/OPS-7" => empty(204),
        _ => unknown(asked),
    }
    });
    let change = Change::new()
        .with_assignees(ListChange::set(list(&["Tom"])))
        .with_body(RichText::markdown("Text"))
        .with_parent(TicketKey::new("OPS-1"));
    let updated = server.kit.update("OPS-7", &change).unwrap();
    let sent = json!({"fields": {"assignee": {"name": "tom"}, "description": "Text", "customfield_2": "OPS-1"}});
    assert_eq!(writes(&server)[0].1, sent);
    assert_eq!(updated.refused, []);
    assert!(server.lines().contains(&"GET /user/search?username=Tom".to_owned()), "{:?}", server.lines());
}
