//! Reading: issues, what hangs on them, and the words of a site.

use serde_json::json;
use usher_tests::servers::{
    Fake as _,
    jira::{FakeJira, Seed},
};

use super::{ask, get, keys, send};
use crate::client::Answer;

#[test]
fn issue_has_everything_and_times_without_a_colon() {
    let jira = FakeJira::cloud(Seed::small_cloud());
    let issue = get(&jira, "/rest/api/3/issue/OPS-2?expand=names,transitions&properties=seen");
    let fields = &issue["fields"];
    assert_eq!(fields["created"], "2026-01-01T02:00:02.056+0200");
    assert_eq!(
        (&fields["status"]["name"], &fields["status"]["statusCategory"]["key"]),
        (&json!("In Progress"), &json!("indeterminate"))
    );
    assert_eq!(fields["description"]["content"][4]["type"], "panel");
    assert_eq!((&fields["parent"]["key"], &fields["subtasks"][0]["key"]), (&json!("OPS-1"), &json!("OPS-4")));
    assert_eq!(
        (&fields["comment"]["total"], &fields["attachment"][0]["filename"]),
        (&json!(2), &json!("log file.txt"))
    );
    assert_eq!(fields["customfield_10020"][0]["name"], "Sprint 7");
    assert_eq!(fields["assignee"].get("emailAddress"), None);
    assert_eq!(issue["names"]["customfield_10016"], "Story Points");
    assert_eq!(issue["properties"], json!({ "seen": true }));
    assert_eq!(issue["transitions"].as_array().map(Vec::len), Some(4));
}

#[test]
fn fields_are_those_that_were_asked_for() {
    let jira = FakeJira::cloud(Seed::small_cloud());
    let names = |query: &str| {
        let issue = get(&jira, &format!("/rest/api/3/issue/OPS-2?fields={query}"));
        issue["fields"].as_object().map(|fields| fields.keys().cloned().collect::<Vec<_>>()).unwrap_or_default()
    };
    assert_eq!(names("summary,status"), ["status", "summary"]);
    assert!(!names("*navigable").contains(&"comment".to_owned()) && names("*all").contains(&"comment".to_owned()));
    assert!(
        !names("-description").contains(&"description".to_owned())
            && names("-description").contains(&"summary".to_owned())
    );
}

#[test]
fn moved_issue_is_found_by_its_old_key_and_tells_its_new_one() {
    let jira = FakeJira::cloud(Seed::small_cloud());
    let id = get(&jira, "/rest/api/3/issue/OPS-9")["id"].clone();
    for name in ["OPS-9", "ops-9", "old-1", id.as_str().expect("a text")] {
        assert_eq!(get(&jira, &format!("/rest/api/3/issue/{name}"))["key"], "OLD-1", "{name}");
    }
    let found = send(&jira, "POST", "/rest/api/3/search/jql", &json!({ "jql": "key = OPS-9" })).expect(200);
    assert_eq!(keys(&found.json()), ["OLD-1"]);
}

#[test]
fn many_issues_come_by_their_id_and_missing_ones_beside_them() {
    let jira = FakeJira::cloud(Seed::small_cloud());
    let bulk = |names: &[String]| -> Answer {
        send(&jira, "POST", "/rest/api/3/issue/bulkfetch", &json!({ "issueIdsOrKeys": names, "fields": ["summary"] }))
    };
    let answer = bulk(&["OPS-3", "OPS-999", "OPS-2"].map(str::to_owned)).expect(200).json();
    assert_eq!(keys(&answer), ["OPS-2", "OPS-3"]);
    assert_eq!(answer["issueErrors"][0]["id"], "OPS-999");
    bulk(&(1..=101).map(|number| format!("OPS-{number}")).collect::<Vec<_>>()).expect(400);
}

#[test]
fn comments_within_an_issue_are_cut_and_come_in_pages_on_their_own() {
    let jira = FakeJira::cloud(Seed::small_cloud());
    let issue = get(&jira, "/rest/api/3/issue/OPS-8?fields=comment");
    let within = &issue["fields"]["comment"];
    assert_eq!((within["comments"].as_array().map(Vec::len), &within["total"]), (Some(20), &json!(30)));
    let rest = get(&jira, "/rest/api/3/issue/OPS-8/comment?startAt=20&maxResults=50");
    assert_eq!(rest["comments"].as_array().map(Vec::len), Some(10));
    let newest = get(&jira, "/rest/api/3/issue/OPS-8/comment?orderBy=-created&maxResults=1");
    assert_eq!(newest["comments"][0]["body"]["content"][0]["content"][0]["text"], "Thought 30");
}

