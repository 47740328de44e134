//! Writing: what is done, what is refused, and what is told of it.

use serde_json::{Value, json};
use usher_tests::servers::{
    Fake as _,
    azure_devops::{FakeAzureDevOps, Seed},
};

use super::{ask, get, patch, post, set};

const ITEM: &str = "/_apis/wit/workitems";

fn update(azure: &FakeAzureDevOps, id: u64, operations: &Value) -> Value {
    patch(azure, "PATCH", &format!("{ITEM}/{id}?$expand=all"), operations).expect(200).json()
}

#[test]
fn work_item_is_created_with_everything() {
    let azure = FakeAzureDevOps::services(Seed::small());
    let parent = get(&azure, "/_apis/wit/workitems/1")["url"].clone();
    let operations = json!([
        set("System.Title", "New"),
        set("System.Description", "<div>Text</div>"),
        set("System.Tags", "b; A; a"),
        set("System.AssignedTo", "ben@example.com"),
        set("System.AreaPath", "My Web\\Backend"),
        set("Microsoft.VSTS.Common.Priority", 1),
        set("System.State", "Active"),
        json!({ "op": "add", "path": "/relations/-", "value": { "rel": "System.LinkTypes.Hierarchy-Reverse", "url": parent } }),
    ]);
    let item = patch(&azure, "POST", "/My%20Web/_apis/wit/workitems/$User%20Story?$expand=all", &operations)
        .expect(200)
        .json();
    let fields = &item["fields"];
    assert_eq!((&item["id"], &item["rev"], &fields["System.Tags"]), (&json!(13), &json!(1), &json!("A; b")));
    assert_eq!(
        (&fields["System.CreatedBy"]["displayName"], &fields["System.AssignedTo"]["displayName"]),
        (&json!("Ada Lovelace"), &json!("Ben Bitdiddle"))
    );
    assert_eq!((&fields["System.Parent"], &fields["System.Reason"]), (&json!(1), &json!("Moved to state Active")));
    let children = get(&azure, "/_apis/wit/workitems/1?$expand=relations");
    assert!(children["relations"].as_array().is_some_and(|relations| {
        relations.iter().any(|one| one["url"].as_str().is_some_and(|url| url.ends_with("/13")))
    }));
    assert_eq!(azure.server().ledger().committed().len(), 1);
}

#[test]
fn rules_of_fields_are_kept_and_nothing_is_done() {
    let azure = FakeAzureDevOps::services(Seed::small());
    let wrong = [
        (set("System.State", "To Do"), "System.State"),
        (set("System.Title", ""), "System.Title"),
        (set("System.Title", "x".repeat(256)), "System.Title"),
        (set("System.AssignedTo", "nobody@example.com"), "System.AssignedTo"),
        (set("Microsoft.VSTS.Common.Priority", 5), "Microsoft.VSTS.Common.Priority"),
        (set("System.CreatedDate", "2020-01-01T00:00:00Z"), "System.CreatedDate"),
    ];
    for (operation, field) in wrong {
        let refused = patch(&azure, "PATCH", &format!("{ITEM}/2"), &json!([operation])).expect(400).json();
        assert_eq!(refused["customProperties"]["RuleValidationErrors"][0]["fieldReferenceName"], field, "{refused}");
    }
    let others = [
        (set("System.Nonsense", 1), "TF51535"),
        (set("System.AreaPath", "Nowhere"), "TF401347"),
        (json!({ "op": "add", "path": "/nonsense", "value": 1 }), "The path"),
        (json!({ "op": "remove", "path": "/relations/9" }), "The relation"),
        (
            json!({ "op": "add", "path": "/relations/-", "value": { "rel": "System.LinkTypes.Related", "url": "x/999" } }),
            "TF401232",
        ),
    ];
    for (operation, start) in others {
        let refused = patch(&azure, "PATCH", &format!("{ITEM}/2"), &json!([operation])).json();
        assert!(refused["message"].as_str().is_some_and(|message| message.starts_with(start)), "{refused}");
    }
    patch(&azure, "POST", "/My%20Web/_apis/wit/workitems/$Incident", &json!([set("System.Title", "New")])).expect(404);
    assert_eq!((azure.item(2).rev, azure.server().ledger().committed().len()), (1, 0));
}

#[test]
fn revision_that_has_passed_is_412_and_nothing_is_done() {
    let azure = FakeAzureDevOps::services(Seed::small());
    let guarded = |rev: u64| json!([{ "op": "test", "path": "/rev", "value": rev }, set("System.Title", "Guarded")]);
    let item = update(&azure, 2, &guarded(1));
    assert_eq!((&item["rev"], &item["fields"]["System.Title"]), (&json!(2), &json!("Guarded")));
    let refused = patch(&azure, "PATCH", &format!("{ITEM}/2"), &guarded(1)).expect(412).json();
    assert!(refused["message"].as_str().is_some_and(|message| message.starts_with("TF26071")));
    assert_eq!(azure.item(2).rev, 2);
}

