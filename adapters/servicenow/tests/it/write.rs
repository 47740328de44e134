//! New records and changes.

use std::collections::BTreeMap;

use usher_adapter_sdk::{
    ErrorKind,
    message::{Altered, Change, Clearable, Draft, FieldName, LinkDraft, ListChange, Refused},
    model::{Due, Estimate, Json, LinkKind, RichText},
};

use crate::{instance::Instance, server::Server};

const KEY: &str = "INC0010001";

fn fields(pairs: &[(&str, &str)]) -> BTreeMap<String, Json> {
    pairs.iter().map(|(name, value)| ((*name).to_owned(), Json::of(*value).unwrap())).collect()
}

fn changes(pairs: &[(&str, &str)]) -> BTreeMap<String, Clearable<Json>> {
    fields(pairs).into_iter().map(|(name, value)| (name, Clearable::Set(value))).collect()
}

fn reason<'a>(refused: &'a [Refused], field: &FieldName) -> &'a str {
    &refused.iter().find(|refused| refused.field == *field).unwrap_or_else(|| panic!("{field} was not refused")).reason
}

#[test]
fn a_draft_with_everything_becomes_an_incident() {
    let mut instance = Instance::new();
    let parent = instance.ticket("change_request", &[]);
    let server = Server::new(instance);
    let draft = Draft::new("Mail is down")
        .with_body(RichText::plain("Since eight.\nAll of us."))
        .with_type("incident".to_owned())
        .with_status("in_progress".to_owned())
        .with_priority("urgent".to_owned())
        .with_assignees(vec!["tom".to_owned()])
        .with_reporter("ada".to_owned())
        .with_containers(vec!["Network".to_owned(), "Inquiry / Help".to_owned()])
        .with_parent(Some(parent.as_str().into()))
        .with_due(Due::parse("2026-02-03T10:00:00Z").unwrap())
        .with_fields(fields(&[("u_site", "NYC")]))
        .with_marker("5d0f".to_owned());
    let created = server.kit.create(&draft).unwrap();
    assert_eq!((created.key.as_str(), &created.refused[..], &created.unknown[..]), (KEY, &[][..], &[][..]));
    let mut asked = draft.asked();
    let mut applied = created.applied;
    asked.sort_unstable();
    applied.sort_unstable();
    assert_eq!(applied, asked);
    server.with(|instance| {
        let row = instance.numbered(KEY);
        assert_eq!((&*row["state"], &*row["impact"], &*row["urgency"], &*row["priority"]), ("2", "1", "1", "1"));
        assert_eq!(
            (&*row["due_date"], &*row["correlation_id"], &*row["u_site"]),
            ("2026-02-03 10:00:00", "5d0f", "NYC")
        );
        assert_eq!(&row["sys_id"], created.native_id.as_ref().unwrap());
    });
}

#[test]
fn project_and_type_are_two_words_for_a_table() {
    let server = Server::new(Instance::new());
    for (word, key) in [("Change Request", "CHG0010001"), ("change", "CHG0010002"), ("sc_task", "SCTASK0010001")] {
        assert_eq!(server.kit.create(&Draft::new("x").with_type(word.to_owned())).unwrap().key.as_str(), key);
    }
    let both = Draft::new("x").with_type("problem".to_owned()).with_project("incident".to_owned());
    assert_eq!(server.kit.create(&both).unwrap_err().kind(), ErrorKind::Validation);
}

#[test]
fn what_servicenow_does_not_have_or_passes_over_is_refused() {
    let mut instance = Instance::new();
    instance.fixed_columns.insert("description".to_owned());
    instance.hidden_columns.insert("assignment_group".to_owned());
    let server = Server::new(instance);
    let draft = Draft::new("y".repeat(200))
        .with_body(RichText::plain("text"))
        .with_labels(vec!["a".to_owned()])
        .with_links(vec![LinkDraft::new(LinkKind::Relates, "INC0000001")])
        .with_estimate(Estimate::without_unit(3.0))
        .with_containers(vec!["Network".to_owned()])
        .with_fields(fields(&[("u_none", "x"), ("No Column", "x"), ("work_notes", "x"), ("u_site", "NYC")]));
    let created = server.kit.create(&draft).unwrap();
    assert_eq!(created.applied, [FieldName::custom("u_site")]);
    for (field, word) in [
        (FieldName::Title, "after writing"),
        (FieldName::Body, "is empty"),
        (FieldName::Labels, "tags"),
        (FieldName::Links, "columns"),
        (FieldName::Estimate, "no estimate"),
        (FieldName::Containers, "does not show"),
        (FieldName::custom("u_none"), "does not show"),
        (FieldName::custom("No Column"), "no column"),
        (FieldName::custom("work_notes"), "note"),
    ] {
        assert!(reason(&created.refused, &field).contains(word), "{field}: {}", reason(&created.refused, &field));
    }
}

