//! New issues and changes: what Redmine drops without a word is told.

use std::sync::{Arc, Mutex};

use usher_adapter_sdk::{
    ErrorKind, Result,
    host::Response,
    message::{Change, Clearable, Draft, FieldName, Include, LinkDraft, ListChange, NewAttachment},
    model::{Json, LinkKind, RichText},
};

use crate::server::{Asked, Server, empty, ok, one, unknown};

const STATUSES: &str =
    r#"{"issue_statuses":[{"id":1,"name":"New","is_closed":false},{"id":5,"name":"Closed","is_closed":true}]}"#;

/// What every test of writes may ask.
fn names(asked: &Asked) -> Result<Response> {
    match asked.line().split(['?', ' ']).nth(1).unwrap() {
        "/issue_statuses.json" => ok(STATUSES),
        "/enumerations/issue_priorities.json" => {
            ok(r#"{"issue_priorities":[{"id":2,"name":"Normal"},{"id":3,"name":"High"}]}"#)
        }
        "/projects/alpha.json" | "/projects/1.json" => ok(
            r#"{"project":{"id":1,"name":"Alpha","identifier":"alpha","trackers":[{"id":1,"name":"Bug"},{"id":2,"name":"Feature"}],
            "issue_categories":[{"id":7,"name":"API"}],"issue_custom_fields":[{"id":4,"name":"Root cause"}]}}"#,
        ),
        "/projects/1/versions.json" => {
            ok(r#"{"versions":[{"id":8,"name":"1.0"},{"id":10,"name":"1.1"}],"total_count":2}"#)
        }
        "/projects/1/memberships.json" => ok(
            r#"{"memberships":[{"user":{"id":5,"name":"Alice A"}},{"group":{"id":9,"name":"Team"}}],"total_count":2}"#,
        ),
        "/issues.json" if asked.head.method.as_str() == "GET" => ok(r#"{"issues":[],"total_count":0}"#),
        _ => unknown(),
    }
}

/// A server with one issue, whose fields change as the function says when something is written.
fn server(before: &'static str, after: &'static str) -> Server {
    let is_written = Arc::new(Mutex::new(false));
    Server::new(move |asked| match asked.head.method.as_str() {
        "PUT" => {
            *is_written.lock().unwrap() = true;
            empty(204)
        }
        "GET" if asked.line().contains("/issues/7.json") => {
            one(7, if *is_written.lock().unwrap() { after } else { before })
        }
        _ => names(asked),
    })
}

fn sent(server: &Server) -> serde_json::Value {
    serde_json::from_str(&server.writes()[0].body).unwrap()
}

#[test]
fn a_new_issue_says_what_redmine_kept_and_what_it_dropped() {
    let server = Server::new(|asked| match asked.line().as_str() {
        "POST /issues.json" => one(
            8,
            r#""subject":"New one","description":"_x_","assigned_to":{"id":9,"name":"Team"},"category":{"id":7,"name":"API"},
            "custom_fields":[{"id":4,"name":"Root cause","value":"unknown"}]"#,
        ),
        _ => names(asked),
    });
    let draft = Draft::new("New one")
        .with_project("alpha".to_owned())
        .with_body(RichText::markdown("*x*"))
        .with_type("bug".to_owned())
        .with_priority("high".to_owned())
        .with_assignees(vec!["Team".to_owned()])
        .with_containers(vec!["API".to_owned()])
        .with_labels(vec!["red".to_owned()])
        .with_fields(
            [("Root cause".to_owned(), Json::of("unknown").unwrap())]
                .into_iter()
                .collect::<std::collections::BTreeMap<_, _>>(),
        );
    let created = server.kit.create(&draft).unwrap();
    assert_eq!(created.key.as_str(), "8");
    assert_eq!(
        sent(&server)["issue"],
        serde_json::json!({"project_id":1,"tracker_id":1,"priority_id":3,"subject":"New one","description":"_x_",
            "assigned_to_id":9,"category_id":7,"custom_fields":[{"id":4,"value":"unknown"}]})
    );
    let refused: Vec<_> = created.refused.iter().map(|refused| refused.field.clone()).collect();
    assert_eq!(refused, [FieldName::Labels, FieldName::Priority], "{:?}", created.refused);
    assert_eq!(created.applied.len(), draft.asked().len() - 2);
}

#[test]
fn a_status_that_the_account_may_not_set_is_an_error_before_anything_is_sent() {
    let fields = r#""allowed_statuses":[{"id":1,"name":"New","is_closed":false}]"#;
    let server = server(fields, fields);
    let change = Change::new().with_title("x".to_owned()).with_status("closed".to_owned());
    let error = server.kit.update("7", &change).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Permission);
    assert!(error.to_string().contains("can be: New"), "{error}");
    assert!(server.writes().is_empty());
    let error = server.kit.update("7", &Change::new().with_status("asleep".to_owned())).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Validation);
    assert!(error.to_string().contains("New, Closed"), "{error}");
}

