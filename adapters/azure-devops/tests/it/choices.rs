//! What can be chosen.

use serde_json::{Value, json};
use usher_adapter_sdk::{message::OptionsScope, model::TicketKey, testkit::TestHost};

use crate::server::{Server, answer_of, connection, item, list, shown, types, unexpected};

fn project() -> Vec<(&'static str, Value)> {
    let field = |name: &str, kind: &str| json!({"referenceName": name, "name": name, "type": kind});
    vec![
        ("GET /Web/_apis/wit/workitemtypes", types()),
        (
            "GET /Web/_apis/wit/fields",
            list([
                field("System.Title", "string"),
                field("Microsoft.VSTS.Common.Priority", "integer"),
                field("Custom.Team", "string"),
            ]),
        ),
        (
            "GET /Web/_apis/wit/workitemtypes/Bug/fields",
            list([
                json!({"referenceName": "System.Title", "name": "Title", "alwaysRequired": true, "allowedValues": []}),
                json!({"referenceName": "Microsoft.VSTS.Common.Priority", "name": "Priority", "allowedValues": [1, 2, 3, 4]}),
                json!({"referenceName": "Custom.Team", "name": "Team", "allowedValues": ["Blue", "Red"]}),
            ]),
        ),
        (
            "GET /Web/_apis/wit/classificationnodes",
            list([
                json!({"id": 1, "name": "Web", "structureType": "area", "children": [{"id": 4, "name": "Shop"}]}),
                json!({"id": 2, "name": "Web", "structureType": "iteration", "children": [{"id": 3, "name": "Sprint 1"}]}),
            ]),
        ),
        (
            "GET /Web/_apis/wit/tags",
            serde_json::from_str(include_str!("../fixtures/rest-api-specs/tags.json")).unwrap(),
        ),
        ("GET /_apis/wit/workitems/5", item(5, json!({}))),
    ]
}

#[test]
fn a_project_offers_types_states_areas_tags_and_fields() {
    let server = Server::of(project());
    let scope = OptionsScope::default().with_project("acme/Web".to_owned());
    insta::assert_json_snapshot!(shown(&server.kit.options(&scope).unwrap()));
}

#[test]
fn one_type_offers_its_own_fields_with_what_they_can_be() {
    let server = Server::of(project());
    let scope = OptionsScope::default().with_project("acme/Web".to_owned()).with_type("bug".to_owned());
    let options = server.kit.options(&scope).unwrap();
    let fields = options.fields.unwrap();
    assert_eq!((fields.len(), fields[0].required, fields[2].choices.as_ref().unwrap().len()), (3, true, 2));
    let priorities: Vec<String> = options.priorities.unwrap().iter().map(|it| it.level.to_string()).collect();
    assert_eq!(priorities, ["urgent", "high", "medium", "low"]);
    assert!(options.states.unwrap().iter().all(|state| state.types == ["Bug"]));
}

#[test]
fn a_work_item_offers_where_it_can_go() {
    let server = Server::of(project());
    let options = server.kit.options(&OptionsScope::default().with_ticket(Some(TicketKey::new("acme#5")))).unwrap();
    let steps: Vec<_> = options
        .transitions
        .unwrap()
        .into_iter()
        .map(|it| (it.native.name, it.to.unwrap().category.to_string()))
        .collect();
    assert_eq!(steps, [("Resolved".to_owned(), "in_review".to_owned()), ("New".to_owned(), "backlog".to_owned())]);
}

#[test]
fn without_a_project_the_projects_are_there_to_choose_page_by_page() {
    let server = Server::new(|asked| {
        let page = |name: &str| TestHost::response(200, list([json!({"id": "x", "name": name})]).to_string());
        match asked.line().as_str() {
            "GET /_apis/projects?$top=500" => Ok(page("Web").with_header("x-ms-continuationtoken", "500")),
            "GET /_apis/projects?$top=500&continuationToken=500" => Ok(page("Shop")),
            _ => unexpected(asked),
        }
    });
    let projects = server.kit.options(&OptionsScope::default()).unwrap().projects.unwrap();
    assert_eq!(projects.iter().map(|it| it.key.as_str()).collect::<Vec<_>>(), ["acme/Web", "acme/Shop"]);
}

#[test]
fn tags_that_the_token_may_not_list_are_left_out_and_said() {
    let server = Server::at(connection().with_default_project("Web".to_owned()), |asked| {
        match asked.path().ends_with("/tags") {
            true => crate::server::complaint(403, "VS403: no"),
            false => answer_of(&project(), asked),
        }
    });
    assert!(server.kit.options(&OptionsScope::default()).unwrap().labels.is_none());
    assert!(server.host.log().iter().any(|(_, line)| line.contains("tags are left out")));
}
