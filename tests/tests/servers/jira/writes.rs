//! Writing: what is done, what is refused, and what is told of it.

use serde_json::{Value, json};
use usher_tests::servers::{
    Fake as _,
    jira::{FakeJira, Seed},
};

use super::{ask, document, get, send};

const ISSUE: &str = "/rest/api/3/issue";

#[test]
fn issue_is_created_with_everything_and_tells_nothing_but_its_key() {
    let jira = FakeJira::cloud(Seed::small_cloud());
    let ben = get(&jira, "/rest/api/3/user/search?query=ben")[0]["accountId"].clone();
    let fields = json!({
        "project": { "key": "OPS" }, "issuetype": { "name": "Bug" }, "summary": "New", "description": document("Text"),
        "labels": ["a", "b"], "assignee": { "accountId": ben }, "priority": { "name": "High" }, "components": [{ "name": "Backend" }],
        "fixVersions": [{ "name": "2.0" }], "duedate": "2026-03-01", "parent": { "key": "OPS-1" },
        "customfield_10030": { "value": "Minor" }, "customfield_10020": 9,
    });
    let created = send(&jira, "POST", ISSUE, &json!({ "fields": fields })).expect(201).json();
    assert_eq!(created.as_object().map(serde_json::Map::len), Some(3));
    let key = created["key"].as_str().expect("a key");
    let issue = get(&jira, &format!("{ISSUE}/{key}"))["fields"].clone();
    assert_eq!((&issue["summary"], &issue["description"]), (&json!("New"), &document("Text")));
    assert_eq!((&issue["assignee"]["accountId"], &issue["parent"]["key"]), (&ben, &json!("OPS-1")));
    assert_eq!(
        (&issue["customfield_10030"]["value"], &issue["customfield_10020"][0]["id"]),
        (&json!("Minor"), &json!(9))
    );
    assert_eq!(jira.server().ledger().committed().len(), 1);
}

#[test]
fn fields_that_cannot_be_are_refused_by_name_and_nothing_is_done() {
    let jira = FakeJira::cloud(Seed::small_cloud());
    let wrong = [
        (json!({ "summary": "" }), "summary"),
        (json!({ "summary": "two\nlines" }), "summary"),
        (json!({ "description": "plain" }), "description"),
        (json!({ "labels": ["two words"] }), "labels"),
        (json!({ "priority": { "name": "Urgent" } }), "priority"),
        (json!({ "assignee": { "accountId": "nobody" } }), "assignee"),
        (json!({ "customfield_99999": 1 }), "customfield_99999"),
        (json!({ "customfield_10016": "five" }), "customfield_10016"),
        (json!({ "resolution": { "name": "Done" } }), "resolution"),
        (json!({ "duedate": "tomorrow" }), "duedate"),
        (json!({ "issuetype": { "name": "Bug" } }), "customfield_10030"),
        (json!({ "issuetype": { "name": "Incident" } }), "issuetype"),
        (json!({ "project": { "key": "NOPE" } }), "project"),
    ];
    for (change, field) in wrong {
        let mut fields = json!({ "project": { "key": "OPS" }, "issuetype": { "name": "Task" }, "summary": "New" });
        for (name, value) in change.as_object().expect("fields") {
            fields[name] = value.clone();
        }
        let refused = send(&jira, "POST", ISSUE, &json!({ "fields": fields })).expect(400).json();
        assert!(refused["errors"][field].is_string(), "{field}: {refused}");
    }
    assert!(jira.server().ledger().committed().is_empty());
}

