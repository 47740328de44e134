//! Reading: work items, what hangs on them, and the words of an organisation.

use serde_json::{Value, json};
use usher_tests::servers::azure_devops::{FakeAzureDevOps, Seed};

use super::{ask, get, post};

#[test]
fn work_item_has_everything_and_nothing_that_is_empty() {
    let azure = FakeAzureDevOps::services(Seed::small());
    let item = get(&azure, "/_apis/wit/workitems/2?$expand=all");
    let fields = &item["fields"];
    assert_eq!((&item["id"], &item["rev"], &fields["System.TeamProject"]), (&json!(2), &json!(1), &json!("My Web")));
    assert_eq!(fields["System.CreatedDate"], "2026-01-01T00:00:02.77Z");
    assert_eq!(
        (&fields["System.AssignedTo"]["uniqueName"], &fields["System.Tags"]),
        (&json!("ada@example.com"), &json!("customer; export"))
    );
    assert_eq!((&fields["System.Parent"], &fields["System.CommentCount"]), (&json!(1), &json!(2)));
    let rels: Vec<_> =
        item["relations"].as_array().into_iter().flatten().filter_map(|relation| relation["rel"].as_str()).collect();
    assert_eq!(rels, ["AttachedFile", "Hyperlink", "System.LinkTypes.Hierarchy-Reverse"]);
    assert!(item["relations"][2]["url"].as_str().is_some_and(|url| url.ends_with("/acme/_apis/wit/workItems/1")));
    assert!(item["_links"]["html"]["href"].is_string());
    let bare = get(&azure, "/_apis/wit/workitems/11");
    assert_eq!(
        (bare["fields"].get("System.AssignedTo"), bare["fields"].get("Microsoft.VSTS.Common.Priority")),
        (None, None)
    );
    assert_eq!(bare.get("relations"), None);
}

#[test]
fn markdown_fields_say_so() {
    let azure = FakeAzureDevOps::services(Seed::small());
    let item = get(&azure, "/_apis/wit/workitems/3");
    assert_eq!(item["multilineFieldsFormat"], json!({ "System.Description": "markdown" }));
    assert_eq!(get(&azure, "/_apis/wit/workitems/2").get("multilineFieldsFormat"), None);
}

#[test]
fn number_is_enough_and_a_project_must_be_the_right_one() {
    let azure = FakeAzureDevOps::services(Seed::small());
    assert_eq!(get(&azure, "/My%20Web/_apis/wit/WorkItems/2")["id"], 2);
    ask(&azure, "GET", "/Secret/_apis/wit/workitems/2").send(&azure).expect(404);
    ask(&azure, "GET", "/Nowhere/_apis/wit/workitems/2").send(&azure).expect(404);
}

#[test]
fn deleted_work_item_looks_like_one_that_never_was() {
    let azure = FakeAzureDevOps::services(Seed::small());
    for id in [6, 999] {
        let refused = ask(&azure, "GET", &format!("/_apis/wit/workitems/{id}")).send(&azure).expect(404).json();
        assert!(refused["message"].as_str().is_some_and(|message| message.starts_with("TF401232")), "{refused}");
    }
}

#[test]
fn fields_and_an_expansion_exclude_each_other() {
    let azure = FakeAzureDevOps::services(Seed::small());
    let item = get(&azure, "/_apis/wit/workitems/2?fields=System.Title,System.State");
    assert_eq!(item["fields"], json!({ "System.Title": "Export stops half-way", "System.State": "Active" }));
    ask(&azure, "GET", "/_apis/wit/workitems/2?fields=System.Title&$expand=all").send(&azure).expect(400);
    let unknown = ask(&azure, "GET", "/_apis/wit/workitems/2?fields=System.Nonsense").send(&azure).expect(400).json();
    assert!(unknown["message"].as_str().is_some_and(|message| message.starts_with("TF51535")));
}

#[test]
fn many_come_at_once_and_those_that_are_missing_are_null_or_an_error() {
    let azure = FakeAzureDevOps::services(Seed::small());
    let batch = |body: Value| post(&azure, "/_apis/wit/workitemsbatch", &body);
    let omitted = batch(json!({ "ids": [2, 6, 1], "errorPolicy": "omit", "$expand": "relations" })).expect(200).json();
    let ids: Vec<_> = omitted["value"].as_array().expect("a list").iter().map(|item| item["id"].clone()).collect();
    assert_eq!((ids, &omitted["value"][1]), (vec![json!(2), Value::Null, json!(1)], &Value::Null));
    batch(json!({ "ids": [2, 6], "errorPolicy": "fail" })).expect(404);
    batch(json!({ "ids": [2], "fields": ["System.Title"], "$expand": "all" })).expect(400);
    let many: Vec<_> = (1..=201).collect();
    batch(json!({ "ids": many, "errorPolicy": "omit" })).expect(400);
}