#[test]
fn internal_comment_says_so() {
    let jira = FakeJira::cloud(Seed::small_cloud());
    let comments = get(&jira, "/rest/api/3/issue/HELP-1/comment");
    assert_eq!(
        (&comments["comments"][0]["jsdPublic"], &comments["comments"][1]["jsdPublic"]),
        (&json!(true), &json!(false))
    );
    let internal = get(&jira, "/rest/servicedeskapi/request/HELP-1/comment?public=false");
    assert_eq!((&internal["values"][0]["body"], &internal["size"]), (&json!("He says that every week."), &json!(1)));
    ask(&jira, "GET", "/rest/servicedeskapi/request/OPS-1").send(&jira).expect(404);
}

#[test]
fn file_is_on_another_server_that_takes_no_credentials() {
    let jira = FakeJira::cloud(Seed::small_cloud());
    let file = get(&jira, "/rest/api/3/issue/OPS-2?fields=attachment")["fields"]["attachment"][0].clone();
    let path = file["content"]
        .as_str()
        .and_then(|address| address.strip_prefix(jira.url()))
        .expect("it begins here")
        .to_owned();
    let answer = ask(&jira, "GET", &path).send(&jira).expect(303);
    let place = answer.header("location").expect("a place").to_owned();
    assert!(!place.starts_with(jira.url()));
    assert_eq!(Answer::of(&place, None).expect(200).text(), "row 1000\nrow 1001: no more\n");
    Answer::of(&place, Some("Basic eDp5")).expect(599);
    assert_eq!(jira.violations().len(), 1);
    assert_eq!(jira.media_ledger().len(), 2);
}

#[test]
fn old_search_is_gone_and_says_where_the_new_one_is() {
    let jira = FakeJira::cloud(Seed::small_cloud());
    let get = ask(&jira, "GET", "/rest/api/3/search?jql=project%3DOPS").send(&jira).expect(410).json();
    let post = send(&jira, "POST", "/rest/api/3/search", &json!({ "jql": "project = OPS" })).expect(410).json();
    assert_eq!(get, post);
    assert!(
        get["errorMessages"][0].as_str().is_some_and(|message| message.contains("/rest/api/3/search/jql")),
        "{get}"
    );
}

#[test]
fn both_kinds_say_what_they_are_where_both_have_it() {
    for (jira, kind) in
        [(FakeJira::cloud(Seed::small_cloud()), "Cloud"), (FakeJira::data_center(Seed::small_data_center()), "Server")]
    {
        assert_eq!(get(&jira, "/rest/api/2/serverInfo")["deploymentType"], kind);
    }
}

#[test]
fn words_of_a_site_can_be_asked() {
    let jira = FakeJira::cloud(Seed::small_cloud());
    let meta = get(&jira, "/rest/api/3/issue/createmeta/OPS/issuetypes");
    let bug = meta["issueTypes"]
        .as_array()
        .and_then(|types| types.iter().find(|kind| kind["name"] == "Bug"))
        .expect("a type")
        .clone();
    let fields =
        get(&jira, &format!("/rest/api/3/issue/createmeta/OPS/issuetypes/{}", bug["id"].as_str().expect("a text")));
    let severity = fields["fields"]
        .as_array()
        .and_then(|fields| fields.iter().find(|field| field["name"] == "Severity"))
        .expect("a field")
        .clone();
    assert_eq!((&severity["required"], &severity["allowedValues"][0]["value"]), (&json!(true), &json!("Critical")));
    let teams = get(&jira, "/rest/api/3/field");
    assert_eq!(teams.as_array().map(|fields| fields.iter().filter(|field| field["name"] == "Team").count()), Some(2));
    let people = get(&jira, "/rest/api/3/user/assignable/search?project=SEC&query=a");
    assert_eq!(people.as_array().map(Vec::len), Some(1));
    assert_eq!(get(&jira, "/rest/api/3/label")["values"], json!(["customer", "export"]));
    assert_eq!(get(&jira, "/rest/api/3/project/HELP")["projectTypeKey"], "service_desk");
    assert_eq!(get(&jira, "/rest/api/3/project/OPS/statuses")[0]["statuses"].as_array().map(Vec::len), Some(4));
}
