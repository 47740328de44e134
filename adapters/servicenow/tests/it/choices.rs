//! What can be chosen, and who we are.

use usher_adapter_sdk::{
    ErrorKind,
    message::{MarkerKind, OptionsScope},
    model::StatusCategory,
};

use crate::{
    instance::Instance,
    server::{Server, shown},
};

#[test]
fn a_table_offers_states_priorities_groups_and_columns() {
    let server = Server::new(Instance::new());
    let options = server.kit.options(&OptionsScope::default()).unwrap();
    let mut options = shown(&options);
    for group in options["containers"].as_array_mut().unwrap() {
        group["id"] = "[id]".into();
    }
    insta::assert_json_snapshot!(options);
}

#[test]
fn another_table_has_states_of_its_own_and_a_ticket_those_of_its_table() {
    let mut instance = Instance::new();
    let number = instance.ticket("problem", &[]);
    let server = Server::new(instance);
    for scope in [
        OptionsScope::default().with_project("problem".to_owned()),
        OptionsScope::default().with_ticket(Some(number.into())),
    ] {
        let states = server.kit.options(&scope).unwrap().states.unwrap();
        let read: Vec<_> = states.iter().map(|state| (&*state.native.name, state.category.clone())).collect();
        assert_eq!(read, [("New", StatusCategory::Todo), ("Closed", StatusCategory::Done)]);
    }
}

#[test]
fn a_list_that_may_not_be_read_is_absent() {
    let mut instance = Instance::new();
    instance.closed_tables.extend(["sys_choice", "sys_user_group", "sys_dictionary"].map(str::to_owned));
    let options = Server::new(instance).kit.options(&OptionsScope::default()).unwrap();
    assert!(options.states.is_none() && options.containers.is_none() && options.fields.is_none());
}

#[test]
fn the_check_says_who_we_are_and_what_may_not_be_read() {
    let server = Server::new(Instance::with_incidents(1));
    let identity = server.kit.check().unwrap();
    let user = identity.user.unwrap();
    assert_eq!((user.handle.as_deref(), user.display_name.as_deref()), (Some("ada"), Some("Ada Lovelace")));
    assert_eq!(identity.time_zone.as_deref(), Some("Europe/Berlin"));
    assert_eq!(identity.warnings.len(), 1, "there is no entry in the journal yet");
    server.with(|instance| instance.closed_tables.extend(["sys_choice", "sys_journal_field"].map(str::to_owned)));
    assert_eq!(server.kit.check().unwrap().warnings.len(), 2);
    server.with(|instance| instance.closed_tables.extend(["sys_user".to_owned()]));
    assert_eq!(server.kit.check().unwrap_err().kind(), ErrorKind::Permission);
}

#[test]
fn a_marker_is_found_in_the_table_of_all_and_only_on_tickets() {
    let mut instance = Instance::with_incidents(2);
    let number = instance.ticket("change_request", &[("correlation_id", "5d0f")]);
    let server = Server::new(instance);
    let found = server.kit.find_by_marker(MarkerKind::Ticket, "5d0f", None).unwrap();
    assert_eq!(found.iter().map(|found| found.key.as_str()).collect::<Vec<_>>(), [number]);
    assert!(found[0].url.as_deref().unwrap().contains("/change_request.do?sys_id="));
    assert_eq!(server.kit.find_by_marker(MarkerKind::Ticket, "none", None).unwrap(), []);
    let error = server.kit.find_by_marker(MarkerKind::Note, "5d0f", None).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Unsupported);
}