#[test]
fn names_that_stand_for_nothing_are_errors_before_anything_is_written() {
    let server = Server::new(Instance::with_incidents(1));
    let drafts = [
        Draft::new("x").with_status("nowhere".to_owned()),
        Draft::new("x").with_priority("soon".to_owned()),
        Draft::new("x").with_assignees(vec!["stranger".to_owned()]),
        Draft::new("x").with_assignees(vec!["ada".to_owned(), "tom".to_owned()]),
        Draft::new("x").with_containers(vec!["Nobody".to_owned()]),
        Draft::new("x").with_parent(Some("INC0099999".into())),
        Draft::new("x").with_type("No Such".to_owned()),
    ];
    for draft in drafts {
        server.kit.create(&draft).unwrap_err();
    }
    server.with(|instance| assert_eq!(instance.tables["incident"].len(), 1));
    let error = server.kit.create(&Draft::new("x").with_status("nowhere".to_owned())).unwrap_err();
    assert!(error.hint().unwrap().contains("On Hold"), "{error:?}");
}

#[test]
fn a_change_writes_only_what_changes_and_tells_the_new_revision() {
    let server = Server::new(Instance::with_incidents(1));
    let change =
        Change::new().with_title("New".to_owned()).with_priority("high".to_owned()).with_status("On Hold".to_owned());
    let updated = server.kit.update(KEY, &change).unwrap();
    assert_eq!((updated.refused.len(), updated.applied.len(), updated.revision.as_deref()), (0, 3, Some("1")));
    server.with(|instance| {
        let row = instance.numbered(KEY);
        assert_eq!((&*row["short_description"], &*row["priority"], &*row["state"]), ("New", "2", "3"));
    });
}

#[test]
fn marks_of_a_description_that_show_as_characters_are_said_to_be_altered() {
    let server = Server::new(Instance::with_incidents(1));
    let text = "# Mail\n\n- is **down**";
    let altered = [Altered::new(FieldName::Body, "ServiceNow's plain text has no exact form for: bold, heading, list")];
    assert_eq!(server.kit.create(&Draft::new("x").with_body(RichText::markdown(text))).unwrap().altered, altered);
    let change = |body: Clearable<RichText>| server.kit.update(KEY, &Change::new().with_body(body)).unwrap();
    assert_eq!(change(Clearable::Set(RichText::markdown(text))).altered, altered);
    server.with(|instance| assert_eq!(instance.numbered(KEY)["description"], text));
    for body in [Clearable::Set(RichText::markdown("Mail is down.")), Clearable::Clear] {
        assert_eq!(change(body).altered, []);
    }
}

#[test]
fn a_stale_revision_is_a_conflict_and_nothing_is_written() {
    let server = Server::new(Instance::with_incidents(1));
    let change = Change::new().with_title("New".to_owned()).with_if_revision("7".to_owned());
    assert_eq!(server.kit.update(KEY, &change).unwrap_err().kind(), ErrorKind::Conflict);
    server.with(|instance| assert_eq!(instance.numbered(KEY)["short_description"], "Incident 1"));
    let fresh = Change::new().with_title("New".to_owned()).with_if_revision("0".to_owned());
    assert!(server.kit.update(KEY, &fresh).is_ok());
}

#[test]
fn closing_needs_a_code_and_notes_and_a_refusal_says_so() {
    let server = Server::new(Instance::with_incidents(1));
    let change = Change::new().with_status("Closed".to_owned());
    let error = server.kit.update(KEY, &change).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Permission);
    assert!(error.hint().unwrap().contains("close_notes"));
    let change =
        change.with_resolution("solved (permanently)".to_owned()).with_fields(changes(&[("close_notes", "Done.")]));
    let updated = server.kit.update(KEY, &change).unwrap();
    assert_eq!(updated.refused, []);
    let ticket = server.kit.get(KEY, Default::default()).unwrap();
    assert_eq!((ticket.status.is_open, &*ticket.resolution.unwrap().name), (Some(false), "Solved (Permanently)"));
    assert!(ticket.closed_at.is_some());
}