#[test]
fn issue_is_changed_by_fields_and_by_operations() {
    let jira = FakeJira::cloud(Seed::small_cloud());
    let path = format!("{ISSUE}/OPS-2");
    let body = json!({
        "fields": { "summary": "Newer", "duedate": null, "priority": { "id": "10003" } },
        "update": { "labels": [{ "add": "new" }, { "remove": "export" }], "fixVersions": [{ "remove": { "name": "1.0" } }] },
    });
    assert_eq!(send(&jira, "PUT", &path, &body).expect(204).body.len(), 0);
    let issue = get(&jira, &path)["fields"].clone();
    assert_eq!(
        (&issue["summary"], &issue["duedate"], &issue["labels"]),
        (&json!("Newer"), &Value::Null, &json!(["customer", "new"]))
    );
    assert_eq!(
        (&issue["priority"]["name"], issue["fixVersions"].as_array().map(Vec::len)),
        (&json!("Medium"), Some(1))
    );
    let twice = json!({ "fields": { "labels": [] }, "update": { "labels": [{ "add": "x" }] } });
    send(&jira, "PUT", &path, &twice).expect(400);
    let whole = send(&jira, "PUT", &format!("{path}?returnIssue=true"), &json!({ "fields": { "summary": "Newest" } }))
        .expect(200);
    assert_eq!(whole.json()["fields"]["summary"], "Newest");
}

#[test]
fn transition_is_found_by_its_own_name_and_may_ask_for_fields() {
    let jira = FakeJira::cloud(Seed::small_cloud());
    let path = format!("{ISSUE}/OPS-2/transitions");
    let ways = get(&jira, &format!("{path}?expand=transitions.fields"))["transitions"].clone();
    let way = |name: &str| {
        ways.as_array().and_then(|ways| ways.iter().find(|way| way["name"] == name)).expect("a way").clone()
    };
    assert_eq!(
        (&way("Finish")["to"]["name"], &way("Finish")["fields"]["resolution"]["required"]),
        (&json!("Done"), &json!(true))
    );
    let go = |fields: Value| {
        send(&jira, "POST", &path, &json!({ "transition": { "id": way("Finish")["id"] }, "fields": fields }))
    };
    assert_eq!(go(json!({})).expect(400).json()["errors"]["resolution"], "Resolution is required.");
    assert!(
        go(json!({ "resolution": { "name": "Done" }, "summary": "x" })).expect(400).json()["errors"]["summary"]
            .is_string()
    );
    go(json!({ "resolution": { "name": "Won't Do" } })).expect(204);
    let issue = get(&jira, &format!("{ISSUE}/OPS-2"))["fields"].clone();
    assert!(
        issue["status"]["name"] == "Done"
            && issue["resolution"]["name"] == "Won't Do"
            && issue["resolutiondate"].is_string()
    );
    let ways = get(&jira, &path)["transitions"].clone();
    assert_eq!((ways.as_array().map(Vec::len), &ways[0]["name"]), (Some(1), &json!("Open again")));
    go(json!({ "resolution": { "name": "Done" } })).expect(400);
}

#[test]
fn somebody_and_nobody_are_assigned() {
    let jira = FakeJira::cloud(Seed::small_cloud());
    let assign = |id: Value| send(&jira, "PUT", &format!("{ISSUE}/OPS-2/assignee"), &json!({ "accountId": id }));
    assign(Value::Null).expect(204);
    assert_eq!(jira.issue("OPS-2").assignee, None);
    let ben = jira.with_state(|state| state.users[1].account_id.clone());
    assign(json!(ben)).expect(204);
    assert_eq!(jira.issue("OPS-2").assignee, Some(1));
    assign(json!("nobody")).expect(400);
}

#[test]
fn internal_property_hides_a_comment_in_a_service_project_only() {
    let jira = FakeJira::cloud(Seed::small_cloud());
    let body = json!({ "body": document("Hush."), "properties": [{ "key": "sd.public.comment", "value": { "internal": true } }] });
    let add = |key: &str| send(&jira, "POST", &format!("{ISSUE}/{key}/comment"), &body).expect(201).json();
    assert_eq!(add("HELP-1")["jsdPublic"], false);
    let leaked = add("OPS-1");
    assert_eq!(leaked["jsdPublic"], true);
    let id = leaked["id"].as_str().expect("a number");
    let property = get(&jira, &format!("/rest/api/3/comment/{id}/properties/sd.public.comment"));
    assert_eq!(property["value"], json!({ "internal": true }));
}

