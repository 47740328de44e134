//! New work items.

use std::collections::BTreeMap;

use serde_json::{Value, json};
use usher_adapter_sdk::{
    ErrorKind, Result,
    host::Response,
    message::{Draft, FieldName, LinkDraft, ME},
    model::{Due, Estimate, Json, LinkKind},
};

use crate::server::{API, Asked, Server, answer_of, complaint, fields, item, list, ok, types};

/// Makes what it is asked to make, as Azure DevOps would: fields are kept, relations are added.
fn server(kept: impl Fn(&mut Value) + Send + Sync + 'static) -> Server {
    Server::new(move |asked| made(asked, &kept))
}

fn made(asked: &Asked, kept: &dyn Fn(&mut Value)) -> Result<Response> {
    let path = asked.path();
    if path.starts_with("POST /Web/_apis/wit/workitems/$") || path.starts_with("PATCH /_apis/wit/workitems/") {
        let mut new = item(77, json!({"System.State": "New", "System.WorkItemType": path.rsplit('$').next().unwrap()}));
        if path.starts_with("PATCH") {
            new["fields"]["System.WorkItemType"] = json!("Bug");
        }
        apply(&mut new, &asked.json());
        kept(&mut new);
        return ok(new.to_string());
    }
    let me = json!({"authenticatedUser": {"id": "7", "providerDisplayName": "Mara",
        "properties": {"Account": {"$type": "System.String", "$value": "mara@acme.example"}}}});
    let nodes = list([
        json!({"id": 1, "name": "Web", "structureType": "area", "children": [{"id": 4, "name": "Shop"}]}),
        json!({"id": 2, "name": "Web", "structureType": "iteration", "children": [{"id": 3, "name": "Sprint 1"}]}),
    ]);
    answer_of(
        &[
            ("GET /Web/_apis/wit/workitemtypes", types()),
            ("GET /_apis/connectionData", me),
            ("GET /Web/_apis/wit/classificationnodes", nodes),
            ("GET /Web/_apis/wit/fields", fields()),
        ],
        asked,
    )
}

/// Does to a work item what a patch says.
pub(crate) fn apply(item: &mut Value, patch: &Value) {
    for operation in patch.as_array().unwrap() {
        let path = operation["path"].as_str().unwrap();
        match (operation["op"].as_str().unwrap(), path.split('/').nth(1).unwrap()) {
            ("add", "relations") => {
                let relations = item.as_object_mut().unwrap().entry("relations").or_insert(json!([]));
                relations.as_array_mut().unwrap().push(operation["value"].clone());
            }
            ("remove", "relations") => {
                let place: usize = path.rsplit('/').next().unwrap().parse().unwrap();
                item["relations"].as_array_mut().unwrap().remove(place);
            }
            ("add", kind) => item[kind][path.split('/').nth(2).unwrap()] = operation["value"].clone(),
            ("remove", "fields") => {
                drop(item["fields"].as_object_mut().unwrap().remove(path.rsplit('/').next().unwrap()))
            }
            ("test", "rev") => assert_eq!(item["rev"], operation["value"]),
            other => panic!("{other:?}"),
        }
    }
}

fn draft() -> Draft {
    Draft::new("Login fails").with_project("acme/Web".to_owned()).with_type("bug".to_owned())
}

fn names(names: &[&str]) -> Vec<String> {
    names.iter().map(|name| (*name).to_owned()).collect()
}

