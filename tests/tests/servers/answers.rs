//! The fake's own answers fit GitHub's document, or a client that reads them proves nothing.

use serde_json::json;
use usher_tests::servers::github::{
    FakeGithub, Seed,
    service::{cloud_document, enterprise_document},
};

use crate::client::Ask;

/// What is asked, and the status that comes back.
const READS: &[(&str, u16)] = &[
    ("/meta", 200),
    ("/rate_limit", 200),
    ("/user", 200),
    ("/repos/acme/app", 200),
    ("/repos/acme/app/assignees", 200),
    ("/repos/acme/app/issues?state=all&per_page=100", 200),
    ("/repos/acme/app/issues/1", 200),
    ("/repos/acme/app/issues/5", 200),
    ("/repos/acme/app/issues/6", 200),
    ("/repos/acme/app/issues/8", 301),
    ("/repos/acme/app/issues/9", 410),
    ("/repos/acme/app/issues/999", 404),
    ("/repos/acme/app/issues/1/comments", 200),
    ("/repos/acme/app/labels", 200),
    ("/repos/acme/app/milestones?state=all", 200),
    ("/search/issues?q=export+repo:acme/app", 200),
];

/// The same for what an Enterprise Server does not have.
const NEWER_READS: &[(&str, u16)] = &[
    ("/orgs/acme/issue-fields", 200),
    ("/orgs/nobody/issue-fields", 404),
    ("/repos/acme/app/issue-types", 200),
    ("/repos/acme/app/issues/1/sub_issues", 200),
    ("/repos/acme/app/issues/2/parent", 200),
];

#[test]
fn everything_that_github_com_answers_fits_its_document() {
    let github = FakeGithub::start(Seed::small());
    for (target, status) in READS.iter().chain(NEWER_READS) {
        let answer = Ask::get(target).token(&github.token("octocat")).send(&github).expect(*status);
        let path = target.split('?').next().unwrap_or_default();
        let complaints = cloud_document().check_answer("GET", path, *status, &answer.body);
        assert!(complaints.is_empty(), "{target}: {complaints:#?}");
    }
}

#[test]
fn everything_that_an_enterprise_server_answers_fits_its_document() {
    let github = FakeGithub::build(Seed::small()).enterprise().start();
    for (target, status) in READS {
        let answer = Ask::get(target).token(&github.token("octocat")).send(&github).expect(*status);
        let path = target.split('?').next().unwrap_or_default();
        let complaints = enterprise_document().check_answer("GET", path, *status, &answer.body);
        assert!(complaints.is_empty(), "{target}: {complaints:#?}");
    }
}

#[test]
fn every_answer_to_a_write_fits_the_document() {
    let github = FakeGithub::start(Seed::small());
    let issue = "/repos/acme/app/issues/1";
    let writes = [
        (
            "POST",
            "/repos/acme/app/issues".to_owned(),
            json!({ "title": "New", "labels": ["bug"], "milestone": 1 }),
            201,
        ),
        ("POST", "/repos/acme/app/issues".to_owned(), json!({ "title": " " }), 422),
        ("PATCH", issue.to_owned(), json!({ "state": "closed", "state_reason": "not_planned" }), 200),
        ("POST", format!("{issue}/comments"), json!({ "body": "Done." }), 201),
        ("POST", format!("{issue}/labels"), json!({ "labels": ["new"] }), 200),
        ("DELETE", format!("{issue}/labels/new"), json!(null), 200),
        ("POST", format!("{issue}/assignees"), json!({ "assignees": ["octocat"] }), 201),
        ("DELETE", format!("{issue}/sub_issue"), json!({ "sub_issue_id": github.issue("acme/app", 2).id }), 200),
        ("POST", format!("{issue}/sub_issues"), json!({ "sub_issue_id": github.issue("acme/app", 2).id }), 201),
        ("DELETE", format!("{issue}/assignees"), json!({ "assignees": ["octocat"] }), 200),
    ];
    for (method, path, body, status) in writes {
        let ask = Ask::new(method, &path).token(&github.token("octocat"));
        let ask = if body.is_null() { ask } else { ask.json(&body) };
        let answer = ask.send(&github).expect(status);
        let complaints = cloud_document().check_answer(method, &path, status, &answer.body);
        assert!(complaints.is_empty(), "{method} {path}: {complaints:#?}");
    }
}

#[test]
fn an_answer_that_does_not_fit_is_found() {
    let complaints = cloud_document().check_answer("GET", "/repos/acme/app/issues/1", 200, b"{\"number\":\"one\"}");
    assert!(complaints.iter().any(|complaint| complaint.contains("\"one\"")), "{complaints:#?}");
    assert!(
        complaints.iter().any(|complaint| complaint.contains("\"comments_url\" is a required property")),
        "{complaints:#?}"
    );
}
