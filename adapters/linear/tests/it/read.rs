//! One issue, with what hangs on it.

use serde_json::json;
use usher_adapter_sdk::{
    Error, ErrorKind,
    message::{Include, Raw, Source},
    model::{CutReason, Part, PriorityLevel, StatusCategory, Ticket, UserKind},
    testkit::{Recording, TestHost},
};

use crate::server::{
    Server, breaking_off, comment, data, failure, going_on, issue, missing, nodes, ok, shown, user, uuid,
};

const NOTES: Include = {
    let mut include = Include::SUMMARY;
    include.notes = true;
    include
};

#[test]
fn a_recorded_issue_becomes_a_ticket() {
    let server = Server::recorded(include_str!("../fixtures/linear-mcp-go/get-issue.json"));
    insta::assert_json_snapshot!(shown(&server.kit.get("TEST-10", Include::EVERYTHING).unwrap()));
    let variables = json!({ "id": "TEST-10", "body": true, "notes": true, "attachments": true });
    assert_eq!((server.operations(), server.last()), (vec!["Issue".to_owned()], variables));
}

#[test]
fn a_recorded_issue_with_a_link_becomes_a_ticket_with_an_attachment() {
    let server = Server::recorded(include_str!("../fixtures/linear-mcp-go/get-issue-with-attachment.json"));
    insta::assert_json_snapshot!(shown(&server.kit.get("TEST-12", Include::EVERYTHING).unwrap()));
}

#[test]
fn an_issue_with_every_field_becomes_a_ticket() {
    let raw = Raw::main(&include_bytes!("../fixtures/issue.json")[..]);
    insta::assert_json_snapshot!(shown(&normalized(&raw).unwrap()));
}

#[test]
fn one_request_is_enough_and_asks_only_for_what_was_asked() {
    let server = Server::new(|_| data(json!({ "issue": issue(5, json!({ "children": nodes(json!([])) })) })));
    let ticket = server.kit.get("ENG-5", Include::SUMMARY).unwrap();
    assert_eq!(server.last(), json!({ "id": "ENG-5", "body": false, "notes": false, "attachments": false }));
    assert!(ticket.notes.is_none() && ticket.attachments.is_none() && ticket.body.is_none());
    assert_eq!(server.operations().len(), 1);
}

#[test]
fn whatever_did_not_fit_is_asked_for_until_it_is_whole() {
    let server = Server::new(|asked| {
        let label = |name: &str| json!([{ "name": name }]);
        let note = |day: u64| json!([comment(day, "text", &format!("2026-01-0{day}T00:00:00.000Z"))]);
        match (asked.operation.as_str(), asked.variables["commentsAfter"].as_str()) {
            ("Issue", _) => data(json!({ "issue": issue(5, json!({
                "labels": going_on(label("a"), "l1"), "comments": going_on(note(3), "c1"),
            })) })),
            (_, Some("c1")) => {
                data(json!({ "issue": { "labels": nodes(label("b")), "comments": going_on(note(2), "c2") } }))
            }
            (_, Some("c2")) => data(json!({ "issue": { "comments": nodes(note(1)) } })),
            _ => Err(Error::not_found("the page")),
        }
    });
    let ticket = server.kit.get("ENG-5", NOTES).unwrap();
    assert_eq!(ticket.labels, ["a", "b"]);
    let days: Vec<String> = ticket.notes.unwrap().iter().map(|note| note.created_at.unwrap().to_string()).collect();
    assert_eq!(days, ["2026-01-01T00:00:00Z", "2026-01-02T00:00:00Z", "2026-01-03T00:00:00Z"]);
    assert_eq!(server.operations(), ["Issue", "IssueMore", "IssueMore"]);
    let second = &server.asked()[1].variables;
    assert_eq!(
        (&second["labels"], &second["labelsAfter"], &second["children"]),
        (&json!(true), &json!("l1"), &json!(false))
    );
    assert_eq!(server.last()["labels"], json!(false));
}