#[test]
fn every_field_is_written_in_one_patch_and_claimed_from_the_answer() {
    let server = server(|_| {});
    let fields = BTreeMap::from([
        ("Team".to_owned(), Json::of("Blue").unwrap()),
        ("acceptance criteria".to_owned(), Json::of("it **works**").unwrap()),
    ]);
    let draft = draft()
        .with_body(Some("A **bold** word".into()))
        .with_priority("urgent".to_owned())
        .with_labels(names(&["a", "b c"]))
        .with_assignees(names(&[ME]))
        .with_containers(names(&["Shop", "Web\\Sprint 1"]))
        .with_parent(Some("acme/Web#1".into()))
        .with_links(vec![LinkDraft::new(LinkKind::Blocks, "acme#2")])
        .with_due(Some(Due::parse("2026-02-01").unwrap()))
        .with_estimate(Some(Estimate::new(5.0, "points")))
        .with_status("New".to_owned())
        .with_fields(fields)
        .with_marker(Some("6f1e-3b52".to_owned()));
    let created = server.kit.create(&draft).unwrap();
    assert_eq!((created.key.as_str(), created.native_id.as_deref()), ("acme/Web#77", Some("77")));
    assert_eq!(created.url.as_deref(), Some("https://dev.azure.com/acme/Web/_workitems/edit/77"));
    assert_eq!((created.refused, created.unknown), (vec![], vec![]));
    let mut applied = created.applied;
    applied.sort();
    let mut asked = draft.asked();
    asked.sort();
    assert_eq!(applied, asked);
    let add = |path: &str, value: Value| json!({"op": "add", "path": path, "value": value});
    let expected = json!([
        add("/fields/System.Title", json!("Login fails")),
        add(
            "/fields/Microsoft.VSTS.TCM.ReproSteps",
            json!("<p>A <strong>bold</strong> word</p><span style=\"display:none\">usher:6f1e-3b52</span>")
        ),
        add("/fields/Microsoft.VSTS.Common.Priority", json!(1)),
        add("/fields/System.Tags", json!("a; b c")),
        add("/fields/System.AssignedTo", json!("mara@acme.example")),
        add("/fields/System.AreaPath", json!("Web\\Shop")),
        add("/fields/System.IterationPath", json!("Web\\Sprint 1")),
        add(
            "/relations/-",
            json!({"rel": "System.LinkTypes.Hierarchy-Reverse", "url": format!("{API}/_apis/wit/workItems/1")})
        ),
        add(
            "/relations/-",
            json!({"rel": "System.LinkTypes.Dependency-Forward", "url": format!("{API}/_apis/wit/workItems/2")})
        ),
        add("/fields/Microsoft.VSTS.Scheduling.DueDate", json!("2026-02-01T00:00:00Z")),
        add("/fields/Microsoft.VSTS.Scheduling.StoryPoints", json!(5.0)),
        add("/fields/Custom.Team", json!("Blue")),
        add("/fields/Microsoft.VSTS.Common.AcceptanceCriteria", json!("<p>it <strong>works</strong></p>")),
        add("/fields/System.State", json!("New")),
    ]);
    assert_eq!(server.last(), expected);
    assert_eq!(server.asked().last().unwrap().path(), "POST /Web/_apis/wit/workitems/$Bug");
}

#[test]
fn a_field_of_the_teams_own_is_written_in_its_language_which_is_asked_once() {
    let server = server(|_| {});
    let fields = |why: &str| {
        BTreeMap::from([("Why".to_owned(), Json::of(why).unwrap()), ("Team".to_owned(), Json::of("*Blue*").unwrap())])
    };
    let created = server.kit.create(&draft().with_fields(fields("It **works** with List<String>"))).unwrap();
    assert_eq!(created.refused, vec![]);
    assert!(created.applied.contains(&FieldName::custom("Why")), "{:?}", created.applied);
    assert_eq!(created.altered.iter().map(|it| it.field.clone()).collect::<Vec<_>>(), [FieldName::custom("Why")]);
    let written =
        |path: &str| server.last().as_array().unwrap().iter().find(|it| it["path"] == path).unwrap()["value"].clone();
    assert_eq!(written("/fields/Custom.Why"), json!("<p>It <strong>works</strong> with List&lt;String&gt;</p>"));
    assert_eq!(written("/fields/Custom.Team"), json!("*Blue*"));
    server.kit.create(&draft().with_fields(fields("Again"))).unwrap();
    assert_eq!(server.lines().iter().filter(|line| line.ends_with("/wit/fields")).count(), 1);
}

#[test]
fn somebody_named_by_an_id_is_looked_up_in_the_directory() {
    const ID: &str = "d291b0c4-a05c-4ea6-8df1-4b41d5f39eff";
    let server = |people: Value| {
        Server::new(move |asked| {
            match asked.head.url.starts_with("https://vssps.dev.azure.com/acme/_apis/identities") {
                true => ok(people.to_string()),
                false => made(asked, &|_| {}),
            }
        })
    };
    let known =
        json!({"id": ID, "providerDisplayName": "Tom", "properties": {"Account": {"$value": "tom@acme.example"}}});
    let draft = draft().with_assignees(names(&[ID]));
    let found = server(list([known]));
    assert!(found.kit.create(&draft).unwrap().applied.contains(&FieldName::Assignees));
    assert!(found.last().to_string().contains("tom@acme.example"));
    assert!(found.lines().iter().any(|line| line.ends_with(&format!("?identityIds={ID}"))));
    let error = server(list([Value::Null])).kit.create(&draft).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Validation, "{error}");
}

