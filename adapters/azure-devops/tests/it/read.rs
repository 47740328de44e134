//! One work item, with what is beside it.

use serde_json::{Value, json};
use usher_adapter_sdk::{
    ErrorKind,
    host::Connection,
    message::{Include, Raw, Source},
    model::{LinkKind, StatusCategory, Ticket},
    testkit::{Kit, TestHost},
};

use crate::server::{API, Server, answer_of, complaint, connection, item, list, ok, shown, states};

const NOTES: Include = {
    let mut include = Include::SUMMARY;
    include.notes = true;
    include
};

fn fixture(text: &str) -> Value {
    serde_json::from_str(text).unwrap()
}

#[test]
fn the_published_example_with_states_and_comments_becomes_a_ticket() {
    let server = Server::of(vec![
        ("GET /_apis/wit/workitems/12", fixture(include_str!("../fixtures/rest-api-specs/work-item.json"))),
        (
            "GET /MyAgilePrj2/_apis/wit/workitemtypes/User Story/states",
            fixture(include_str!("../fixtures/rest-api-specs/states.json")),
        ),
        (
            "GET /MyAgilePrj2/_apis/wit/workItems/12/comments",
            fixture(include_str!("../fixtures/rest-api-specs/comments-2.json")),
        ),
    ]);
    let ticket = server.kit.get("acme/MyAgilePrj2#12", Include::EVERYTHING).unwrap();
    insta::assert_json_snapshot!(shown(&ticket));
}

#[test]
fn published_examples_with_relations_become_tickets() {
    let items = fixture(include_str!("../fixtures/rest-api-specs/work-items-expanded.json"));
    let tickets: Vec<Value> =
        items["value"].as_array().unwrap().iter().map(|item| shown(&normalized(item.to_string()))).collect();
    insta::assert_json_snapshot!(tickets);
}

#[test]
fn without_notes_a_work_item_and_the_states_of_its_type_are_asked_for() {
    let server = web(json!({}));
    let ticket = server.kit.get("acme/Web#5", Include::default()).unwrap();
    assert_eq!(
        server.lines(),
        ["GET /_apis/wit/workitems/5?$expand=all", "GET /Web/_apis/wit/workitemtypes/Bug/states"]
    );
    assert_eq!(ticket.status.category, StatusCategory::InProgress);
    assert_eq!((ticket.native_id.as_deref(), ticket.revision.as_deref()), (Some("5"), Some("3")));
    assert_eq!(ticket.url.as_deref(), Some("https://dev.azure.com/acme/Web/_workitems/edit/5"));
    assert!(ticket.notes.is_none() && ticket.completeness.is_empty());
}

#[test]
fn a_number_is_enough_and_a_work_item_that_was_moved_has_its_new_key_and_its_notes_from_there() {
    for (key, aliases) in [("acme#5", vec![]), ("5", vec![]), ("acme/Old#5", vec!["acme/Old#5".to_owned()])] {
        let ticket = web(json!({})).kit.get(key, NOTES).unwrap();
        assert_eq!((ticket.key.as_str(), &ticket.aliases), ("acme/Web#5", &aliases));
        assert_eq!(ticket.notes.unwrap().len(), 1);
    }
}

#[test]
fn every_page_of_notes_comes_and_a_circle_of_pages_ends() {
    let server = |last: Option<&'static str>| {
        Server::new(move |asked| {
            let token =
                asked.head.query.iter().find(|(name, _)| name == "continuationToken").map(|(_, value)| value.as_str());
            let page = |id: u64, next: Option<&str>| {
                json!({"totalCount": 3, "comments": [{"id": id, "text": "text", "createdDate": "2026-01-01T00:00:00Z"}],
                    "continuationToken": next})
            };
            ok(match (asked.path().as_str(), token) {
                ("GET /_apis/wit/workitems/5", _) => item(5, json!({})),
                ("GET /Web/_apis/wit/workItems/5/comments", None) => page(1, Some("b")),
                ("GET /Web/_apis/wit/workItems/5/comments", Some("b")) => page(2, Some("c+/=")),
                ("GET /Web/_apis/wit/workItems/5/comments", Some("c+/=")) => page(3, last),
                _ => states(),
            }
            .to_string())
        })
    };
    let notes = server(None).kit.get("acme/Web#5", NOTES).unwrap().notes.unwrap();
    assert_eq!(notes.iter().map(|note| note.id.as_str()).collect::<Vec<_>>(), ["1", "2", "3"]);
    let error = server(Some("b")).kit.get("acme/Web#5", NOTES).unwrap_err();
    assert!(error.message().contains("that was there before"), "{error}");
}

