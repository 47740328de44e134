//! Changes: deltas, and what GitHub makes of them.

use proptest::prelude::*;
use usher_adapter_sdk::{
    ErrorKind,
    message::{Change, Clearable, FieldName, ListChange},
    model::{RichText, TicketKey},
};

use crate::server::{Asked, Server, issue, ok, status};

fn list(names: &[&str]) -> Vec<String> {
    names.iter().map(|name| (*name).to_owned()).collect()
}

fn delta(add: &[&str], remove: &[&str]) -> ListChange<String> {
    ListChange::delta(list(add), list(remove))
}

#[test]
fn one_request_changes_the_issue_itself_and_its_answer_is_what_counts() {
    let server = Server::new(|_| {
        let closed = r#""state":"closed","body":null,"closed_at":"2026-01-03T00:00:00Z","state_reason":"not_planned""#;
        ok(issue(5, closed))
    });
    let change = Change::new()
        .with_title("New".to_owned())
        .with_body(Clearable::<RichText>::Clear)
        .with_status("canceled".to_owned());
    let updated = server.kit.update("acme/app#5", &change).unwrap();
    assert_eq!(server.lines(), ["PATCH /repos/acme/app/issues/5"]);
    let sent = r#"{"title":"New","body":null,"state":"closed","state_reason":"not_planned"}"#;
    assert_eq!(server.asked()[0].body, sent);
    assert_eq!((updated.applied, updated.refused.len()), (change.asked(), 0));
    assert_eq!(updated.revision.as_deref(), Some("2026-01-02T00:00:00Z"));
}