#[test]
fn fields_are_cleared_and_a_state_brings_its_dates() {
    let azure = FakeAzureDevOps::services(Seed::small());
    let operations = json!([
        { "op": "remove", "path": "/fields/System.Tags" },
        set("System.AssignedTo", ""),
        set("System.State", "Closed"),
    ]);
    let fields = update(&azure, 2, &operations)["fields"].clone();
    assert_eq!((fields.get("System.Tags"), fields.get("System.AssignedTo")), (None, None));
    assert!(fields["Microsoft.VSTS.Common.ClosedDate"].is_string());
    let fields = update(&azure, 2, &json!([set("System.State", "Active")]))["fields"].clone();
    assert_eq!(fields.get("Microsoft.VSTS.Common.ClosedDate"), None);
}

#[test]
fn trial_saves_nothing() {
    let azure = FakeAzureDevOps::services(Seed::small());
    let path = format!("{ITEM}/2?validateOnly=true");
    let tried = patch(&azure, "PATCH", &path, &json!([set("System.Title", "Tried")])).expect(200).json();
    assert_eq!(
        (&tried["fields"]["System.Title"], azure.item(2).text("System.Title")),
        (&json!("Tried"), "Export stops half-way")
    );
    assert!(azure.server().ledger().committed().is_empty());
}

#[test]
fn field_becomes_markdown_and_never_html_again() {
    let azure = FakeAzureDevOps::services(Seed::small());
    let format =
        |format: &str| json!({ "op": "add", "path": "/multilineFieldsFormat/System.Description", "value": format });
    let item = update(&azure, 2, &json!([set("System.Description", "**Text**"), format("Markdown")]));
    assert_eq!(item["multilineFieldsFormat"]["System.Description"], "markdown");
    patch(&azure, "PATCH", &format!("{ITEM}/2"), &json!([format("Html")])).expect(400);
}

#[test]
fn relation_is_made_once_seen_at_both_ends_and_removed_by_its_place() {
    let azure = FakeAzureDevOps::services(Seed::small());
    let relate = json!([{ "op": "add", "path": "/relations/-", "value": { "rel": "System.LinkTypes.Related", "url": "https://old.example/_apis/wit/workItems/10" } }]);
    let item = update(&azure, 11, &relate);
    assert_eq!(item["relations"][0]["rel"], "System.LinkTypes.Related");
    patch(&azure, "PATCH", &format!("{ITEM}/11"), &relate).expect(400);
    assert_eq!((azure.item(10).relations.len(), azure.item(10).rev), (1, 2));
    let item = update(&azure, 11, &json!([{ "op": "remove", "path": "/relations/0" }]));
    assert_eq!((item.get("relations"), azure.item(10).relations.len()), (None, 0));
}

#[test]
fn work_item_has_one_parent() {
    let azure = FakeAzureDevOps::services(Seed::small());
    let second = json!([{ "op": "add", "path": "/relations/-", "value": { "rel": "System.LinkTypes.Hierarchy-Reverse", "url": "x/8" } }]);
    let refused = patch(&azure, "PATCH", &format!("{ITEM}/2"), &second).expect(400).json();
    assert!(refused["message"].as_str().is_some_and(|message| message.starts_with("TF201036")));
}

#[test]
fn comment_is_html_unless_said_otherwise() {
    let azure = FakeAzureDevOps::services(Seed::small());
    let path = "/My%20Web/_apis/wit/workItems/11/comments";
    assert_eq!(post(&azure, path, &json!({ "text": "<b>One</b>" })).expect(200).json()["format"], "html");
    let markdown = post(&azure, &format!("{path}?format=markdown"), &json!({ "text": "**Two**" })).expect(200).json();
    assert_eq!(
        (&markdown["format"], &markdown["createdBy"]["displayName"]),
        (&json!("markdown"), &json!("Ada Lovelace"))
    );
    post(&azure, path, &json!({ "text": " " })).expect(400);
    update(&azure, 11, &json!([set("System.History", "<p>Three</p>")]));
    assert_eq!(azure.item(11).comments.len(), 3);
}

#[test]
fn file_is_brought_and_then_hung_on_a_work_item() {
    let azure = FakeAzureDevOps::services(Seed::small());
    let bring = ask(&azure, "POST", "/My%20Web/_apis/wit/attachments?fileName=a.txt")
        .text("application/octet-stream", "one\r\ntwo");
    let file = bring.send(&azure).expect(201).json();
    let relation = json!([{ "op": "add", "path": "/relations/-", "value": { "rel": "AttachedFile", "url": file["url"], "attributes": { "comment": "see" } } }]);
    let item = update(&azure, 11, &relation);
    assert_eq!(
        (&item["relations"][0]["attributes"]["name"], &item["relations"][0]["attributes"]["resourceSize"]),
        (&json!("a.txt"), &json!(8))
    );
}
