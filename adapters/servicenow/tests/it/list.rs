//! Lists and searches.

use usher_adapter_sdk::{
    ErrorKind,
    host::Connection,
    message::{Criteria, Criterion, Include, ME, NOBODY, Query, Sort, SortField, TimeRange},
    model::{CutReason, PriorityLevel, StatusCategory, Ticket, Time, TypeLevel},
};

use crate::{
    instance::Instance,
    server::{BASE, Server},
};

#[test]
fn a_long_list_is_read_in_windows_and_every_record_comes_once() {
    let server = Server::new(Instance::with_incidents(1_234));
    let first = server.kit.fetch(&Criteria::default(), Include::SUMMARY, None).unwrap();
    assert_eq!(first.len(), 100);
    assert!(first.head().next.len() > 4, "{:?}", first.head().next);
    assert_eq!(server.all(&Criteria::default()).len(), 1_234);
}

#[test]
fn nothing_is_lost_while_records_come_and_go_between_pages() {
    let server = Server::new(Instance::with_incidents(500));
    let mut places = vec![None];
    let mut keys = std::collections::BTreeSet::new();
    let mut gone = 0;
    while let Some(place) = places.pop() {
        let page = server.kit.fetch(&Criteria::default(), Include::SUMMARY, place.as_ref()).unwrap();
        keys.extend(page.tickets().unwrap().into_iter().map(|ticket| ticket.key.to_string()));
        places.extend(page.head().next.iter().cloned().map(Some));
        // One that was read is deleted, so that all offsets behind it move; and one is new.
        server.with(|instance| {
            let rows = instance.tables.get_mut("incident").unwrap();
            let read = rows.iter().position(|row| keys.contains(&row["number"])).unwrap();
            rows.remove(read);
            gone += 1;
        });
    }
    assert_eq!(keys.len(), 500, "{gone} were deleted meanwhile");
}

#[test]
fn hidden_records_shorten_pages_and_are_said_to_be_missing() {
    let mut instance = Instance::with_incidents(450);
    let hidden: Vec<String> = instance.tables["incident"].iter().map(|row| row["sys_id"].clone()).collect();
    instance.hidden_rows.extend(hidden.into_iter().take(300));
    let server = Server::new(instance);
    let page = server.kit.fetch(&Criteria::default(), Include::SUMMARY, None).unwrap();
    assert!(page.len() < 100);
    assert_eq!(page.head().cut.as_ref().unwrap().reason, CutReason::Permission);
    assert_eq!(server.all(&Criteria::default()).len(), 150);
}

#[test]
fn a_page_of_which_nothing_may_be_read_is_not_the_end() {
    let mut instance = Instance::with_incidents(250);
    let mut ids: Vec<String> = instance.tables["incident"].iter().map(|row| row["sys_id"].clone()).collect();
    ids.sort_unstable();
    instance.hidden_rows.extend(ids.into_iter().take(220));
    assert_eq!(Server::new(instance).all(&Criteria::default()).len(), 30);
}

#[test]
fn with_an_order_or_a_small_limit_it_goes_page_after_page() {
    let server = Server::new(Instance::with_incidents(250));
    let sorted = Criteria::default().with_sort(Sort::by(SortField::Created).descending());
    let page = server.kit.fetch(&sorted, Include::SUMMARY, None).unwrap();
    assert_eq!(page.head().pushed_down, [Criterion::Sort]);
    assert_eq!(page.head().next.len(), 1);
    assert_eq!(page.tickets().unwrap()[0].key.as_str(), "INC0010250");
    assert_eq!(server.last_query("sysparm_query").unwrap(), "ORDERBYDESCsys_created_on^ORDERBYsys_id");
    assert_eq!(server.all(&sorted).len(), 250);
    let few = server.kit.fetch(&Criteria::default().with_limit(12_u64), Include::SUMMARY, None).unwrap();
    assert_eq!((few.len(), few.head().next.len()), (12, 1));
}

#[test]
fn an_order_that_servicenow_does_not_have_is_left_to_the_host() {
    let server = Server::new(Instance::with_incidents(3));
    let criteria = Criteria::default().with_sort(Sort::by(SortField::Key));
    assert_eq!(server.kit.fetch(&criteria, Include::SUMMARY, None).unwrap().head().pushed_down, []);
}

