//! Writing to the fake GitHub: what is done, what is dropped in silence, what is refused.

use serde_json::json;
use usher_tests::servers::github::{FakeGithub, Seed};

use crate::client::{Answer, Ask};

fn write(github: &FakeGithub, login: &str, method: &str, path: &str, body: &serde_json::Value) -> Answer {
    Ask::new(method, path).token(&github.token(login)).json(body).send(github)
}

#[test]
fn issue_is_created_with_everything_and_found_under_its_location() {
    let github = FakeGithub::start(Seed::small());
    let body = json!({
        "title": "New", "body": "One\r\ntwo", "labels": ["BUG", "brand new"], "assignees": ["octocat"], "milestone": 1, "type": "bug",
    });
    let answer = write(&github, "octocat", "POST", "/repos/acme/app/issues", &body).expect(201);
    let place =
        answer.header("location").expect("a place").strip_prefix(github.url()).expect("it stays here").to_owned();
    let issue = Ask::get(&place).send(&github).expect(200).json();
    assert_eq!(issue, answer.json());
    assert_eq!(issue["body"], "One\r\ntwo");
    assert_eq!(issue["labels"][0]["name"], "bug");
    assert_eq!(issue["labels"][1]["color"], "ededed");
    assert_eq!(issue["milestone"]["open_issues"], 2);
    assert_eq!(issue["type"]["name"], "Bug");
    assert_eq!(issue["user"]["login"], "octocat");
}

#[test]
fn without_push_access_labels_assignees_milestone_and_type_are_dropped_in_silence() {
    let github = FakeGithub::start(Seed::small());
    let body = json!({ "title": "New", "labels": ["bug"], "assignees": ["octocat"], "milestone": 1, "type": "Bug" });
    let issue = write(&github, "reader", "POST", "/repos/acme/app/issues", &body).expect(201).json();
    assert_eq!((&issue["labels"], &issue["assignees"]), (&json!([]), &json!([])));
    assert!(issue["milestone"].is_null() && issue["type"].is_null());
    let path = format!("/repos/acme/app/issues/{}", issue["number"]);
    let changed = json!({ "title": "Newer", "labels": ["bug"] });
    let issue = write(&github, "reader", "PATCH", &path, &changed).expect(200).json();
    assert_eq!((&issue["title"], &issue["labels"]), (&json!("Newer"), &json!([])));
}

#[test]
fn without_push_access_another_persons_issue_stays_as_it_is() {
    let github = FakeGithub::start(Seed::small());
    write(&github, "reader", "PATCH", "/repos/acme/app/issues/2", &json!({ "title": "Mine" })).expect(403);
    write(&github, "reader", "POST", "/repos/acme/app/issues/2/labels", &json!({ "labels": ["bug"] })).expect(403);
    let assigned = json!({ "assignees": ["reader"] });
    let issue = write(&github, "reader", "POST", "/repos/acme/app/issues/2/assignees", &assigned).expect(201).json();
    assert_eq!(issue["assignees"], json!([]));
    assert_eq!(github.issue("acme/app", 2).title, "Stream the rows");
}

#[test]
fn nobody_in_particular_may_not_write() {
    let github = FakeGithub::start(Seed::small());
    let answer = Ask::new("POST", "/repos/acme/app/issues").json(&json!({ "title": "New" })).send(&github).expect(401);
    assert_eq!(answer.json()["message"], "Requires authentication");
    assert!(github.ledger().committed().is_empty());
}

#[test]
fn issue_is_closed_with_a_reason_and_opened_again() {
    let github = FakeGithub::start(Seed::small());
    let change = |body| write(&github, "octocat", "PATCH", "/repos/acme/app/issues/2", &body).expect(200).json();
    let closed = change(json!({ "state": "closed", "state_reason": "duplicate" }));
    assert_eq!((&closed["state"], &closed["state_reason"]), (&json!("closed"), &json!("duplicate")));
    assert!(closed["closed_at"].is_string());
    assert_eq!(closed["closed_by"]["login"], "octocat");
    let listed = Ask::get("/repos/acme/app/issues?state=closed&sort=updated").send(&github).expect(200).json();
    assert_eq!((&listed[0]["number"], listed[0].get("closed_by")), (&json!(2), None));
    let parent = Ask::get("/repos/acme/app/issues/1").send(&github).expect(200).json();
    assert_eq!(parent["sub_issues_summary"]["percent_completed"], 100);
    let open = change(json!({ "state": "open" }));
    assert_eq!(open["state_reason"], "reopened");
    assert!(open["closed_at"].is_null() && open["closed_by"].is_null());
}

#[test]
fn sets_are_replaced_and_fields_cleared() {
    let github = FakeGithub::start(Seed::small());
    let body =
        json!({ "labels": ["good first issue"], "assignees": [], "milestone": null, "type": null, "body": null });
    let issue = write(&github, "octocat", "PATCH", "/repos/acme/app/issues/1", &body).expect(200).json();
    assert_eq!(issue["labels"].as_array().map(Vec::len), Some(1));
    assert_eq!(issue["assignees"], json!([]));
    assert!(issue["milestone"].is_null() && issue["type"].is_null() && issue["body"].is_null());
}