#[test]
fn a_list_of_an_issue_that_goes_on_nobody_knows_where_is_told_as_cut_and_the_others_are_read_on() {
    let server = Server::new(|asked| {
        let label = |name: &str| json!([{ "name": name }]);
        let note = |day: u64| json!([comment(day, "text", &format!("2026-01-0{day}T00:00:00.000Z"))]);
        match asked.operation.as_str() {
            "Issue" => data(json!({ "issue": issue(5, json!({
                "labels": breaking_off(label("a")), "comments": going_on(note(3), "c1"),
            })) })),
            _ => data(json!({ "issue": { "comments": breaking_off(note(2)) } })),
        }
    });
    let ticket = server.kit.get("ENG-5", NOTES).unwrap();
    assert_eq!((ticket.labels.len(), ticket.notes.unwrap().len()), (1, 2));
    assert_eq!(ticket.completeness.0["labels"], Part::new(1, None, CutReason::Error));
    assert_eq!(ticket.completeness.0["notes"], Part::new(2, None, CutReason::Error));
}

#[test]
fn pages_that_name_themselves_end() {
    let server = Server::new(|asked| {
        let labels = going_on(json!([{ "name": "a" }]), "same");
        match asked.operation.as_str() {
            "Issue" => data(json!({ "issue": issue(5, json!({ "labels": labels })) })),
            _ => data(json!({ "issue": { "labels": labels } })),
        }
    });
    let error = server.kit.get("ENG-5", NOTES).unwrap_err();
    assert!(error.message().contains("names itself"), "{error}");
}

#[test]
fn a_moved_issue_has_its_new_key_and_every_old_one_as_an_alias() {
    let server =
        Server::new(|_| data(json!({ "issue": issue(5, json!({ "previousIdentifiers": ["OPS-9", "WEB-1"] })) })));
    let aliases = |key: &str| server.kit.get(key, Include::SUMMARY).unwrap().aliases;
    assert_eq!(aliases("OPS-9"), ["OPS-9", "WEB-1"]);
    assert_eq!(aliases("eng-5"), ["OPS-9", "WEB-1"], "case alone makes no alias");
    assert_eq!(aliases("OLD-3"), ["OPS-9", "WEB-1", "OLD-3"]);
    assert_eq!(aliases(&uuid(5)), ["OPS-9", "WEB-1"], "the native id has a place of its own");
}