#[test]
fn people_and_groups_are_replaced_and_taken_away() {
    let server = Server::new(Instance::with_incidents(1));
    let change = |assignees: ListChange<String>| server.kit.update(KEY, &Change::new().with_assignees(assignees));
    let assigned = || server.with(|instance| instance.numbered(KEY).get("assigned_to").cloned().unwrap_or_default());
    change(ListChange::delta(["tom".to_owned()], [])).unwrap();
    let tom = assigned();
    let refused = change(ListChange::delta(["ada".to_owned()], [])).unwrap().refused;
    assert!(reason(&refused, &FieldName::Assignees).contains("Tom Ford"), "{refused:?}");
    assert_eq!(assigned(), tom, "who is there does not lose it without a word");
    assert_eq!(change(ListChange::delta(["tom".to_owned()], [])).unwrap().refused, []);
    change(ListChange::delta(["ada".to_owned()], ["tom".to_owned()])).unwrap();
    assert_ne!(assigned(), tom, "one takes the place of the other where that is said");
    change(ListChange::delta([], ["tom".to_owned()])).unwrap();
    assert_ne!(assigned(), "", "who is not there cannot be taken away");
    change(ListChange::set([])).unwrap();
    assert_eq!(assigned(), "");
    assert!(change(ListChange::set(["tom".to_owned(), "ada".to_owned()])).is_err());
    let group =
        |containers: ListChange<String>| server.kit.update(KEY, &Change::new().with_containers(containers)).unwrap();
    assert_eq!(group(ListChange::delta(["Network".to_owned()], [])).refused, []);
    assert!(server.with(|instance| !instance.numbered(KEY)["assignment_group"].is_empty()));
    assert_eq!(group(ListChange::delta([], ["Network".to_owned()])).refused, []);
    assert!(server.with(|instance| instance.numbered(KEY)["assignment_group"].is_empty()));
}

#[test]
fn who_may_not_be_seen_is_neither_replaced_nor_taken_away() {
    let mut instance = Instance::new();
    let tom = instance.tables["sys_user"][1]["sys_id"].clone();
    instance.ticket("incident", &[("assigned_to", &tom)]);
    instance.unreadable_columns.insert("assigned_to".to_owned());
    let server = Server::new(instance);
    for assignees in [ListChange::delta(["ada".to_owned()], []), ListChange::delta([], ["ada".to_owned()])] {
        let updated = server.kit.update(KEY, &Change::new().with_assignees(assignees)).unwrap();
        assert!(reason(&updated.refused, &FieldName::Assignees).contains("may not read"), "{updated:?}");
        server.with(|instance| assert_eq!(instance.numbered(KEY)["assigned_to"], tom));
    }
}

#[test]
fn fields_are_emptied_and_a_table_is_for_ever() {
    let server = Server::new(Instance::with_incidents(1));
    let set = Change::new()
        .with_body(Clearable::Set(RichText::plain("x")))
        .with_due(Clearable::Set(Due::parse("2026-02-03").unwrap()));
    assert_eq!(server.kit.update(KEY, &set).unwrap().refused, []);
    let mut clear = Change::new().with_project("problem".to_owned());
    (clear.body, clear.due, clear.priority) = (Clearable::Clear, Clearable::Clear, Clearable::Clear);
    clear.fields.insert("u_site".to_owned(), Clearable::Clear);
    let updated = server.kit.update(KEY, &clear).unwrap();
    assert!(reason(&updated.refused, &FieldName::Project).contains("table"));
    assert!(reason(&updated.refused, &FieldName::Priority).contains("priority"));
    server.with(|instance| assert_eq!(instance.numbered(KEY)["description"], ""));
    let nothing = server.kit.update(KEY, &Change::new().with_project("problem".to_owned())).unwrap();
    assert_eq!(nothing.applied, []);
}

#[test]
fn a_write_whose_answer_cannot_be_read_has_an_unknown_outcome() {
    use usher_adapter_sdk::{
        host::Connection,
        testkit::{Kit, TestHost},
    };
    let host = TestHost::new()
        .with_connection(Connection::new("test").with_base_url("https://acme.service-now.com".to_owned()))
        .on_http(|_, _| Ok(TestHost::response(201, r#"{"result":"#)));
    let kit = Kit::new::<usher_adapter_servicenow::ServiceNow>("{}", &host).unwrap();
    assert_eq!(kit.create(&Draft::new("x")).unwrap_err().kind(), ErrorKind::OutcomeUnknown);
}
