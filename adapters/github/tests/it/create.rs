//! New issues, and what GitHub keeps of them.

use usher_adapter_sdk::{
    Error, ErrorKind,
    host::Connection,
    message::{Draft, FieldName, ME},
    model::{Due, Json, RichText, TicketKey},
};

use crate::server::{API, Server, issue, ok, status};

fn app(title: &str) -> Draft {
    Draft::new(title).with_project("acme/app".to_owned())
}

fn list(names: &[&str]) -> Vec<String> {
    names.iter().map(|name| (*name).to_owned()).collect()
}

/// Returns a server that knows the names of `acme/app` and answers a new issue so.
fn server(answer: &'static str) -> Server {
    Server::new(move |asked| match asked.line().as_str() {
        "GET /user" => ok(r#"{"login":"me-myself","id":1}"#),
        "GET /repos/acme/app/milestones?state=all&per_page=100" => {
            ok(r#"[{"number":3,"title":"v1.0"},{"number":4,"title":"v2.0"}]"#)
        }
        "GET /repos/acme/app/issue-types" => ok(&include_bytes!("../fixtures/openapi/issue-types.json")[..]),
        "POST /repos/acme/app/issues" => ok(issue(5, answer)),
        other => Err(Error::not_found(other)),
    })
}

#[test]
fn a_recorded_new_issue_has_its_key() {
    let server = Server::new(|_| {
        let recording = include_str!("../fixtures/hub4j/create-issue.json");
        Ok(usher_adapter_sdk::testkit::Recording::parse(recording).unwrap().exchanges()[0].response())
    });
    let draft = Draft::new("createIssue")
        .with_project("hub4j-test-org/GHIssueTest".to_owned())
        .with_body(RichText::from("## test"));
    let created = server.kit.create(&draft).unwrap();
    assert!(created.key.as_str().starts_with("hub4j-test-org/GHIssueTest#"), "{created:?}");
    assert_eq!(created.applied, draft.asked());
    assert_eq!(server.asked()[0].body, r###"{"title":"createIssue","body":"## test"}"###);
    assert_eq!(server.asked()[0].head.class.as_deref(), Some("create"));
}

#[test]
fn every_name_is_looked_up_and_everything_that_was_kept_is_applied() {
    let server = server(r#""body":"text","milestone":{"number":3,"title":"v1.0"},"type":{"id":411,"name":"Bug"}"#);
    let draft = app("New")
        .with_body(RichText::from("text"))
        .with_containers(list(&["V1.0"]))
        .with_type("bug".to_owned())
        .with_status("open".to_owned())
        .with_marker("6f1e-3b52".to_owned());
    let created = server.kit.create(&draft).unwrap();
    let sent = server.asked().pop().unwrap().body;
    assert_eq!(sent, r#"{"title":"New","body":"text\n\n<!-- usher:6f1e-3b52 -->","milestone":3,"type":"Bug"}"#);
    assert_eq!((&created.refused[..], created.applied.len()), (&[][..], draft.asked().len()));
    assert_eq!(created.native_id.as_deref(), Some("4000000005"));
}

#[test]
fn what_github_drops_without_a_word_is_refused_with_the_reason() {
    let server = server("");
    let draft = app("New")
        .with_labels(list(&["bug"]))
        .with_assignees(list(&[ME, "tom"]))
        .with_containers(list(&["3"]))
        .with_type("411".to_owned());
    let created = server.kit.create(&draft).unwrap();
    let refused: Vec<&str> = created.refused.iter().map(|refused| refused.field.as_str()).collect();
    assert_eq!(refused, ["type", "labels", "assignees", "containers"]);
    assert!(created.refused.iter().all(|refused| refused.reason.contains("push access")), "{created:?}");
    assert!(created.refused[2].reason.contains("me-myself, tom"), "{created:?}");
    assert_eq!(created.applied, [FieldName::Title, FieldName::Project]);
}

#[test]
fn what_github_does_not_have_is_refused_and_the_rest_is_written() {
    let draft = app("New")
        .with_status("done".to_owned())
        .with_priority("high".to_owned())
        .with_reporter("tom".to_owned())
        .with_due(Due::parse("2026-02-03").unwrap())
        .with_fields([("DRI".to_owned(), Json::of("x").unwrap())]);
    let created = server("").kit.create(&draft).unwrap();
    let mut refused: Vec<&str> = created.refused.iter().map(|refused| refused.field.as_str()).collect();
    refused.sort_unstable();
    assert_eq!(refused, ["due", "fields.DRI", "priority", "reporter", "status"]);
}

#[test]
fn a_name_that_stands_for_nothing_is_an_error_before_anything_is_written() {
    for (draft, names) in [
        (app("New").with_containers(list(&["v9"])), "v1.0, v2.0"),
        (app("New").with_type("Saga".to_owned()), "Task, Bug"),
        (app("New").with_status("marinating".to_owned()), "closed"),
        (app("New").with_containers(list(&["v1.0", "v2.0"])), "several"),
        (app("New").with_marker("--> x".to_owned()), "marker"),
    ] {
        let server = server("");
        let error = server.kit.create(&draft).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Validation, "{error}");
        assert!(error.to_string().contains(names), "{error}");
        assert!(server.lines().iter().all(|line| line.starts_with("GET ")), "{:?}", server.lines());
    }
}

#[test]
fn a_repository_without_types_refuses_the_type_alone() {
    let server = Server::new(|asked| match asked.line().as_str() {
        "GET /repos/acme/app/issue-types" => status(404, "Not Found"),
        _ => ok(issue(5, "")),
    });
    let created = server.kit.create(&app("New").with_type("Bug".to_owned())).unwrap();
    assert_eq!(created.refused[0].reason, "acme/app has no issue types");
    assert_eq!(server.asked().pop().unwrap().body, r#"{"title":"New"}"#);
}

#[test]
fn a_new_issue_becomes_a_part_of_its_parent_and_says_so_if_it_does_not() {
    for (answer, applied) in [(201, true), (404, false)] {
        let server = Server::new(move |asked| match asked.line().as_str() {
            "POST /repos/acme/plan/issues/1/sub_issues" => status(answer, "x"),
            _ => ok(issue(5, "")),
        });
        let draft = app("New").with_parent(TicketKey::new("acme/plan#1"));
        let created = server.kit.create(&draft).unwrap();
        assert_eq!(created.applied.contains(&FieldName::Parent), applied);
        assert_eq!(created.refused.len(), usize::from(!applied));
        assert_eq!(server.asked().pop().unwrap().body, r#"{"sub_issue_id":4000000005,"replace_parent":true}"#);
    }
    let server = Server::new(|asked| match asked.head.url.ends_with("/sub_issues") {
        true => status(502, "x"),
        false => ok(issue(5, "")),
    });
    let draft = app("New").with_parent(TicketKey::new("acme/plan#1"));
    assert_eq!(server.kit.create(&draft).unwrap().unknown[0].field, FieldName::Parent);
}

#[test]
fn the_default_repository_is_meant_where_none_is_named() {
    let connection = Connection::new("work").with_base_url(API.to_owned()).with_default_project("acme/app".to_owned());
    let server = Server::at(connection, |_| ok(issue(5, "")));
    server.kit.create(&Draft::new("New")).unwrap();
    assert_eq!(server.lines(), ["POST /repos/acme/app/issues"]);
    let error = Server::new(|_| ok("")).kit.create(&Draft::new("New")).unwrap_err();
    assert!(error.message().contains("no repository"), "{error}");
}