#[test]
fn what_a_state_comes_to_stays_unknown_where_its_type_is_gone() {
    let server = Server::of(vec![("GET /_apis/wit/workitems/5", item(5, json!({})))]);
    let ticket = server.kit.get("acme/Web#5", Include::default()).unwrap();
    assert_eq!(ticket.status.native.name, "Active");
    assert!(server.host.log().iter().any(|(_, line)| line.contains("is not known")));
}

#[test]
fn a_bug_shows_its_steps_and_every_other_type_its_description() {
    let texts = |kind: &str, description: Option<&str>, steps: Option<&str>| {
        let fields = json!({"System.WorkItemType": kind, "System.Description": description, "Microsoft.VSTS.TCM.ReproSteps": steps});
        let ticket = normalized(item(5, fields).to_string());
        let others: Vec<String> = ticket
            .custom_fields
            .unwrap()
            .into_iter()
            .map(|field| field.id)
            .filter(|id| id != "System.Reason")
            .collect();
        (ticket.body.map(|body| body.markdown), others)
    };
    let said = |text: &str, others: &[&str]| {
        (Some(text.to_owned()), others.iter().map(|it| (*it).to_owned()).collect::<Vec<_>>())
    };
    assert_eq!(texts("Bug", Some("D"), Some("S")), said("S", &["System.Description"]));
    assert_eq!(texts("Bug", Some("D"), None), said("D", &[]));
    assert_eq!(texts("Task", Some("D"), Some("S")), said("D", &["Microsoft.VSTS.TCM.ReproSteps"]));
    assert_eq!(texts("Task", None, Some("S")), said("S", &[]));
    assert_eq!(texts("Task", None, None), (None, vec![]));
}

#[test]
fn a_text_is_html_unless_its_field_is_said_to_be_markdown() {
    let mut markdown = item(5, json!({"System.WorkItemType": "Task", "System.Description": "a **b**\r\nc"}));
    let html = normalized(markdown.to_string()).body.unwrap();
    assert_eq!((html.markdown.as_str(), html.format.as_str()), (r"a \*\*b\*\* c", "html"));
    markdown["multilineFieldsFormat"] = json!({"System.Description": "markdown"});
    let text = normalized(markdown.to_string()).body.unwrap();
    assert_eq!((text.markdown.as_str(), text.format.as_str()), ("a **b**\nc", "markdown"));
    assert_eq!(text.native.as_deref(), Some("a **b**\r\nc"));
}