#[test]
fn labels_are_added_and_taken_away_one_by_one() {
    let github = FakeGithub::start(Seed::small());
    let path = "/repos/acme/app/issues/2/labels";
    let labels = json!({ "labels": ["bug", "help wanted/soon?"] });
    assert_eq!(write(&github, "octocat", "POST", path, &labels).expect(200).json().as_array().map(Vec::len), Some(2));
    let token = github.token("octocat");
    let remove = || Ask::new("DELETE", &format!("{path}/help%20wanted%2Fsoon%3F")).token(&token).send(&github);
    assert_eq!(remove().expect(200).json().as_array().map(Vec::len), Some(1));
    assert_eq!(remove().expect(404).json()["message"], "Label does not exist");
}

#[test]
fn unknown_assignees_are_ignored_unless_told_otherwise() {
    let github = FakeGithub::start(Seed::small());
    let body = json!({ "assignees": ["octocat", "nobody"] });
    let issue = write(&github, "octocat", "POST", "/repos/acme/app/issues/2/assignees", &body).expect(201).json();
    assert_eq!(issue["assignees"].as_array().map(Vec::len), Some(1));
    let issue = write(&github, "octocat", "PATCH", "/repos/acme/app/issues/2", &body).expect(200).json();
    assert_eq!(issue["assignees"].as_array().map(Vec::len), Some(1));
    github.refuse_unknown_assignees();
    let refused = write(&github, "octocat", "PATCH", "/repos/acme/app/issues/2", &body).expect(422).json();
    let expected = json!([{ "value": "nobody", "resource": "Issue", "field": "assignees", "code": "invalid" }]);
    assert_eq!(refused["errors"], expected);
}

#[test]
fn comment_keeps_its_line_ends_and_moves_the_issue_forward() {
    let github = FakeGithub::start(Seed::small());
    let before = github.issue("acme/app", 2).updated_at;
    let body = json!({ "body": "One\r\ntwo" });
    let comment = write(&github, "reader", "POST", "/repos/acme/app/issues/2/comments", &body).expect(201).json();
    assert_eq!(comment["body"], "One\r\ntwo");
    assert!(github.issue("acme/app", 2).updated_at > before);
    assert_eq!(github.issue("acme/app", 2).comments.len(), 1);
}

#[test]
fn locked_issue_takes_comments_of_members_only() {
    let github = FakeGithub::start(Seed::small());
    let path = "/repos/acme/app/issues/10/comments";
    write(&github, "reader", "POST", path, &json!({ "body": "But!" })).expect(403);
    write(&github, "octocat", "POST", path, &json!({ "body": "No." })).expect(201);
}

#[test]
fn refusals_name_resource_field_and_code() {
    let github = FakeGithub::start(Seed::small());
    let refused = |body| write(&github, "octocat", "POST", "/repos/acme/app/issues", &body).expect(422).json();
    let blank = refused(json!({ "title": "" }));
    assert_eq!(blank["message"], "Validation Failed");
    assert_eq!(blank["errors"], json!([{ "resource": "Issue", "field": "title", "code": "missing_field" }]));
    let milestone = refused(json!({ "title": "New", "milestone": 99 }));
    let expected = json!([{ "value": 99, "resource": "Issue", "field": "milestone", "code": "invalid" }]);
    assert_eq!(milestone["errors"], expected);
    let long = refused(json!({ "title": "New", "body": "x".repeat(65_537) }));
    assert_eq!(long["errors"][0]["code"], "custom");
    assert!(github.ledger().committed().is_empty());
}

#[test]
fn repository_without_issues_takes_none() {
    let github = FakeGithub::start(Seed::small());
    let answer =
        write(&github, "octocat", "POST", "/repos/acme/no-issues/issues", &json!({ "title": "New" })).expect(410);
    assert_eq!(answer.json()["message"], "Issues are disabled for this repo");
}

#[test]
fn sub_issue_is_named_by_id_and_has_one_parent() {
    let github = FakeGithub::start(Seed::small());
    let id = |number| github.issue("acme/app", number).id;
    let add = |body| write(&github, "octocat", "POST", "/repos/acme/app/issues/7/sub_issues", &body);
    add(json!({ "sub_issue_id": 2 })).expect(404);
    add(json!({ "sub_issue_id": id(2) })).expect(422);
    let parent = add(json!({ "sub_issue_id": id(2), "replace_parent": true })).expect(201).json();
    assert_eq!(parent["sub_issues_summary"]["total"], 1);
    let (old, child) = (github.issue("acme/app", 1), github.issue("acme/app", 2));
    assert_eq!((old.sub_issues.as_slice(), child.parent), ([3].as_slice(), Some(7)));
    let remove = json!({ "sub_issue_id": id(2) });
    write(&github, "octocat", "DELETE", "/repos/acme/app/issues/7/sub_issue", &remove).expect(200);
    Ask::get("/repos/acme/app/issues/2/parent").send(&github).expect(404);
}
