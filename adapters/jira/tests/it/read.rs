//! One issue, with what is beside it.

use proptest::prelude::*;
use serde_json::{Value, json};
use usher_adapter_sdk::{
    ErrorKind,
    message::{Include, Raw, Source},
    model::{ContainerKind, LinkKind, StatusCategory, Ticket, Visibility},
};

use crate::server::{Server, comment, document, issue, ok, shown, unknown};

fn normalized(raw: &Raw) -> usher_adapter_sdk::Result<Ticket> {
    Server::cloud(unknown).kit.normalize(None, raw, Source::Direct)
}

/// Returns the issues that were recorded.
fn recorded() -> Vec<Value> {
    let devlake: Vec<Value> = serde_json::from_str(include_str!("../fixtures/devlake/issues.json")).unwrap();
    let single = [
        include_str!("../fixtures/openapi/issue.json"),
        include_str!("../fixtures/jira-cli/issue.json"),
        include_str!("../fixtures/go-jira/issue.json"),
    ];
    single.into_iter().map(|text| serde_json::from_str(text).unwrap()).chain(devlake).collect()
}

#[test]
fn the_official_example_with_every_field_becomes_a_ticket() {
    let raw = Raw::main(&include_bytes!("../fixtures/openapi/issue.json")[..]);
    insta::assert_json_snapshot!(shown(&normalized(&raw).unwrap()));
}

#[test]
fn recorded_issues_of_a_site_become_tickets() {
    let issues: Vec<Value> = serde_json::from_str(include_str!("../fixtures/devlake/issues.json")).unwrap();
    insta::assert_json_snapshot!(shown(&normalized(&Raw::main(issues[0].to_string())).unwrap()));
    let old = Raw::main(&include_bytes!("../fixtures/go-jira/issue.json")[..]);
    insta::assert_json_snapshot!("an_issue_of_an_old_server", shown(&normalized(&old).unwrap()));
    let short = Raw::main(&include_bytes!("../fixtures/jira-cli/issue.json")[..]);
    insta::assert_json_snapshot!("an_issue_that_was_cut", shown(&normalized(&short).unwrap()));
}