#[test]
fn an_issue_that_is_not_there_is_not_found_and_says_why() {
    let recording = Recording::parse(include_str!("../fixtures/linear-mcp-go/entity-not-found.json")).unwrap();
    let project = recording.exchanges()[0].response();
    assert!(String::from_utf8_lossy(&project.body).contains(r#""path""#));
    // The recorded answer is about a project: of an issue it has another path.
    let body = String::from_utf8_lossy(&project.body).replace(r#""project""#, r#""issue""#);
    let server = Server::new(move |_| Ok(TestHost::response(200, body.clone())));
    let error = server.kit.get("ENG-5", NOTES).unwrap_err();
    assert_eq!((error.kind(), error.message()), (ErrorKind::NotFound, "ENG-5 was not found"));
    assert!(error.hint().unwrap().contains("deleted"));
    let error = Server::new(|_| missing()).kit.get("ENG-5", NOTES).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::NotFound);
}

#[test]
fn a_wrong_key_is_never_an_issue_that_is_not_there() {
    for status in [200, 400, 401] {
        let server = Server::new(move |_| failure(status, "AUTHENTICATION_ERROR", "authentication error", &["issue"]));
        let error = server.kit.get("ENG-5", NOTES).unwrap_err();
        assert_eq!((error.kind(), error.status()), (ErrorKind::Authentication, Some(status)));
        assert!(error.hint().unwrap().contains("without a prefix"), "{error:?}");
    }
}

#[test]
fn fields_that_could_not_be_had_are_cut_and_the_rest_is_there() {
    let server = Server::new(|_| {
        let error = |field: &str, code: &str| json!({ "message": "x", "path": ["issue", field], "extensions": { "code": code } });
        let errors =
            [error("assignee", "FORBIDDEN"), error("project", "INTERNAL_SERVER_ERROR"), error("somethingNew", "X")];
        ok(json!({ "data": { "issue": issue(5, json!({ "assignee": null })) }, "errors": errors }))
    });
    let ticket = server.kit.get("ENG-5", Include::EVERYTHING).unwrap();
    let cut = |part: &str| ticket.completeness.0[part].reason.clone();
    assert_eq!(cut("assignees"), CutReason::Permission);
    assert_eq!((cut("containers"), cut("custom_fields")), (CutReason::Error, CutReason::Error));
    assert_eq!(ticket.title, "Issue 5");
}

#[test]
fn types_of_states_fall_into_steps_whatever_the_team_calls_its_states() {
    for (kind, category, is_open) in [
        ("triage", StatusCategory::Backlog, Some(true)),
        ("backlog", StatusCategory::Backlog, Some(true)),
        ("unstarted", StatusCategory::Todo, Some(true)),
        ("started", StatusCategory::InProgress, Some(true)),
        ("completed", StatusCategory::Done, Some(false)),
        ("canceled", StatusCategory::Canceled, Some(false)),
        ("duplicate", StatusCategory::Canceled, Some(false)),
        ("paused", StatusCategory::UNKNOWN, None),
    ] {
        let ticket = made(json!({ "state": { "id": "1", "name": "Marinating", "type": kind } }));
        assert_eq!((ticket.status.category, ticket.status.is_open), (category, is_open), "{kind}");
        assert_eq!(ticket.status.native.name, "Marinating");
    }
}

#[test]
fn a_priority_is_a_number_that_comes_with_its_name() {
    for (number, name, level) in [
        (json!(0), "No priority", PriorityLevel::None),
        (json!(1), "Urgent", PriorityLevel::Urgent),
        (json!(3.0), "Medium", PriorityLevel::Medium),
        (json!(9), "Later", PriorityLevel::UNKNOWN),
    ] {
        let priority = made(json!({ "priority": number, "priorityLabel": name })).priority;
        assert_eq!((priority.level, priority.native.unwrap().name.as_str()), (level, name));
    }
}

#[test]
fn a_cycle_without_a_name_is_called_by_its_number() {
    let ticket = made(json!({ "cycle": { "id": "1", "name": null, "number": 5.0 } }));
    assert_eq!(ticket.containers[0].name, "Cycle 5");
}

#[test]
fn whoever_made_an_issue_is_its_reporter_also_from_outside() {
    let outside = json!({ "id": "1", "name": "Jun Park", "displayName": "jun", "email": null });
    let bot = json!({ "id": null, "name": null, "type": "workflow", "userDisplayName": null });
    let reporter = |fields: serde_json::Value| made(fields).reporter.map(|user| (user.label().to_owned(), user.kind));
    let named = |name: &str, kind| Some((name.to_owned(), kind));
    assert_eq!(reporter(json!({ "creator": user(7, "tom"), "botActor": bot })), named("tom Lind", UserKind::Person));
    assert_eq!(
        reporter(json!({ "creator": null, "externalUserCreator": outside })),
        named("Jun Park", UserKind::External)
    );
    assert_eq!(reporter(json!({ "creator": null, "botActor": bot })), named("workflow", UserKind::Bot));
    assert_eq!(reporter(json!({ "creator": null })), None);
}

#[test]
fn a_few_fields_of_another_route_are_enough_and_leave_the_rest_unknown() {
    let server = Server::new(|_| failure(500, "", "", &[]));
    let raw = Raw::main(r#"{"title":"Say hello"}"#);
    let ticket = server.kit.normalize(Some(&"ENG-5".into()), &raw, Source::Mcp).unwrap();
    assert_eq!((ticket.key.as_str(), ticket.status.is_open), ("ENG-5", None));
    assert!(ticket.reporter.is_none() && ticket.status.category.is_unknown() && ticket.priority.level.is_unknown());
    assert_eq!(ticket.completeness.0["links"].reason, CutReason::NotLoaded, "nobody said that there are none");
    for key in [None, Some(&uuid(5).into())] {
        let error = server.kit.normalize(key, &raw, Source::Mcp).unwrap_err();
        assert!(error.message().contains("identifier"), "{error}");
    }
}

#[test]
fn a_field_of_another_type_is_named_with_its_place() {
    let server = Server::new(|_| data(json!({ "issue": issue(5, json!({ "cycle": { "number": "x" } })) })));
    let error = server.kit.get("ENG-5", Include::SUMMARY).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::ResponseParse);
    assert!(error.message().contains("cycle.number"), "{error}");
}

fn made(fields: serde_json::Value) -> Ticket {
    normalized(&Raw::main(issue(5, fields).to_string())).unwrap()
}

fn normalized(raw: &Raw) -> usher_adapter_sdk::Result<Ticket> {
    Server::new(|_| failure(500, "", "", &[])).kit.normalize(None, raw, Source::Direct)
}