#[test]
fn people_are_found_by_every_name_and_looked_at_on_every_record() {
    let mut instance = Instance::new();
    let tom = instance.tables["sys_user"][1]["sys_id"].clone();
    let ada = instance.tables["sys_user"][0]["sys_id"].clone();
    let of_tom = instance.ticket("incident", &[("assigned_to", &tom), ("caller_id", &ada)]);
    let of_ada = instance.ticket("incident", &[("assigned_to", &ada), ("caller_id", &tom)]);
    let of_nobody = instance.ticket("incident", &[]);
    let server = Server::new(instance);
    let keys = |criteria: Criteria| -> Vec<String> {
        let mut keys: Vec<String> = server.all(&criteria).into_iter().map(|ticket| ticket.key.to_string()).collect();
        keys.sort_unstable();
        keys
    };
    let assigned = |names: &[&str]| {
        keys(Criteria::default().with_assignee(names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>()))
    };
    for name in ["tom", "TOM@shop.example", "Tom Ford", &tom] {
        assert_eq!(assigned(&[name]), [of_tom.as_str()], "{name}");
    }
    assert_eq!(assigned(&[ME]), [of_ada.as_str()]);
    assert_eq!(assigned(&[NOBODY]), [of_nobody.as_str()]);
    assert_eq!(assigned(&[ME, NOBODY]), [of_ada.as_str(), &of_nobody]);
    // Where nobody called, it is who opened it: that is Ada.
    assert_eq!(keys(Criteria::default().with_reporter(vec!["ada".to_owned()])), [of_tom.as_str(), &of_nobody]);
    let stranger = Criteria::default().with_assignee(vec!["nobody-knows".to_owned()]);
    assert_eq!(server.kit.fetch(&stranger, Include::SUMMARY, None).unwrap_err().kind(), ErrorKind::NotFound);
}

#[test]
fn a_name_that_would_be_more_than_a_value_is_refused() {
    let server = Server::new(Instance::with_incidents(1));
    for name in ["x^ORactive=true", "javascript:gs.getUserID()", "a\nb"] {
        let criteria = Criteria::default().with_assignee(vec![name.to_owned()]);
        assert_eq!(
            server.kit.fetch(&criteria, Include::SUMMARY, None).unwrap_err().kind(),
            ErrorKind::Validation,
            "{name}"
        );
    }
    assert_eq!(server.paths(), [""; 0]);
}

#[test]
fn criteria_narrow_and_are_left_to_the_host_where_they_are_not_exact() {
    let server = Server::new(Instance::with_incidents(1));
    let query = |criteria: &Criteria| {
        server.kit.fetch(criteria, Include::SUMMARY, None).unwrap();
        let query = server.last_query("sysparm_query").unwrap();
        query.strip_suffix("ORDERBYsys_id").unwrap().trim_end_matches('^').to_owned()
    };
    let time = |text: &str| Some(Time::parse(text).unwrap());
    let created = TimeRange::new(time("2026-01-02T00:00:00Z"), time("2026-01-03T00:00:00Z"));
    let table = [
        (Criteria::default().with_is_open(true), "active=true"),
        (Criteria::default().with_is_open(false), "active=false^ORstateIN6,7,8"),
        (Criteria::default().with_status(vec!["2".to_owned(), "3".to_owned()]), "stateIN2,3"),
        (Criteria::default().with_status(vec!["on hold".to_owned()]), "stateIN3"),
        (Criteria::default().with_status(vec!["Closed".to_owned(), "2".to_owned()]), "stateIN2,7"),
        (Criteria::default().with_status(vec!["Closed".to_owned(), "Elsewhere".to_owned()]), ""),
        (Criteria::default().with_status_category(vec![StatusCategory::Done]), "stateIN6,7"),
        (Criteria::default().with_priority(vec![PriorityLevel::Urgent, PriorityLevel::Low]), "priorityIN1,4"),
        (Criteria::default().with_priority(vec![PriorityLevel::None]), ""),
        (
            Criteria::default().with_created(created),
            "sys_created_on>=2026-01-01 12:00:00^sys_created_on<2026-01-03 14:00:01",
        ),
        (
            Criteria::default().with_text("mail a^b".to_owned()),
            "short_descriptionLIKEmail^ORdescriptionLIKEmail^short_descriptionLIKEa^ORdescriptionLIKEa^short_descriptionLIKEb^ORdescriptionLIKEb",
        ),
    ];
    for (criteria, expected) in table {
        assert_eq!(query(&criteria), expected, "{criteria:?}");
        assert_eq!(server.kit.fetch(&criteria, Include::SUMMARY, None).unwrap().head().pushed_down, []);
    }
}