#[test]
fn relations_become_parent_children_links_and_files() {
    let mut whole = item(5, json!({}));
    let to = |rel: &str, number: u64| json!({"rel": rel, "url": format!("{API}/_apis/wit/workItems/{number}"), "attributes": {}});
    whole["relations"] = json!([
        to("System.LinkTypes.Hierarchy-Reverse", 1),
        to("System.LinkTypes.Hierarchy-Forward", 6),
        to("System.LinkTypes.Dependency-Reverse", 7),
        to("Microsoft.VSTS.Common.TestedBy-Forward", 8),
        {"rel": "AttachedFile", "url": format!("{API}/_apis/wit/attachments/098a279a-60b9-40a8-868b-b7fd00c0a439"),
            "attributes": {"name": "a.txt", "resourceSize": 7, "resourceCreatedDate": "2026-01-01T00:00:00Z"}},
        {"rel": "ArtifactLink", "url": "vstfs:///Git/PullRequestId/x%2F1", "attributes": {"name": "Pull Request"}},
    ]);
    let ticket = normalized(whole.to_string());
    assert_eq!(ticket.parent.unwrap().key.as_str(), "acme#1");
    assert_eq!(ticket.children.iter().map(|it| it.key.as_str()).collect::<Vec<_>>(), ["acme#6"]);
    let links: Vec<_> = ticket.links.iter().map(|it| (it.kind.clone(), it.target.key.as_str())).collect();
    assert_eq!(links, [(LinkKind::BlockedBy, "acme#7"), (LinkKind::UNKNOWN, "acme#8")]);
    let files = ticket.attachments.unwrap();
    assert_eq!((files[0].id.as_str(), files[0].size), ("098a279a-60b9-40a8-868b-b7fd00c0a439", Some(7)));
    let pages = ticket.custom_fields.unwrap().into_iter().find(|field| field.id == "relations.ArtifactLink").unwrap();
    assert_eq!(pages.value.as_str(), r#"["vstfs:///Git/PullRequestId/x%2F1"]"#);
}

#[test]
fn areas_and_iterations_are_containers_but_for_their_roots() {
    let fields = json!({"System.AreaPath": "Web\\Shop", "System.AreaId": 4, "System.IterationPath": "Web", "System.IterationId": 1});
    let ticket = normalized(item(5, fields).to_string());
    let found: Vec<_> =
        ticket.containers.iter().map(|it| (it.kind.as_str(), it.name.as_str(), it.id.as_deref())).collect();
    assert_eq!(found, [("component", "Web\\Shop", Some("4"))]);
}

#[test]
fn what_is_not_there_or_not_to_be_seen_is_not_found_and_wrong_credentials_never_look_like_it() {
    let answering = |status: u16, message: &'static str| Server::new(move |_| complaint(status, message));
    let error =
        answering(404, "TF401232: Work item 5 does not exist.").kit.get("acme/Web#5", Include::default()).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::NotFound);
    let error = answering(401, "TF400813: not authorized").kit.get("acme/Web#5", Include::default()).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Authentication);
    let page = Server::new(|_| Ok(TestHost::response(203, "<html>").with_header("content-type", "text/html")));
    for error in [
        page.kit.get("acme/Web#5", NOTES).unwrap_err(),
        page.kit.fetch(&Default::default(), Include::SUMMARY, None).unwrap_err(),
        page.kit.notes("acme/Web#5", None).unwrap_err(),
        page.kit.check().unwrap_err(),
    ] {
        assert_eq!(error.kind(), ErrorKind::Authentication, "{error}");
    }
}

#[test]
fn a_server_of_ones_own_has_its_collection_in_the_path_and_the_old_host_has_it_in_front() {
    for (base, url) in [
        ("https://tfs.example.com:8080/tfs", "https://tfs.example.com:8080/tfs/acme/_apis/wit/workitems/5"),
        ("https://acme.visualstudio.com", "https://acme.visualstudio.com/_apis/wit/workitems/5"),
    ] {
        let host = TestHost::new()
            .with_connection(Connection::new("test").with_base_url(base.to_owned()))
            .on_http(|_, _| complaint(404, "x"));
        let kit = Kit::new::<usher_adapter_azure_devops::AzureDevOps>(r#"{"organization":"acme"}"#, &host).unwrap();
        assert_eq!(kit.get("acme/Web#5", Include::default()).unwrap_err().kind(), ErrorKind::NotFound);
        assert_eq!(host.requests()[0].url, url);
    }
}

/// A project Web with the bug 5, the states of bugs, and one comment.
fn web(fields: Value) -> Server {
    let comments =
        json!({"totalCount": 1, "comments": [{"id": 1, "text": "<b>hi</b>", "createdDate": "2026-01-01T00:00:00Z"}]});
    let table = vec![
        ("GET /_apis/wit/workitems/5", item(5, fields)),
        ("GET /Web/_apis/wit/workitemtypes/Bug/states", states()),
        ("GET /Web/_apis/wit/workItems/5/comments", comments),
        ("GET /Old/_apis/wit/workItems/5/comments", list([])),
    ];
    Server::new(move |asked| match asked.path().as_str() {
        "GET /Old/_apis/wit/workItems/5/comments" => complaint(404, "TF401232: x"),
        _ => answer_of(&table, asked),
    })
}

fn normalized(main: String) -> Ticket {
    let host = TestHost::new().with_connection(connection());
    let kit = Kit::new::<usher_adapter_azure_devops::AzureDevOps>(r#"{"organization":"acme"}"#, &host).unwrap();
    kit.normalize(None, &Raw::main(main), Source::Direct).unwrap()
}
