//! Notes, and above all that an internal one does not become public.

use std::sync::{Arc, Mutex};

use usher_adapter_sdk::{
    ErrorKind,
    message::{Altered, FieldName, Include, NoteDraft},
    model::{CutReason, Part, Visibility},
};

use crate::server::{Server, empty, ok, one, unknown};

/// A server that takes notes; it publishes every note where `publishes` says so, as Redmine does.
fn server(permissions: &'static str, publishes: bool) -> Server {
    let notes: Arc<Mutex<Vec<String>>> = Arc::default();
    Server::new(move |asked| match asked.head.method.as_str() {
        "PUT" => {
            let sent: serde_json::Value = serde_json::from_str(&asked.body).unwrap();
            let mut notes = notes.lock().unwrap();
            let is_private = !publishes && sent["issue"]["private_notes"] == true;
            let (id, text) = (notes.len() + 10, &sent["issue"]["notes"]);
            notes.push(format!(
                r#"{{"id":{id},"user":{{"id":5,"name":"Alice"}},"notes":{text},"private_notes":{is_private}}}"#
            ));
            empty(204)
        }
        _ if asked.line() == "GET /roles/4.json" => {
            ok(format!(r#"{{"role":{{"id":4,"permissions":[{permissions}]}}}}"#))
        }
        _ if asked.line().contains("/issues/") => {
            one(7, &format!(r#""journals":[{}]"#, notes.lock().unwrap().join(",")))
        }
        _ => unknown(),
    })
}

#[test]
fn a_note_is_public_or_internal_as_it_was_asked_and_read_back() {
    let server = server(r#""add_issue_notes","set_notes_private""#, false);
    let public = server.kit.add_note("7", &NoteDraft::new("Hello *you*", Visibility::Public)).unwrap();
    assert_eq!((public.visibility, public.body.markdown.as_str()), (Visibility::Public, "Hello *you*"));
    let internal = server.kit.add_note("7", &NoteDraft::new("Hidden", Visibility::Internal)).unwrap();
    assert_eq!((internal.id.as_str(), internal.visibility), ("11", Visibility::Internal));
    assert!(server.writes()[0].body.contains("_you_"), "Textile: {}", server.writes()[0].body);
    let notes = server.kit.notes("7", None).unwrap().notes;
    assert_eq!(notes.iter().map(|note| note.id.as_str()).collect::<Vec<_>>(), ["10", "11"]);
}

#[test]
fn what_textile_has_no_form_for_is_said_of_a_note() {
    let server = server(r#""add_issue_notes""#, false);
    let note = server.kit.add_note("7", &NoteDraft::new("- [x] done", Visibility::Public)).unwrap();
    let reason = "Redmine's Textile has no exact form for: task list";
    assert_eq!(note.altered, [Altered::new(FieldName::Body, reason)]);
}

#[test]
fn an_internal_note_without_the_right_to_it_is_never_sent() {
    let server = server(r#""add_issue_notes""#, true);
    let error = server.kit.add_note("7", &NoteDraft::new("Hidden", Visibility::Internal)).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Permission);
    assert!(error.hint().unwrap().contains("publish"), "{error:?}");
    assert!(server.writes().is_empty());
}

#[test]
fn a_note_that_was_published_all_the_same_is_told_to_be_public() {
    let server = server(r#""set_notes_private""#, true);
    let note = server.kit.add_note("7", &NoteDraft::new("Hidden", Visibility::Internal)).unwrap();
    assert_eq!(note.visibility, Visibility::Public, "the host makes an error of it");
}

#[test]
fn a_note_that_redmine_dropped_is_an_unknown_outcome() {
    let server = Server::new(|asked| match asked.head.method.as_str() {
        "PUT" => empty(204),
        _ if asked.line().contains("current") => unknown(),
        _ => one(7, r#""journals":[]"#),
    });
    let error = server.kit.add_note("7", &NoteDraft::new("Hello", Visibility::Public)).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::OutcomeUnknown);
}

#[test]
fn whoever_may_not_see_private_notes_is_told_that_there_may_be_more() {
    let cut = |permissions: &'static str| {
        let server = server(permissions, false);
        server.kit.add_note("7", &NoteDraft::new("Hello", Visibility::Public)).unwrap();
        let page = server.kit.notes("7", None).unwrap();
        let ticket = server.kit.get("7", Include::EVERYTHING).unwrap();
        server.kit.get("7", Include::EVERYTHING).unwrap();
        let asked = server.lines().iter().filter(|line| line.contains("/roles/")).count();
        assert_eq!(asked, 1, "roles are asked for once");
        (page.cut, ticket.completeness.0.get("notes").cloned())
    };
    let hidden = Some(Part::new(1, None, CutReason::Permission));
    assert_eq!(cut(r#""add_issue_notes""#), (hidden.clone(), hidden));
    assert_eq!(cut(r#""add_issue_notes","view_private_notes""#), (None, None));
}

#[test]
fn whoever_is_in_the_project_by_no_role_sees_no_private_notes_and_an_administrator_sees_all() {
    let cut = |user: &'static str| {
        let server = Server::new(move |asked| match asked.line() {
            line if line.contains("current") => ok(format!(r#"{{"user":{{"id":5,{user}}}}}"#)),
            line if line == "GET /custom_fields.json" => ok(r#"{"custom_fields":[]}"#),
            line if line.contains("/issues/7.json") => one(7, r#""journals":[]"#),
            line => panic!("{line}"),
        });
        server.kit.get("7", Include::EVERYTHING).unwrap().completeness.0.get("notes").cloned()
    };
    assert_eq!(cut(r#""memberships":[]"#), Some(Part::new(0, None, CutReason::Permission)));
    assert_eq!(cut(r#""admin":true"#), None);
}

#[test]
fn where_redmine_does_not_tell_of_roles_nothing_is_said_and_the_issue_is_read_all_the_same() {
    let server = Server::new(|asked| match asked.line() {
        line if line.contains("/roles/") => empty(403),
        line if line.contains("/issues/7.json") => one(7, r#""journals":[]"#),
        _ => unknown(),
    });
    let ticket = server.kit.get("7", Include::EVERYTHING).unwrap();
    assert_eq!(ticket.completeness.0.get("notes"), None);
}