#[test]
fn comments_come_newest_first_in_pages_by_token() {
    let azure = FakeAzureDevOps::services(Seed::small());
    let path = "/My%20Web/_apis/wit/workItems/7/comments";
    let first = get(&azure, path);
    assert_eq!(
        (&first["totalCount"], &first["count"], &first["comments"][0]["text"]),
        (&json!(205), &json!(200), &json!("<p>Thought 205</p>"))
    );
    let token = first["continuationToken"].as_str().expect("there is more");
    let rest = get(&azure, &format!("{path}?continuationToken={token}"));
    assert_eq!((&rest["count"], rest.get("continuationToken")), (&json!(5), None));
    let oldest = get(&azure, &format!("{path}?order=asc&$top=1"));
    assert_eq!(oldest["comments"][0]["text"], "<p>Thought 1</p>");
    ask(&azure, "GET", &format!("{path}?continuationToken=nonsense")).send(&azure).expect(400);
    let formats = get(&azure, "/My%20Web/_apis/wit/workItems/2/comments");
    assert_eq!(
        (&formats["comments"][0]["format"], &formats["comments"][1]["format"]),
        (&json!("markdown"), &json!("html"))
    );
}

#[test]
fn file_is_found_by_the_id_in_its_relation() {
    let azure = FakeAzureDevOps::services(Seed::small());
    let url = get(&azure, "/_apis/wit/workitems/2?$expand=relations")["relations"][0]["url"].clone();
    let id = url.as_str().and_then(|url| url.rsplit('/').next()).expect("an id").to_owned();
    let file = ask(&azure, "GET", &format!("/My%20Web/_apis/wit/attachments/{id}")).send(&azure).expect(200);
    assert_eq!(file.text(), "row 1000\nrow 1001: no more\n");
    ask(&azure, "GET", "/_apis/wit/attachments/nonsense").send(&azure).expect(404);
}

#[test]
fn words_of_an_organisation_can_be_asked() {
    let azure = FakeAzureDevOps::services(Seed::small());
    let states = get(&azure, "/My%20Web/_apis/wit/workitemtypes/User%20Story/states");
    assert_eq!((&states["count"], &states["value"][2]["category"]), (&json!(5), &json!("Resolved")));
    assert_eq!(get(&azure, "/My%20Web/_apis/wit/workitemtypes/task/states")["value"][0]["name"], "To Do");
    let fields = get(&azure, "/My%20Web/_apis/wit/workitemtypes/Bug/fields?$expand=allowedValues");
    let severity = fields["value"]
        .as_array()
        .and_then(|fields| fields.iter().find(|field| field["name"] == "Severity"))
        .expect("a field")
        .clone();
    assert_eq!(severity["allowedValues"][1], "2 - High");
    let trees = get(&azure, "/My%20Web/_apis/wit/classificationnodes?$depth=5");
    assert_eq!(trees["value"][0]["children"][0]["children"][0]["path"], "\\My Web\\Area\\Backend\\Export");
    assert_eq!(get(&azure, "/My%20Web/_apis/wit/tags")["count"], 3);
    let me = get(&azure, "/_apis/connectionData");
    assert_eq!(
        (&me["authenticatedUser"]["providerDisplayName"], &me["deploymentType"]),
        (&json!("Ada Lovelace"), &json!("hosted"))
    );
    let id = me["authenticatedUser"]["id"].as_str().expect("an id");
    let people = get(&azure, &format!("/_apis/identities?identityIds={id}"));
    assert_eq!(people["value"][0]["properties"]["Account"]["$value"], "ada@example.com");
}

#[test]
fn projects_come_in_pages_whose_token_is_in_a_header() {
    let azure = FakeAzureDevOps::services(Seed::small());
    let first = ask(&azure, "GET", "/_apis/projects?$top=1").send(&azure).expect(200);
    let token = first.header("x-ms-continuationtoken").expect("there is more");
    let second =
        ask(&azure, "GET", &format!("/_apis/projects?$top=1&continuationToken={token}")).send(&azure).expect(200);
    assert_eq!((&second.json()["value"][0]["name"], second.header("x-ms-continuationtoken")), (&json!("Secret"), None));
}