#[test]
fn a_reason_that_github_keeps_is_refused() {
    let server = Server::new(|_| ok(issue(5, r#""state":"closed","state_reason":"completed""#)));
    let change = Change::new().with_status("closed".to_owned()).with_resolution("duplicate".to_owned());
    let updated = server.kit.update("acme/app#5", &change).unwrap();
    assert_eq!(updated.applied, []);
    assert!(updated.refused.iter().all(|refused| refused.reason.contains("completed")), "{updated:?}");
}

#[test]
fn labels_and_people_are_added_and_removed_one_by_one_so_that_others_changes_survive() {
    let server = Server::new(|asked| match asked.line().as_str() {
        // Another's label `theirs` came meanwhile, and stays.
        "GET /repos/acme/app/issues/5" | "DELETE /repos/acme/app/issues/5/assignees" => {
            ok(issue(5, r#""labels":["New","theirs"],"assignees":[{"login":"Mara"}]"#))
        }
        "POST /repos/acme/app/issues/5/assignees" => ok(issue(5, "")),
        "DELETE /repos/acme/app/issues/5/labels/not%20there" => status(404, "Label does not exist"),
        _ => ok("[]"),
    });
    let change = Change::new()
        .with_labels(delta(&["new"], &["old/one", "not there"]))
        .with_assignees(delta(&["mara"], &["tom"]));
    let updated = server.kit.update("acme/app#5", &change).unwrap();
    assert_eq!(
        server.lines(),
        [
            "POST /repos/acme/app/issues/5/labels",
            "DELETE /repos/acme/app/issues/5/labels/old%2Fone",
            "DELETE /repos/acme/app/issues/5/labels/not%20there",
            "POST /repos/acme/app/issues/5/assignees",
            "DELETE /repos/acme/app/issues/5/assignees",
        ]
    );
    let bodies: Vec<String> = server.asked().into_iter().map(|asked| asked.body).collect();
    assert_eq!(bodies, [r#"{"labels":["new"]}"#, "", "", r#"{"assignees":["mara"]}"#, r#"{"assignees":["tom"]}"#]);
    assert_eq!((updated.applied, updated.refused), (change.asked(), vec![]));
}

#[test]
fn labels_alone_are_read_back() {
    let server = Server::new(|asked| match asked.line().as_str() {
        "GET /repos/acme/app/issues/5" => ok(issue(5, r#""labels":["old"]"#)),
        _ => ok("[]"),
    });
    let change = Change::new().with_labels(delta(&["new"], &["old"]));
    let updated = server.kit.update("acme/app#5", &change).unwrap();
    assert_eq!(updated.refused[0].field, FieldName::Labels);
    assert!(updated.refused[0].reason.contains("push access"), "{updated:?}");
    let change = Change::new().with_labels(delta(&[], &["old"]));
    assert_eq!(server.kit.update("acme/app#5", &change).unwrap().refused[0].reason, "GitHub kept old");
}

#[test]
fn a_whole_list_replaces_the_one_there_is() {
    let server = Server::new(|_| ok(issue(5, r#""labels":["a"]"#)));
    let change = Change::new().with_labels(ListChange::set(list(&["a"]))).with_assignees(ListChange::set(list(&[])));
    let updated = server.kit.update("acme/app#5", &change).unwrap();
    assert_eq!(server.asked()[0].body, r#"{"labels":["a"],"assignees":[]}"#);
    assert_eq!((updated.applied, server.lines().len()), (change.asked(), 1));
}

#[test]
fn the_milestone_is_set_cleared_and_removed_only_if_it_is_the_one() {
    let answer = |asked: &Asked| match asked.line().as_str() {
        "GET /repos/acme/app/milestones?state=all&per_page=100" => {
            ok(r#"[{"number":3,"title":"v1.0"},{"number":4,"title":"v2.0"}]"#)
        }
        "PATCH /repos/acme/app/issues/5" if asked.body.contains("null") => ok(issue(5, "")),
        _ => ok(issue(5, r#""milestone":{"number":3,"title":"v1.0"}"#)),
    };
    for (containers, sent) in [
        (delta(&["v1.0"], &[]), Some(r#"{"milestone":3}"#)),
        (ListChange::set(list(&["3"])), Some(r#"{"milestone":3}"#)),
        (ListChange::set(vec![]), Some(r#"{"milestone":null}"#)),
        (delta(&[], &["V1.0"]), Some(r#"{"milestone":null}"#)),
        (delta(&[], &["v2.0"]), None),
    ] {
        let server = Server::new(answer);
        let change = Change::new().with_containers(containers.clone());
        let updated = server.kit.update("acme/app#5", &change).unwrap();
        let patches: Vec<String> =
            server.asked().into_iter().map(|asked| asked.body).filter(|body| !body.is_empty()).collect();
        assert_eq!(patches, Vec::from_iter(sent), "{containers:?}");
        assert_eq!(updated.applied, [FieldName::Containers], "{containers:?} {updated:?}");
    }
}

#[test]
fn an_issue_that_has_changed_meanwhile_is_a_conflict_and_nothing_is_written() {
    let server = Server::new(|_| ok(issue(5, "")));
    let change = |revision: &str| Change::new().with_title("New".to_owned()).with_if_revision(revision.to_owned());
    let error = server.kit.update("acme/app#5", &change("2026-01-01T00:00:00Z")).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Conflict);
    assert_eq!(server.lines(), ["GET /repos/acme/app/issues/5"]);
    assert!(server.kit.update("acme/app#5", &change("2026-01-02T00:00:00Z")).is_ok());
}

#[test]
fn a_first_write_that_fails_is_the_error_and_a_later_one_is_that_of_its_field() {
    let change =
        Change::new().with_title("New".to_owned()).with_labels(delta(&["x"], &[])).with_assignees(delta(&["tom"], &[]));
    let error = Server::new(|_| status(403, "Forbidden")).kit.update("acme/app#5", &change).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Permission);
    let server = Server::new(|asked| match asked.line().as_str() {
        "POST /repos/acme/app/issues/5/labels" => status(403, "Forbidden"),
        "POST /repos/acme/app/issues/5/assignees" => status(502, "Bad Gateway"),
        _ => ok(issue(5, "")),
    });
    let updated = server.kit.update("acme/app#5", &change).unwrap();
    assert_eq!(updated.applied, [FieldName::Title]);
    assert_eq!((&updated.refused[0].field, &updated.unknown[0].field), (&FieldName::Labels, &FieldName::Assignees));
}

#[test]
fn a_change_that_cannot_be_read_back_is_of_unknown_outcome() {
    let server = Server::new(|asked| match asked.head.method.as_str() {
        "GET" => status(502, "Bad Gateway"),
        _ => ok("[]"),
    });
    let error = server.kit.update("acme/app#5", &Change::new().with_labels(delta(&["x"], &[]))).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::OutcomeUnknown);
}

#[test]
fn what_github_does_not_do_is_refused_or_is_an_error_before_any_write() {
    let server = Server::new(|_| ok(issue(5, "")));
    let change = Change::new().with_project("acme/lib".to_owned()).with_priority("high".to_owned());
    let updated = server.kit.update("acme/app#5", &change).unwrap();
    assert_eq!((updated.applied.len(), updated.refused.len()), (0, 2));
    for change in [
        Change::new().with_status("in_progress".to_owned()),
        Change::new().with_resolution("completed".to_owned()),
        Change::new().with_resolution(Clearable::<String>::Clear),
    ] {
        assert_eq!(server.kit.update("acme/app#5", &change).unwrap_err().kind(), ErrorKind::Validation);
    }
    assert!(server.lines().iter().all(|line| line.starts_with("GET ")));
}

#[test]
fn a_parent_is_set_and_taken_away_by_the_id_of_the_child() {
    let server = Server::new(|asked| match asked.head.url.contains("/plan/") {
        true => ok("{}"),
        false => ok(issue(5, r#""parent_issue_url":"https://api.github.com/repos/acme/plan/issues/1""#)),
    });
    let set = Change::new().with_parent(TicketKey::new("acme/plan#2"));
    let clear = Change::new().with_parent(Clearable::<TicketKey>::Clear);
    for change in [&set, &clear] {
        assert_eq!(server.kit.update("acme/app#5", change).unwrap().applied, [FieldName::Parent]);
    }
    let writes: Vec<String> = server.lines().into_iter().filter(|line| !line.starts_with("GET ")).collect();
    assert_eq!(writes, ["POST /repos/acme/plan/issues/2/sub_issues", "DELETE /repos/acme/plan/issues/1/sub_issue"]);
    assert_eq!(server.asked().pop().unwrap().body, r#"{"sub_issue_id":4000000005}"#);
}

#[test]
fn a_label_that_would_be_another_path_is_refused_before_anything_is_sent() {
    let server = Server::new(|_| ok("[]"));
    for label in ["", ".", ".."] {
        let change = Change::new().with_title("New".to_owned()).with_labels(delta(&["x"], &[label]));
        let error = server.kit.update("acme/app#5", &change).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Validation);
    }
    assert_eq!(server.lines(), [""; 0]);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_label_of_any_characters_is_one_segment_of_the_path_and_comes_out_as_it_went_in(
        label in "\\PC{1,12}|[ /?#%.&=+\\\\\u{0}-\u{1f}\u{7f}é語🙂]{1,8}"
    ) {
        prop_assume!(!matches!(label.as_str(), "." | ".."));
        let server = Server::new(|_| ok(issue(5, "")));
        server.kit.update("acme/app#5", &Change::new().with_labels(delta(&[], &[&label]))).unwrap();
        let url = &server.asked()[0].head.url;
        let segment = url.strip_prefix("https://api.github.com/repos/acme/app/issues/5/labels/").unwrap();
        prop_assert!(segment.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-._~%".contains(&byte)), "{}", segment);
        prop_assert_eq!(decoded(segment), label);
    }
}

fn decoded(segment: &str) -> String {
    let mut parts = segment.split('%');
    let mut bytes = parts.next().unwrap_or_default().as_bytes().to_vec();
    for part in parts {
        bytes.push(u8::from_str_radix(&part[..2], 16).unwrap());
        bytes.extend_from_slice(&part.as_bytes()[2..]);
    }
    String::from_utf8(bytes).unwrap()
}