#[test]
fn in_the_table_of_all_nothing_that_is_closed_by_its_state_is_left_out() {
    let mut instance = Instance::new();
    // Resolved, and active until it is closed; and one whose state nobody knows.
    let resolved = instance.ticket("incident", &[]);
    instance.change(&resolved, "state", "6");
    let own = instance.ticket("sc_task", &[("state", "42")]);
    let closed = instance.ticket("problem", &[("state", "107")]);
    let server = Server::new(instance);
    let task = || Criteria::default().with_project(vec!["task".to_owned()]);
    let keys = |criteria: Criteria, fits: &dyn Fn(&Ticket) -> bool| -> Vec<String> {
        let tickets = server.all(&criteria).into_iter().filter(fits);
        let mut keys: Vec<String> = tickets.map(|ticket| ticket.key.to_string()).collect();
        keys.sort_unstable();
        keys
    };
    let is = |is_open: bool| move |ticket: &Ticket| ticket.status.is_open == Some(is_open);
    assert_eq!(keys(task().with_is_open(false), &is(false)), [resolved.as_str(), &closed]);
    assert_eq!(keys(task().with_is_open(true), &is(true)), [own.as_str()]);
    let done = |ticket: &Ticket| ticket.status.category == StatusCategory::Done;
    assert_eq!(keys(task().with_status_category(vec![StatusCategory::Done]), &done), [resolved.as_str(), &closed]);
}

#[test]
fn a_record_whose_people_are_hidden_is_nobody_s_only_where_that_is_seen() {
    let mut instance = Instance::new();
    let tom = instance.tables["sys_user"][1]["sys_id"].clone();
    instance.ticket("incident", &[("assigned_to", &tom), ("caller_id", &tom)]);
    instance.ticket("incident", &[]);
    instance.hidden_columns.insert("assigned_to".to_owned());
    let server = Server::new(instance);
    let of = |name: &str| Criteria::default().with_assignee(vec![name.to_owned()]);
    for name in [NOBODY, "tom"] {
        let page = server.kit.fetch(&of(name), Include::SUMMARY, None).unwrap();
        assert_eq!(
            (page.len(), page.head().cut.as_ref().unwrap().reason.clone()),
            (0, CutReason::Permission),
            "{name}"
        );
    }
    for ticket in server.all(&Criteria::default()) {
        let cut = &ticket.completeness.0["assignees"];
        assert_eq!((cut.loaded, cut.reason.clone()), (0, CutReason::Permission));
        assert!(!ticket.completeness.0.contains_key("reporter"), "{:?}", ticket.completeness);
    }
    server.with(|instance| instance.hidden_columns = ["caller_id".to_owned()].into());
    // Who opened a record is its reporter only where it is seen that nobody called.
    let by_ada = Criteria::default().with_reporter(vec!["ada".to_owned()]);
    let page = server.kit.fetch(&by_ada, Include::SUMMARY, None).unwrap();
    assert_eq!((page.len(), page.head().cut.as_ref().unwrap().reason.clone()), (0, CutReason::Permission));
    let page = server.kit.fetch(&of(NOBODY), Include::SUMMARY, None).unwrap();
    assert_eq!((page.len(), page.head().cut.clone()), (1, None));
    let ticket = page.tickets().unwrap().remove(0);
    assert_eq!((ticket.reporter, &ticket.completeness.0["reporter"].reason), (None, &CutReason::Permission));
}

#[test]
fn who_called_is_not_in_the_table_of_all_and_who_opened_is_not_taken_for_that() {
    let mut instance = Instance::new();
    let tom = instance.tables["sys_user"][1]["sys_id"].clone();
    instance.ticket("incident", &[("caller_id", &tom)]);
    let problem = instance.ticket("problem", &[]);
    let server = Server::new(instance);
    let task = Criteria::default().with_project(vec!["task".to_owned()]);
    let tickets = server.all(&task);
    let incident = tickets.iter().find(|ticket| ticket.key.as_str().starts_with("INC")).unwrap();
    assert_eq!(incident.reporter, None);
    assert_eq!(incident.completeness.0["reporter"].reason, CutReason::NotLoaded);
    let page = server.kit.fetch(&task.with_reporter(vec!["ada".to_owned()]), Include::SUMMARY, None).unwrap();
    let keys: Vec<String> = page.tickets().unwrap().into_iter().map(|ticket| ticket.key.to_string()).collect();
    assert_eq!(keys, [problem]);
    assert_eq!(page.head().cut.as_ref().unwrap().reason, CutReason::NotLoaded);
}