#[test]
fn property_of_a_comment_hides_it_afterwards() {
    let jira = FakeJira::cloud(Seed::small_cloud());
    let id = jira.issue("HELP-1").comments[0].id;
    let path = format!("/rest/api/3/comment/{id}/properties/sd.public.comment");
    send(&jira, "PUT", &path, &json!({ "internal": true })).expect(201);
    send(&jira, "PUT", &path, &json!({ "internal": true })).expect(200);
    assert!(!jira.issue("HELP-1").comments[0].public);
    send(&jira, "PUT", "/rest/api/3/comment/1/properties/a", &json!(1)).expect(404);
}

#[test]
fn service_desk_adds_comments_to_requests_only() {
    let jira = FakeJira::cloud(Seed::small_cloud());
    let add = |key: &str| {
        send(
            &jira,
            "POST",
            &format!("/rest/servicedeskapi/request/{key}/comment"),
            &json!({ "body": "Hush.", "public": false }),
        )
    };
    assert_eq!(add("HELP-1").expect(201).json()["public"], false);
    add("OPS-1").expect(404);
    assert_eq!(jira.issue("HELP-1").comments.len(), 3);
}

#[test]
fn empty_comment_is_refused() {
    let jira = FakeJira::cloud(Seed::small_cloud());
    let refused = send(&jira, "POST", &format!("{ISSUE}/OPS-1/comment"), &json!({ "body": null })).expect(400);
    assert!(refused.json()["errors"]["comment"].is_string());
}

#[test]
fn link_is_made_once_shown_at_both_ends_and_removed() {
    let jira = FakeJira::cloud(Seed::small_cloud());
    let link =
        json!({ "type": { "name": "Blocks" }, "inwardIssue": { "key": "OPS-1" }, "outwardIssue": { "key": "OPS-3" } });
    send(&jira, "POST", "/rest/api/3/issueLink", &link).expect(201);
    send(&jira, "POST", "/rest/api/3/issueLink", &link).expect(201);
    let links = |key: &str| get(&jira, &format!("{ISSUE}/{key}?fields=issuelinks"))["fields"]["issuelinks"].clone();
    assert_eq!(links("OPS-1")[0]["outwardIssue"]["key"], "OPS-3");
    let blocked = links("OPS-3");
    assert_eq!((blocked.as_array().map(Vec::len), &blocked[0]["inwardIssue"]["key"]), (Some(1), &json!("OPS-1")));
    let path = format!("/rest/api/3/issueLink/{}", blocked[0]["id"].as_str().expect("a number"));
    ask(&jira, "DELETE", &path).send(&jira).expect(204);
    ask(&jira, "DELETE", &path).send(&jira).expect(404);
}

#[test]
fn property_is_written_and_read() {
    let jira = FakeJira::cloud(Seed::small_cloud());
    let path = format!("{ISSUE}/OPS-1/properties/marker");
    ask(&jira, "GET", &path).send(&jira).expect(404);
    send(&jira, "PUT", &path, &json!("abc")).expect(201);
    send(&jira, "PUT", &path, &json!({ "a": 1 })).expect(200);
    assert_eq!(get(&jira, &path)["value"], json!({ "a": 1 }));
}

#[test]
fn file_is_uploaded_with_the_header_against_forgery() {
    let jira = FakeJira::cloud(Seed::small_cloud());
    let form = "--x\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.txt\"\r\nContent-Type: text/plain\r\n\r\none\r\ntwo\r\n--x--\r\n";
    let upload =
        ask(&jira, "POST", &format!("{ISSUE}/OPS-1/attachments")).text("multipart/form-data; boundary=x", form);
    upload.send(&jira).expect(403);
    let file = upload.header("x-atlassian-token", "no-check").send(&jira).expect(200).json()[0].clone();
    assert_eq!((&file["filename"], &file["size"]), (&json!("a.txt"), &json!(8)));
    let id: u64 = file["id"].as_str().and_then(|id| id.parse().ok()).expect("a number");
    assert_eq!(jira.with_state(|state| state.attachments[&id].content.clone()), b"one\r\ntwo");
}
