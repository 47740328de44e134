//! What can be chosen: on the site, in a project, for a type, for one issue.

use serde_json::json;
use usher_adapter_sdk::message::OptionsScope;

use crate::server::{Asked, Server, issue, ok, shown, unknown};

/// A project with two types, in Cloud's words.
pub(crate) fn project(asked: &Asked) -> usher_adapter_sdk::Result<usher_adapter_sdk::host::Response> {
    let choice = |id: &str, name: &str| json!({"id": id, "name": name});
    let priority = json!({"fieldId": "priority", "key": "priority", "name": "Priority", "required": false, "hasDefaultValue": true,
        "schema": {"type": "priority", "system": "priority"}, "allowedValues": [choice("1", "Highest"), choice("3", "Medium")], "operations": ["set"]});
    let field = |id: &str, name: &str, kind: &str, required: bool| {
        json!({"fieldId": id, "key": id, "name": name, "required": required, "hasDefaultValue": false, "operations": ["set"],
            "schema": {"type": kind, "system": id}})
    };
    let fields = |more: Vec<serde_json::Value>| {
        let mut all = vec![
            field("summary", "Summary", "string", true),
            field("issuetype", "Issue Type", "issuetype", true),
            field("project", "Project", "project", true),
            field("reporter", "Reporter", "user", true),
            field("description", "Description", "string", false),
            field("labels", "Labels", "array", false),
            field("assignee", "Assignee", "user", false),
            field("duedate", "Due date", "date", false),
            field("parent", "Parent", "issuelink", false),
            field("timetracking", "Time tracking", "timetracking", false),
            priority.clone(),
            json!({"fieldId": "fixVersions", "key": "fixVersions", "name": "Fix versions", "required": false, "hasDefaultValue": false,
                "operations": ["set"], "schema": {"type": "array", "items": "version"}, "allowedValues": [choice("8", "1.0"), choice("9", "2.0")]}),
            json!({"fieldId": "customfield_1", "key": "customfield_1", "name": "Sprint", "required": false, "hasDefaultValue": false,
                "operations": ["set"], "schema": {"type": "array", "items": "json", "custom": "com.pyxis.greenhopper.jira:gh-sprint"}}),
            json!({"fieldId": "customfield_4", "key": "customfield_4", "name": "Colour", "required": false, "hasDefaultValue": false,
                "operations": ["set"], "schema": {"type": "option", "custom": "x:select"},
                "allowedValues": [{"id": "11", "value": "Red"}, {"id": "12", "value": "Blue"}]}),
        ];
        all.extend(more);
        json!({"fields": all, "startAt": 0, "maxResults": 100, "total": all.len()}).to_string()
    };
    match asked.target().as_str() {
        "GET /project/OPS" => ok(r#"{"id":"1","key":"OPS","name":"Operations","projectTypeKey":"software"}"#),
        "GET /project/OPS/statuses" => ok(r#"[
            {"id":"10001","name":"Task","statuses":[{"id":"1","name":"To Do","statusCategory":{"key":"new"}},{"id":"5","name":"Done","statusCategory":{"key":"done"}}]},
            {"id":"10002","name":"Bug","statuses":[{"id":"1","name":"To Do","statusCategory":{"key":"new"}},{"id":"4","name":"In Review","statusCategory":{"key":"indeterminate"}}]}]"#),
        "GET /project/OPS/versions" => ok(r#"[{"id":"8","name":"1.0"}]"#),
        "GET /project/OPS/components" => ok(r#"[{"id":"20","name":"Web"}]"#),
        "GET /priority" => ok(r#"[{"id":"1","name":"Highest"},{"id":"3","name":"Medium"}]"#),
        "GET /label" => ok(r#"{"values":["backend","web"],"startAt":0,"maxResults":100,"total":2,"isLast":true}"#),
        "GET /issue/createmeta/OPS/issuetypes" => ok(
            r#"{"issueTypes":[{"id":"10001","name":"Task","subtask":false},{"id":"10002","name":"Bug","subtask":false}],"startAt":0,"maxResults":100,"total":2}"#,
        ),
        "GET /issue/createmeta/OPS/issuetypes/10001" => ok(fields(vec![])),
        "GET /issue/createmeta/OPS/issuetypes/10002" => {
            ok(fields(vec![field("environment", "Environment", "string", true)]))
        }
        _ => unknown(asked),
    }
}

#[test]
fn a_project_offers_types_states_priorities_labels_containers_and_fields() {
    let server = Server::cloud(project);
    let options = server.kit.options(&OptionsScope::default().with_project("OPS".to_owned())).unwrap();
    insta::assert_json_snapshot!(shown(&options));
}

#[test]
fn for_one_type_only_its_own_fields_are_offered() {
    let server = Server::cloud(project);
    let scope = OptionsScope::default().with_project("OPS".to_owned()).with_type("bug".to_owned());
    let fields = server.kit.options(&scope).unwrap().fields.unwrap();
    assert!(fields.iter().any(|field| field.id == "environment" && field.required));
    let error = server.kit.options(&scope.with_type("Saga".to_owned())).unwrap_err();
    assert!(error.fields()[0].message.contains("Task, Bug"), "{error}");
}

#[test]
fn for_an_issue_its_transitions_come_with_what_they_ask_for() {
    let server = Server::cloud(|asked| match asked.target().as_str() {
        "GET /issue/OPS-7/transitions" => ok(include_str!("../fixtures/openapi/transitions.json")),
        _ => project(asked),
    });
    let scope = OptionsScope::default().with_ticket(usher_adapter_sdk::model::TicketKey::new("OPS-7"));
    let transitions = server.kit.options(&scope).unwrap().transitions.unwrap();
    assert_eq!(transitions[0].native.name, "Close Issue");
    assert_eq!(
        transitions[0].to.as_ref().unwrap().native.name,
        "In Progress",
        "a transition is not called like its state"
    );
    assert!(server.lines().iter().any(|line| line.contains("expand=transitions.fields")));
}

#[test]
fn without_a_project_there_are_the_projects() {
    let server = Server::cloud(|asked| match asked.target().as_str() {
        "GET /project/search" => ok(
            r#"{"values":[{"id":"1","key":"OPS","name":"Operations"}],"startAt":0,"maxResults":100,"total":1,"isLast":true}"#,
        ),
        _ => project(asked),
    });
    let options = server.kit.options(&OptionsScope::default()).unwrap();
    assert_eq!(options.projects.unwrap()[0].key, "OPS");
    let server = Server::data_center(|asked| match asked.target().as_str() {
        "GET /project" => ok(r#"[{"id":"1","key":"OPS","name":"Operations"}]"#),
        _ => project(asked),
    });
    assert_eq!(server.kit.options(&OptionsScope::default()).unwrap().projects.unwrap().len(), 1);
}

#[test]
fn an_issue_by_its_native_id_is_asked_for_its_project() {
    let server = Server::cloud(|asked| match asked.target().as_str() {
        "GET /issue/10007" => ok(issue(7, json!({})).to_string()),
        "GET /issue/10007/transitions" => ok(r#"{"transitions":[]}"#),
        _ => project(asked),
    });
    let scope = OptionsScope::default().with_ticket(usher_adapter_sdk::model::TicketKey::new("10007"));
    assert_eq!(server.kit.options(&scope).unwrap().transitions.unwrap().len(), 0);
}