#[test]
fn what_azure_devops_did_not_keep_is_refused_and_not_claimed() {
    let server = server(|new| {
        let fields = new["fields"].as_object_mut().unwrap();
        fields.remove("System.AssignedTo");
        fields.insert("System.Tags".to_owned(), json!("a"));
        fields.insert("Microsoft.VSTS.TCM.ReproSteps".to_owned(), json!("<p>other</p>"));
        new["relations"] = json!([]);
    });
    let draft = draft()
        .with_body(Some("text".into()))
        .with_labels(names(&["a", "b"]))
        .with_assignees(names(&["mara@acme.example"]))
        .with_parent(Some("acme/Web#1".into()));
    let created = server.kit.create(&draft).unwrap();
    let refused: Vec<_> = created.refused.iter().map(|it| it.field.clone()).collect();
    assert_eq!(refused, [FieldName::Body, FieldName::Labels, FieldName::Assignees, FieldName::Parent]);
    assert_eq!(created.applied, [FieldName::Title, FieldName::Type, FieldName::Project]);
}

#[test]
fn a_state_in_which_nothing_begins_is_set_by_a_second_request() {
    let server = server(|_| {});
    let created = server.kit.create(&draft().with_status("in_progress".to_owned())).unwrap();
    assert!(created.applied.contains(&FieldName::Status));
    assert_eq!(server.asked().last().unwrap().path(), "PATCH /_apis/wit/workitems/77");
    assert_eq!(server.last(), json!([{"op": "add", "path": "/fields/System.State", "value": "Active"}]));
}

#[test]
fn a_second_request_that_fails_does_not_hide_the_new_work_item() {
    for (status, message, is_refused) in [(400, "TF401320: Rule Error for field State.", true), (500, "x", false)] {
        let server = Server::new(move |asked| match asked.path().starts_with("PATCH") {
            true => complaint(status, message),
            false => made(asked, &|_| {}),
        });
        let created = server.kit.create(&draft().with_status("Active".to_owned())).unwrap();
        assert_eq!(created.key.as_str(), "acme/Web#77");
        let told = if is_refused { &created.refused } else { &created.unknown };
        assert_eq!(told.iter().map(|it| it.field.clone()).collect::<Vec<_>>(), [FieldName::Status]);
    }
}

#[test]
fn what_is_wrong_with_a_draft_is_an_error_before_anything_is_written() {
    for (draft, field, choice) in [
        (Draft::new("x").with_project("Web".to_owned()), "type", "Bug, Task"),
        (draft().with_type("Saga".to_owned()), "type", "Bug, Task"),
        (draft().with_status("Marinating".to_owned()), "status", "New, Active"),
        (draft().with_priority("lowest".to_owned()), "priority", "4 (low)"),
        (draft().with_labels(names(&["a;b"])), "labels", "`;`"),
        (draft().with_assignees(names(&["a", "b"])), "assignees", "several"),
        (draft().with_containers(names(&["Sprint 9"])), "containers", "Web\\Sprint 1"),
        (draft().with_links(vec![LinkDraft::new(LinkKind::UNKNOWN, "acme#2")]), "links", "relates"),
        (
            draft().with_fields(BTreeMap::from([("Nothing".to_owned(), Json::of("x").unwrap())])),
            "fields.Nothing",
            "options",
        ),
    ] {
        let server = server(|_| panic!("it was written"));
        let error = server.kit.create(&draft).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Validation);
        let found = error.fields().iter().find(|found| found.field == field).unwrap_or_else(|| panic!("{error}"));
        assert!(found.message.contains(choice), "{error}");
    }
    let error = server(|_| {}).kit.create(&draft().with_project(None)).unwrap_err();
    assert!(error.hint().unwrap().contains("default_project"), "{error:?}");
}

#[test]
fn what_the_type_does_not_have_is_refused_and_the_rest_is_written() {
    let draft = draft()
        .with_type("Task".to_owned())
        .with_priority("high".to_owned())
        .with_due(Some(Due::parse("2026-02-01").unwrap()))
        .with_estimate(Some(Estimate::new(2.0, "hours")))
        .with_reporter("tom".to_owned());
    let created = server(|_| {}).kit.create(&draft).unwrap();
    let mut refused: Vec<_> = created.refused.iter().map(|it| it.field.clone()).collect();
    refused.sort();
    assert_eq!(refused, [FieldName::Priority, FieldName::Reporter, FieldName::Due, FieldName::Estimate]);
    assert_eq!(created.applied, [FieldName::Title, FieldName::Type, FieldName::Project]);
}

#[test]
fn a_rule_of_the_process_names_its_field() {
    let server = Server::new(|asked| match asked.path().contains("workitems/$") {
        true => Ok(usher_adapter_sdk::testkit::TestHost::response(
            400,
            r#"{"message":"TF401320: Rule Error","typeKey":"RuleValidationException","customProperties":{"RuleValidationErrors":
            [{"fieldReferenceName":"Custom.Team","errorMessage":"TF401320: Required."}]}}"#,
        )),
        false => made(asked, &|_| {}),
    });
    let error = server.kit.create(&draft()).unwrap_err();
    assert_eq!((error.kind(), error.fields()[0].field.as_str()), (ErrorKind::Validation, "Custom.Team"));
}
