//! What is different on a Data Center: pages by start, markup, names.

use serde_json::json;
use usher_tests::servers::{
    Fake as _,
    jira::{FakeJira, Seed},
};

use super::{ask, get, keys, send};

#[test]
fn search_pages_by_start_and_tells_the_total() {
    let jira = FakeJira::data_center(Seed::issues(false, 25));
    let page = |start: usize| {
        let body =
            json!({ "jql": "project = OPS ORDER BY key", "startAt": start, "maxResults": 10, "fields": ["summary"] });
        send(&jira, "POST", "/rest/api/2/search", &body).expect(200).json()
    };
    assert_eq!((&page(20)["total"], keys(&page(20)).len(), keys(&page(25)).len()), (&json!(25), 5, 0));
    assert_eq!(keys(&page(0))[0], "OPS-1");
    let all = send(&jira, "POST", "/rest/api/2/search", &json!({ "jql": "", "maxResults": 5 })).expect(200).json();
    assert_eq!(keys(&all).len(), 5);
}

#[test]
fn texts_are_markup_and_people_have_names() {
    let jira = FakeJira::data_center(Seed::small_data_center());
    let issue = get(&jira, "/rest/api/2/issue/OPS-2")["fields"].clone();
    assert!(
        issue["description"].as_str().is_some_and(|text| text.starts_with("h2. What happens")),
        "{}",
        issue["description"]
    );
    assert_eq!((&issue["assignee"]["name"], issue["assignee"].get("accountId")), (&json!("ada"), None));
    assert_eq!(issue["comment"]["comments"][0].get("jsdPublic"), None);
    let fields = json!({ "project": { "key": "OPS" }, "issuetype": { "name": "Task" }, "summary": "New", "description": "*bold*", "assignee": { "name": "ben" } });
    let key = send(&jira, "POST", "/rest/api/2/issue", &json!({ "fields": fields })).expect(201).json()["key"].clone();
    assert_eq!(
        get(&jira, &format!("/rest/api/2/issue/{}", key.as_str().expect("a key")))["fields"]["description"],
        "*bold*"
    );
    let comment =
        send(&jira, "POST", "/rest/api/2/issue/OPS-1/comment", &json!({ "body": "h1. Text" })).expect(201).json();
    assert_eq!(comment["body"], "h1. Text");
}

#[test]
fn file_is_on_the_server_itself() {
    let jira = FakeJira::data_center(Seed::small_data_center());
    let file = get(&jira, "/rest/api/2/issue/OPS-2?fields=attachment")["fields"]["attachment"][0].clone();
    let path =
        file["content"].as_str().and_then(|address| address.strip_prefix(jira.url())).expect("it is here").to_owned();
    assert_eq!(ask(&jira, "GET", &path).send(&jira).expect(200).text(), "row 1000\nrow 1001: no more\n");
}

#[test]
fn cloud_has_no_search_of_data_center_and_the_other_way_round() {
    let jira = FakeJira::data_center(Seed::small_data_center());
    ask(&jira, "GET", "/rest/api/3/myself").send(&jira).expect(404);
    ask(&jira, "GET", "/_edge/tenant_info").send(&jira).expect(404);
    assert!(jira.violations().is_empty());
}