#[test]
fn what_redmine_answers_204_to_and_does_not_do_is_refused() {
    // An old server does not tell which statuses are allowed.
    let server = server("", r#""subject":"x""#);
    let change = Change::new()
        .with_title("x".to_owned())
        .with_status("closed".to_owned())
        .with_priority(Clearable::Set("high".to_owned()))
        .with_body(Clearable::Set(RichText::markdown("new")));
    let updated = server.kit.update("7", &change).unwrap();
    assert_eq!(updated.applied, [FieldName::Title]);
    let refused: Vec<_> = updated.refused.iter().map(|refused| refused.field.as_str().to_owned()).collect();
    assert_eq!(refused, ["body", "status", "priority"]);
    assert!(updated.refused.iter().all(|refused| refused.reason.contains("without a word")), "{:?}", updated.refused);
}

#[test]
fn a_description_comes_back_with_other_line_ends_and_is_the_same() {
    let server = server("", r#""description":"one\r\ntwo""#);
    let change = Change::new().with_body(Clearable::Set(RichText::markdown("one\ntwo")));
    assert_eq!(server.kit.update("7", &change).unwrap().applied, [FieldName::Body]);
}

#[test]
fn a_text_that_would_lose_something_is_written_only_by_force() {
    let server = server(r#""description":"{{toc}}""#, r#""description":"plain""#);
    let change = Change::new().with_body(Clearable::Set(RichText::markdown("plain")));
    let updated = server.kit.update("7", &change).unwrap();
    assert!(updated.refused[0].reason.contains("macro"), "{:?}", updated.refused);
    assert!(server.writes().is_empty());
    assert_eq!(server.kit.update("7", &change.with_force_lossy(true)).unwrap().applied, [FieldName::Body]);
}

#[test]
fn an_issue_that_changed_meanwhile_is_a_conflict() {
    let server = server("", "");
    let change = Change::new().with_title("x".to_owned()).with_if_revision("2026-01-01T00:00:00Z".to_owned());
    assert_eq!(server.kit.update("7", &change).unwrap_err().kind(), ErrorKind::Conflict);
    assert!(server.writes().is_empty());
}

#[test]
fn whoever_has_an_issue_keeps_it_unless_it_is_said() {
    let server = server(r#""assigned_to":{"id":9,"name":"Team"}"#, r#""assigned_to":{"id":5,"name":"Alice A"}"#);
    let add = Change::new().with_assignees(ListChange::delta(["@me".to_owned()], []));
    assert!(server.kit.update("7", &add).unwrap().refused[0].reason.contains("Team"));
    assert!(server.writes().is_empty());
    let change = Change::new().with_assignees(ListChange::delta(["@me".to_owned()], ["Team".to_owned()]));
    assert_eq!(server.kit.update("7", &change).unwrap().applied, [FieldName::Assignees]);
    assert_eq!(sent(&server)["issue"]["assigned_to_id"], 5);
}

#[test]
fn a_version_that_an_issue_has_is_kept_unless_it_is_removed_in_the_same_change() {
    const BEFORE: &str = r#""fixed_version":{"id":8,"name":"1.0"}"#;
    const AFTER: &str = r#""subject":"x","fixed_version":{"id":10,"name":"1.1"},"category":{"id":7,"name":"API"}"#;
    let change = |containers| Change::new().with_title("x".to_owned()).with_containers(containers);
    let names = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>();
    let server_with_one = server(BEFORE, r#""subject":"x","fixed_version":{"id":8,"name":"1.0"}"#);
    let add = change(ListChange::delta(names(&["1.1", "API"]), []));
    let updated = server_with_one.kit.update("7", &add).unwrap();
    assert_eq!((&updated.applied[..], &updated.refused[0].field), (&[FieldName::Title][..], &FieldName::Containers));
    assert!(updated.refused[0].reason.contains("`1.0`"), "{updated:?}");
    assert_eq!(sent(&server_with_one)["issue"], serde_json::json!({"subject": "x"}));
    for containers in
        [ListChange::delta(names(&["1.1", "API"]), names(&["1.0"])), ListChange::set(names(&["1.1", "API"]))]
    {
        let server = server(BEFORE, AFTER);
        let updated = server.kit.update("7", &change(containers)).unwrap();
        assert_eq!(updated.applied, [FieldName::Title, FieldName::Containers], "{updated:?}");
        let expected = serde_json::json!({"subject": "x", "fixed_version_id": 10, "category_id": 7});
        assert_eq!(sent(&server)["issue"], expected);
    }
    // What is there already is lost by nothing.
    let server = server(BEFORE, r#""fixed_version":{"id":8,"name":"1.0"},"category":{"id":7,"name":"API"}"#);
    let change = Change::new().with_containers(ListChange::delta(names(&["1.0", "API"]), []));
    assert_eq!(server.kit.update("7", &change).unwrap().applied, [FieldName::Containers]);
}

#[test]
fn a_status_that_comes_with_another_type_is_left_to_redmine_and_looked_at_afterwards() {
    const BEFORE: &str = r#""allowed_statuses":[{"id":1,"name":"New","is_closed":false}]"#;
    const CLOSED: &str = r#""tracker":{"id":2,"name":"Feature"},"status":{"id":5,"name":"Closed","is_closed":true}"#;
    let change = |of: &str| Change::new().with_type(of.to_owned()).with_status("closed".to_owned());
    let server_that_allows = server(BEFORE, CLOSED);
    let updated = server_that_allows.kit.update("7", &change("feature")).unwrap();
    assert_eq!(updated.applied, [FieldName::Type, FieldName::Status], "{updated:?}");
    assert_eq!(sent(&server_that_allows)["issue"], serde_json::json!({"tracker_id": 2, "status_id": 5}));
    let server_that_does_not = server(BEFORE, r#""tracker":{"id":2,"name":"Feature"}"#);
    let updated = server_that_does_not.kit.update("7", &change("feature")).unwrap();
    assert_eq!((&updated.applied[..], &updated.refused[0].field), (&[FieldName::Type][..], &FieldName::Status));
    // The type that it has is no other one, and neither is its project.
    let server = server(BEFORE, BEFORE);
    for change in [change("bug"), change("bug").with_project("alpha".to_owned())] {
        assert_eq!(server.kit.update("7", &change).unwrap_err().kind(), ErrorKind::Permission);
    }
    assert!(server.writes().is_empty());
}

#[test]
fn a_relation_that_redmine_keeps_the_other_way_round_is_made_read_and_removed_by_its_name_from_here() {
    for (from_here, kept) in [("follows", "precedes"), ("copied_from", "copied_to")] {
        for (word, ends) in [(from_here, (4, 7)), (kept, (7, 4))] {
            let relation = format!(
                r#""journals":[],"relations":[{{"id":3,"issue_id":{},"issue_to_id":{},"relation_type":"{kept}"}}]"#,
                ends.0, ends.1
            );
            let is_there = Arc::new(Mutex::new(true));
            let there = Arc::clone(&is_there);
            let server = Server::new(move |asked| {
                let mut there = there.lock().unwrap();
                match asked.head.method.as_str() {
                    "POST" => {
                        *there = true;
                        ok(r#"{"relation":{}}"#)
                    }
                    "DELETE" => {
                        *there = false;
                        empty(204)
                    }
                    _ if asked.line().contains("/issues/7.json") => {
                        one(7, if *there { &relation } else { r#""journals":[],"relations":[]"# })
                    }
                    _ => names(asked),
                }
            });
            let ticket = server.kit.get("7", Include::SUMMARY).unwrap();
            assert_eq!((ticket.links[0].native.as_deref(), ticket.links[0].target.key.as_str()), (Some(word), "4"));
            let link = || LinkDraft::new(LinkKind::from_word(word), "4");
            let updated = server.kit.update("7", &Change::new().with_links(ListChange::delta([], [link()]))).unwrap();
            assert_eq!((updated.applied, *is_there.lock().unwrap()), (vec![FieldName::Links], false), "{word}");
            server.kit.update("7", &Change::new().with_links(ListChange::delta([link()], []))).unwrap();
            let made = &server.writes()[1];
            let expected = format!(r#"{{"relation":{{"issue_to_id":{},"relation_type":"{kept}"}}}}"#, ends.1);
            assert_eq!((made.line(), &made.body), (format!("POST /issues/{}/relations.json", ends.0), &expected));
        }
    }
}

#[test]
fn relations_are_made_from_the_end_where_they_begin() {
    let server = Server::new(|asked| match asked.head.method.as_str() {
        "POST" => ok(r#"{"relation":{}}"#),
        "DELETE" => empty(204),
        _ if asked.line().contains("/issues/7.json") => {
            one(7, r#""relations":[{"id":3,"issue_id":7,"issue_to_id":4,"relation_type":"relates"}]"#)
        }
        _ => names(asked),
    });
    let change = Change::new().with_links(ListChange::delta(
        [LinkDraft::new(LinkKind::BlockedBy, "12")],
        [LinkDraft::new(LinkKind::Relates, "4")],
    ));
    assert_eq!(server.kit.update("7", &change).unwrap().applied, [FieldName::Links]);
    let lines: Vec<_> = server.writes().iter().map(|asked| format!("{} {}", asked.line(), asked.body)).collect();
    assert_eq!(
        lines,
        [
            "DELETE /relations/3.json ",
            r#"POST /issues/12/relations.json {"relation":{"issue_to_id":7,"relation_type":"blocks"}}"#,
        ]
    );
}

#[test]
fn a_file_is_sent_and_then_given_to_the_issue() {
    let count = Arc::new(Mutex::new(0));
    let server = Server::new(move |asked| match asked.line().as_str() {
        "POST /uploads.json?filename=a b.txt" => ok(r#"{"upload":{"token":"7.abc"}}"#),
        "PUT /issues/7.json" => {
            *count.lock().unwrap() += 1;
            empty(204)
        }
        line if line.contains("/issues/7.json") && *count.lock().unwrap() > 0 => {
            one(7, r#""attachments":[{"id":4,"filename":"a_b.txt"}]"#)
        }
        line if line.contains("/issues/7.json") => one(7, r#""attachments":[]"#),
        _ => unknown(),
    });
    let file = server.kit.attach("7", &NewAttachment::new("a b.txt"), b"bytes").unwrap();
    assert_eq!((file.id.as_str(), file.name.as_str()), ("4", "a_b.txt"));
    assert!(server.writes()[1].body.contains(r#""token":"7.abc""#));
}
