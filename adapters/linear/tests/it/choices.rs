//! What can be chosen.

use serde_json::{Value, json};
use usher_adapter_sdk::{ErrorKind, message::OptionsScope, testkit::Recording};

use crate::{
    create::{team, written},
    server::{Server, connection, data, going_on, nodes, shown, user, uuid},
};

fn options(labels: Value) -> Value {
    let mut own = team();
    own["labels"] = labels;
    own["issueEstimationType"] = json!("fibonacci");
    own["members"] = nodes(json!([user(601, "mara")]));
    own["projects"] = nodes(
        json!([{ "id": uuid(501), "name": "Checkout", "projectMilestones": nodes(json!([{ "id": uuid(511), "name": "Beta" }])) }]),
    );
    own["cycles"] = nodes(json!([{ "id": uuid(521), "name": null, "number": 5 }]));
    json!({
        "teams": nodes(json!([own])),
        "issuePriorityValues": [{ "priority": 0, "label": "No priority" }, { "priority": 1, "label": "Urgent" }],
    })
}

fn label(name: &str) -> Value {
    json!([{ "name": name }])
}

#[test]
fn a_team_offers_states_labels_people_containers_and_priorities() {
    let server = Server::new(|_| data(options(nodes(label("Bug")))));
    let scope = OptionsScope::default().with_project("ENG".to_owned());
    insta::assert_json_snapshot!(shown(&server.kit.options(&scope).unwrap()));
    let by_name = json!({ "or": [{ "key": { "eqIgnoreCase": "ENG" } }, { "name": { "eqIgnoreCase": "ENG" } }] });
    assert_eq!(server.last()["team"], by_name);
}

#[test]
fn lists_that_go_on_are_read_to_their_end_and_the_others_are_not_asked_again() {
    let server = Server::new(|asked| match asked.variables["labelsAfter"].as_str() {
        None => data(options(going_on(label("a"), "l"))),
        Some(_) => data(json!({ "teams": nodes(json!([{ "key": "ENG", "labels": nodes(label("b")) }])) })),
    });
    let options = server.kit.options(&OptionsScope::default().with_project("ENG".to_owned())).unwrap();
    assert_eq!(options.labels.unwrap(), ["a", "b"]);
    assert_eq!(options.states.unwrap().len(), 7);
    let second = server.last();
    let asked = ["first", "labels", "members", "projects", "cycles"].map(|name| second[name].as_bool().unwrap());
    assert_eq!(asked, [false, true, false, false, false]);
}

#[test]
fn without_a_team_the_recorded_teams_are_offered() {
    let recording = Recording::parse(include_str!("../fixtures/linear-mcp-go/teams.json")).unwrap();
    let server = Server::new(move |_| Ok(recording.exchanges()[0].response()));
    let projects = server.kit.options(&OptionsScope::default()).unwrap().projects.unwrap();
    assert_eq!((projects[0].key.as_str(), projects[0].name.as_deref()), ("TEST", Some("Test Team")));
}

#[test]
fn the_team_of_a_ticket_is_asked_for_first() {
    let server = Server::new(|asked| match asked.operation.as_str() {
        "Names" => data(json!({ "issue": written(json!({})) })),
        _ => data(options(nodes(json!([])))),
    });
    server
        .kit
        .options(&OptionsScope::default().with_ticket(usher_adapter_sdk::model::TicketKey::new("ENG-5")))
        .unwrap();
    assert_eq!(server.operations(), ["Names", "Options"]);
    assert_eq!(server.last()["team"]["or"][2], json!({ "id": { "eq": uuid(800) } }));
}

#[test]
fn a_team_that_is_not_there_is_named() {
    let server = Server::at(connection().with_default_project("GONE".to_owned()), "{}", |_| {
        data(json!({ "teams": nodes(json!([])) }))
    });
    let error = server.kit.options(&OptionsScope::default()).unwrap_err();
    assert_eq!((error.kind(), error.message()), (ErrorKind::NotFound, "the team `GONE` was not found"));
}
