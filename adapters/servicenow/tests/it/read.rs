//! One record.

use usher_adapter_sdk::{
    ErrorKind,
    message::{Include, Raw, Source},
    model::CutReason,
};

use crate::{
    instance::Instance,
    server::{Server, kind, shown},
};

fn normalized(document: &str) -> serde_json::Value {
    let server = Server::new(Instance::new());
    shown(&server.kit.normalize(None, &Raw::main(document), Source::Direct).unwrap())
}

#[test]
fn a_recorded_incident_becomes_a_ticket() {
    insta::assert_json_snapshot!(normalized(include_str!("../fixtures/demisto/incident-create.body.json")));
}

#[test]
fn a_recorded_list_is_read_as_its_first_record() {
    insta::assert_json_snapshot!(normalized(include_str!("../fixtures/demisto/incident-list.body.json")));
}

#[test]
fn a_record_with_labels_in_another_language_becomes_a_ticket() {
    insta::assert_json_snapshot!(normalized(include_str!("../fixtures/incident.json")));
}

#[test]
fn a_record_alone_is_read_as_well_for_another_route_may_give_it_so() {
    let ticket = normalized(r#"{"number":"INC0000001","short_description":"x"}"#);
    assert_eq!((&ticket["key"], &ticket["title"]), (&"INC0000001".into(), &"x".into()));
}

#[test]
fn a_number_an_id_and_both_with_the_table_lead_to_the_same_record() {
    let mut instance = Instance::new();
    let number = instance.ticket("problem", &[("short_description", "Why")]);
    let sys_id = instance.numbered(&number)["sys_id"].clone();
    let server = Server::new(instance);
    for key in [number.clone(), number.to_lowercase(), sys_id.clone(), format!("problem/{sys_id}")] {
        let ticket = server.kit.get(key.as_str(), Include::default()).unwrap();
        assert_eq!((ticket.key.as_str(), ticket.title.as_str()), (&*number, "Why"), "{key}");
        assert_eq!(ticket.aliases, [format!("problem/{sys_id}")]);
    }
}

#[test]
fn everything_is_asked_for_and_only_what_was_asked() {
    let mut instance = Instance::new();
    let number = instance.ticket("incident", &[("u_site", "NYC"), ("comments", "Hello"), ("work_notes", "Psst")]);
    let server = Server::new(instance);
    let ticket = server.kit.get(number.as_str(), Include::EVERYTHING).unwrap();
    assert_eq!(ticket.notes.unwrap().len(), 2);
    assert_eq!(ticket.attachments, Some(Vec::new()));
    assert!(ticket.custom_fields.unwrap().iter().any(|field| field.id == "u_site"));
    assert!(ticket.completeness.is_empty());
    let before = server.paths().len();
    let ticket = server.kit.get(number.as_str(), Include::default()).unwrap();
    assert!(ticket.notes.is_none() && ticket.custom_fields.is_none());
    assert_eq!(server.paths().len(), before + 1);
}

#[test]
fn what_is_not_there_and_what_is_hidden_are_told_apart_where_that_is_known() {
    let mut instance = Instance::with_incidents(1);
    let number = "INC0010001";
    let sys_id = instance.numbered(number)["sys_id"].clone();
    instance.hidden_rows.insert(sys_id.clone());
    let server = Server::new(instance);
    let get = |key: &str| server.kit.get(key, Include::default()).unwrap_err();
    assert_eq!(get("INC0099999").kind(), ErrorKind::NotFound);
    assert_eq!(get(number).kind(), ErrorKind::Permission);
    assert_eq!(get(&format!("incident/{sys_id}")).kind(), ErrorKind::NotFound);
    assert_eq!(get("incident/00000000000000000000000000000000").kind(), ErrorKind::NotFound);
}

#[test]
fn a_sleeping_instance_and_too_many_requests_are_errors() {
    let server = Server::new(Instance::with_incidents(1));
    server.with(|instance| instance.asleep = true);
    let error = server.kit.get("INC0010001", Include::default()).unwrap_err();
    assert_eq!(kind(&error).0, "platform");
    assert!(error.hint().unwrap().contains("sleeps"));
    let error = server.kit.fetch(&Default::default(), Include::SUMMARY, None).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Platform, "never an empty list");
    server.with(|instance| (instance.asleep, instance.too_many) = (false, Some((1, 9))));
    let error = server.kit.get("INC0010001", Include::default()).unwrap_err();
    assert_eq!((error.kind(), error.retry_after().map(|wait| wait.as_secs())), (ErrorKind::RateLimited, Some(9)));
    assert!(server.kit.get("INC0010001", Include::default()).is_ok());
}

#[test]
fn times_are_utc_whatever_the_zone_of_whoever_asks() {
    let mut instance = Instance::with_incidents(1);
    instance.zone_hours = 9;
    let server = Server::new(instance);
    let ticket = server.kit.get("INC0010001", Include::default()).unwrap();
    assert_eq!(ticket.created_at.unwrap().to_string(), "2026-01-01T00:00:01Z");
}

#[test]
fn a_ticket_whose_journal_is_hidden_says_that_its_notes_are_not_here() {
    let mut instance = Instance::new();
    let number = instance.ticket("incident", &[("comments", "Hello")]);
    instance.closed_tables.insert("sys_journal_field".to_owned());
    instance.hidden_columns.extend(["comments".to_owned(), "work_notes".to_owned()]);
    let ticket = Server::new(instance).kit.get(number.as_str(), Include::EVERYTHING).unwrap();
    assert_eq!(ticket.notes, None);
    assert_eq!(ticket.completeness.0["notes"].reason, CutReason::NotLoaded);
}