#[test]
fn one_request_brings_the_names_of_fields_and_what_they_hold() {
    let server = Server::cloud(|asked| match asked.line().as_str() {
        "GET /issue/ops-7?fields=*all,-comment&expand=names,schema" => {
            let mut issue = issue(
                7,
                json!({
                    "customfield_1": [{"id": 7, "name": "Sprint 1", "state": "active"}],
                    "customfield_2": "OPS-1", "customfield_3": 5.0, "customfield_4": {"id": "1", "value": "Red"},
                    "components": [{"id": "9", "name": "Web"}], "fixVersions": [{"id": "8", "name": "1.0"}],
                    "status": {"id": "6", "name": "Closed", "statusCategory": {"key": "done"}},
                    "resolution": {"id": "2", "name": "Won't Do"},
                    "duedate": "2026-02-03", "description": document("Hello"),
                    "issuelinks": [
                        {"id": "1", "type": {"name": "Blocks", "inward": "is blocked by", "outward": "blocks"}, "outwardIssue": {"key": "OPS-8", "fields": {"summary": "Other"}}},
                        {"id": "2", "type": {"name": "Blocks", "inward": "is blocked by", "outward": "blocks"}, "inwardIssue": {"key": "OPS-9"}},
                        {"id": "3", "type": {"name": "Cloners", "inward": "is cloned by", "outward": "clones"}, "inwardIssue": {"key": "OPS-10"}},
                    ],
                }),
            );
            issue["names"] =
                json!({"customfield_1": "Sprint", "customfield_3": "Story Points", "customfield_4": "Colour"});
            issue["schema"] = json!({
                "customfield_1": {"type": "array", "items": "json", "custom": "com.pyxis.greenhopper.jira:gh-sprint"},
                "customfield_2": {"type": "any", "custom": "com.pyxis.greenhopper.jira:gh-epic-link"},
                "customfield_3": {"type": "number", "custom": "x:float"},
                "customfield_4": {"type": "option", "custom": "x:select"},
            });
            ok(issue.to_string())
        }
        _ => unknown(asked),
    });
    let ticket = server.kit.get("ops-7", fields()).unwrap();
    assert_eq!((ticket.key.as_str(), ticket.aliases.len()), ("OPS-7", 0), "another case is no other key");
    assert_eq!(ticket.status.category, StatusCategory::Canceled, "the resolution says why it ended");
    let containers: Vec<_> = ticket.containers.iter().map(|it| (it.kind.clone(), it.name.as_str())).collect();
    assert_eq!(
        containers,
        [(ContainerKind::Sprint, "Sprint 1"), (ContainerKind::Milestone, "1.0"), (ContainerKind::Component, "Web")]
    );
    assert_eq!(ticket.parent.unwrap().key.as_str(), "OPS-1");
    let estimate = ticket.estimate.unwrap();
    assert_eq!((estimate.value, estimate.unit.as_deref()), (5.0, Some("points")));
    assert_eq!(ticket.due.unwrap().to_string(), "2026-02-03");
    let links: Vec<_> = ticket.links.iter().map(|link| (link.kind.clone(), link.target.key.as_str())).collect();
    assert_eq!(links, [(LinkKind::Blocks, "OPS-8"), (LinkKind::BlockedBy, "OPS-9"), (LinkKind::UNKNOWN, "OPS-10")]);
    assert_eq!(ticket.links[2].native.as_deref(), Some("is cloned by"));
    let fields = ticket.custom_fields.unwrap();
    let colour = fields.iter().find(|field| field.name.as_deref() == Some("Colour")).unwrap();
    assert_eq!(colour.value.as_str(), r#"{"id":"1","name":"Red"}"#);
    assert_eq!(server.lines().len(), 1);
}

fn fields() -> Include {
    let mut include = Include::default();
    include.fields = true;
    include
}

#[test]
fn a_moved_issue_keeps_its_old_key_and_a_native_id_is_no_alias() {
    let server = Server::cloud(|_| ok(issue(7, json!({})).to_string()));
    assert_eq!(server.kit.get("old-3", Include::default()).unwrap().aliases, ["OLD-3"]);
    let by_id = server.kit.get("10007", Include::default()).unwrap();
    assert!(by_id.aliases.is_empty() && by_id.native_id.as_deref() == Some("10007"));
}

#[test]
fn notes_that_the_issue_cuts_off_are_read_page_by_page() {
    let server = Server::cloud(|asked| match asked.target().as_str() {
        "GET /issue/OPS-7" => {
            let comments = json!({"comments": [comment(1, "one", true)], "total": 3, "maxResults": 1, "startAt": 0});
            ok(issue(7, json!({"comment": comments})).to_string())
        }
        "GET /issue/OPS-7/comment" => {
            let start: u64 = asked.head.query.iter().find(|(name, _)| name == "startAt").unwrap().1.parse().unwrap();
            let page = match start {
                0 => vec![comment(1, "one", true), comment(2, "two", false)],
                _ => vec![comment(3, "three", true)],
            };
            ok(json!({"comments": page, "startAt": start, "maxResults": 2, "total": 3}).to_string())
        }
        _ => unknown(asked),
    });
    let ticket = server.kit.get("OPS-7", Include::EVERYTHING).unwrap();
    let notes = ticket.notes.unwrap();
    let seen: Vec<_> = notes.iter().map(|note| (note.id.as_str(), note.visibility.clone())).collect();
    assert_eq!(seen, [("1", Visibility::Public), ("2", Visibility::Internal), ("3", Visibility::Public)]);
    assert_eq!(notes[0].url.as_deref(), Some("https://acme.atlassian.net/browse/OPS-7?focusedCommentId=1"));
    assert!(ticket.completeness.is_empty());
}

#[test]
fn a_cut_that_is_left_is_said() {
    let comments = json!({"comments": [comment(1, "one", true)], "total": 3});
    let raw = Raw::main(issue(7, json!({"comment": comments})).to_string());
    let cut = &normalized(&raw).unwrap().completeness.0["notes"];
    assert_eq!((cut.loaded, cut.total), (1, Some(3)));
}

#[test]
fn who_reads_a_note_on_a_data_center_the_service_desk_tells() {
    let comments = json!({"comments": [
        {"id": "1", "body": "*one*", "created": "2026-01-01T00:00:00.000+0000"},
        {"id": "2", "body": "two", "created": "2026-01-01T00:00:00.000+0000"},
        {"id": "3", "body": "three", "visibility": {"type": "role", "value": "Staff"}},
        {"id": "4", "body": "four"}], "total": 4});
    let of_kind = |kind: &'static str, comments: Value| {
        let project = json!({"id": "1", "key": "OPS", "projectTypeKey": kind});
        Server::data_center(move |asked| match asked.target().as_str() {
            "GET /issue/OPS-7" => ok(issue(7, json!({"project": project, "comment": comments})).to_string()),
            "GET /rest/servicedeskapi/request/OPS-7/comment" => {
                ok(r#"{"values":[{"id":"1","public":true},{"id":"2","public":false}],"isLastPage":true}"#)
            }
            _ => unknown(asked),
        })
    };
    let seen = |server: &Server| -> Vec<Visibility> {
        let notes = server.kit.get("OPS-7", Include::EVERYTHING).unwrap().notes.unwrap();
        notes.into_iter().map(|note| note.visibility).collect()
    };
    let desk = of_kind("service_desk", comments.clone());
    assert_eq!(seen(&desk), [Visibility::Public, Visibility::Internal, Visibility::Internal, Visibility::UNKNOWN]);
    let software = of_kind("software", comments);
    assert_eq!(seen(&software)[1], Visibility::Public);
    assert!(software.lines().iter().all(|line| !line.contains("servicedesk")));
}

#[test]
fn an_answer_that_is_no_issue_is_an_error_that_names_the_place() {
    let error = normalized(&Raw::main(r#"{"key":"OPS-7","fields":{"status":{"name":7}}}"#)).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::ResponseParse);
    assert!(error.message().contains("fields.status.name") || error.message().contains("invalid type"), "{error}");
    assert!(normalized(&Raw::main("{}")).is_err());
}

/// What becomes of one leaf or branch of a recorded answer.
#[derive(Debug, Clone)]
enum Harm {
    Removed,
    Replaced(Value),
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 128, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_answer_however_broken_ends_in_a_panic(
        which in 0_usize..6,
        places in prop::collection::vec((any::<prop::sample::Index>(), prop_oneof![
            Just(Harm::Removed),
            prop_oneof![
                Just(Value::Null), Just(json!(true)), Just(json!(-1.5)), Just(json!("")), Just(json!("[id=,name=")), Just(json!([])),
                Just(json!({})), Just(json!([[null]])), Just(json!({"type": "doc", "content": [{"type": 7}]})),
            ].prop_map(Harm::Replaced),
        ]), 1..4),
    ) {
        let mut issue = recorded().swap_remove(which);
        for (place, harm) in places {
            let mut all = Vec::new();
            pointers(&issue, String::new(), &mut all);
            let Some(pointer) = all.get(place.index(all.len().max(1))).cloned() else { continue };
            harmed(&mut issue, &pointer, harm);
        }
        // Either a ticket or an error, and never a panic, which the kit would report as an error of its own kind.
        if let Err(error) = normalized(&Raw::main(issue.to_string())) {
            prop_assert_eq!(error.kind(), ErrorKind::ResponseParse, "{}", error);
        }
    }
}

fn pointers(value: &Value, at: String, all: &mut Vec<String>) {
    let below: Vec<(String, &Value)> = match value {
        Value::Object(members) => {
            members.iter().map(|(name, value)| (name.replace('~', "~0").replace('/', "~1"), value)).collect()
        }
        Value::Array(items) => items.iter().enumerate().map(|(place, value)| (place.to_string(), value)).collect(),
        _ => Vec::new(),
    };
    for (name, value) in below {
        let pointer = format!("{at}/{name}");
        pointers(value, pointer.clone(), all);
        all.push(pointer);
    }
}

fn harmed(issue: &mut Value, pointer: &str, harm: Harm) {
    let (parent, name) = pointer.rsplit_once('/').unwrap();
    match harm {
        Harm::Replaced(value) => *issue.pointer_mut(pointer).unwrap() = value,
        Harm::Removed => match issue.pointer_mut(parent).unwrap() {
            Value::Object(members) => drop(members.remove(&name.replace("~1", "/").replace("~0", "~"))),
            Value::Array(items) => drop(items.remove(name.parse().unwrap())),
            _ => {}
        },
    }
}