#[test]
fn a_status_by_its_label_is_narrowed_by_what_the_choices_say_and_else_left_to_the_host() {
    let held = Criteria::default().with_status(vec!["On Hold".to_owned()]);
    let mut instance = Instance::with_incidents(150);
    instance.ticket("incident", &[("state", "3")]);
    // The label in another language, and a state of old that is no choice any more.
    let choice = |value: &str, label: &str, inactive: &str| {
        [("name", "incident"), ("element", "state"), ("value", value), ("label", label), ("inactive", inactive)]
            .map(|(column, value)| (column, value.to_owned()))
    };
    for columns in [choice("3", "Wartet", "false"), choice("-40", "On Hold", "true")] {
        instance.add("sys_choice", &columns.each_ref().map(|(column, value)| (*column, value.as_str())));
    }
    let server = Server::new(instance);
    let query = |criteria: &Criteria| {
        server.kit.fetch(criteria, Include::SUMMARY, None).unwrap();
        server.last_query("sysparm_query").unwrap()
    };
    assert_eq!(query(&held), "stateIN-40,3^ORDERBYsys_id");
    assert_eq!(query(&Criteria::default().with_status(vec!["wartet".to_owned()])), "stateIN3^ORDERBYsys_id");
    let asked = || server.paths().iter().filter(|path| path.ends_with("/sys_choice")).count();
    assert_eq!(asked(), 1, "it is remembered while a list is read");
    // Of a table that others extend, nobody knows the states.
    assert_eq!(query(&held.clone().with_project(vec!["task".to_owned()])), "ORDERBYsys_id");

    let mut closed = Instance::with_incidents(3);
    closed.closed_tables.insert("sys_choice".to_owned());
    let server = Server::new(closed);
    assert_eq!(server.all(&held).len(), 3, "the host compares");
    assert_eq!(server.last_query("sysparm_query").unwrap(), "ORDERBYsys_id");
}

#[test]
fn a_project_is_a_table_and_several_are_chains_of_their_own() {
    let mut instance = Instance::with_incidents(150);
    for _ in 0..120 {
        instance.ticket("change_request", &[]);
    }
    instance.ticket("problem", &[]);
    let projects = ["incident", "problem", "change_request"].map(str::to_owned);
    let connection = Connection::new("test").with_base_url(BASE.to_owned()).with_projects(projects.to_vec());
    let server = Server::at(instance, connection);
    assert_eq!(server.all(&Criteria::default()).len(), 271);
    let changes = Criteria::default().with_project(vec!["Change Request".to_owned()]);
    assert_eq!(server.all(&changes).len(), 120);
    assert_eq!(server.all(&Criteria::default().with_type_level(vec![TypeLevel::Problem])).len(), 1);
    let unknown = Criteria::default().with_project(vec!["u_no_such".to_owned()]);
    assert_eq!(server.kit.fetch(&unknown, Include::SUMMARY, None).unwrap_err().kind(), ErrorKind::Validation);
}

#[test]
fn words_are_searched_for_in_title_and_description() {
    let mut instance = Instance::with_incidents(3);
    instance.ticket("incident", &[("short_description", "Mail server"), ("description", "It is DOWN.")]);
    let server = Server::new(instance);
    let found = server.kit.search(&Query::text("down mail"), Include::default(), None).unwrap();
    assert_eq!(found.tickets().unwrap()[0].title, "Mail server");
    assert_eq!(found.len(), 1);
    let error = server.kit.search(&Query::text("a^b"), Include::default(), None).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Validation);
}

#[test]
fn a_query_of_servicenow_s_own_is_sent_as_it_is() {
    let server = Server::new(Instance::with_incidents(150));
    let query = Query::native("short_descriptionLIKEIncident 1^NQshort_descriptionLIKEIncident 2");
    let page = server.kit.search(&query, Include::default(), None).unwrap();
    assert_eq!(page.len(), 73);
    let sent = server.last_query("sysparm_query").unwrap();
    assert_eq!(sent, format!("{}^ORDERBYDESCsys_created_on^ORDERBYsys_id", query.text));
    server.kit.search(&Query::native("active=true^ORDERBYnumber"), Include::default(), None).unwrap();
    assert_eq!(server.last_query("sysparm_query").unwrap(), "active=true^ORDERBYnumber^ORDERBYsys_id");
}

#[test]
fn a_list_with_fields_and_raw_documents_has_both() {
    let mut instance = Instance::new();
    instance.ticket("incident", &[("u_site", "NYC")]);
    let server = Server::new(instance);
    let include = Include::EVERYTHING.with_raw(true);
    let ticket = server.kit.fetch(&Criteria::default(), include, None).unwrap().tickets().unwrap().remove(0);
    assert!(ticket.custom_fields.unwrap().iter().any(|field| field.id == "u_site"));
    assert!(ticket.raw.unwrap().contains_key("main"));
    assert_eq!(ticket.completeness.0["notes"].reason, CutReason::NotLoaded);
}
