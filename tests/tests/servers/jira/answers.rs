//! The fake's own answers fit Jira's documents, or a client that reads them proves nothing.

use serde_json::json;
use usher_tests::servers::jira::{
    FakeJira, Seed,
    service::{beside_document, cloud_document, data_center_document},
};

use super::{ask, document, send};

/// What is asked of either kind, behind the version.
const READS: &[&str] = &[
    "attachment/{file}",
    "field",
    "issue/OPS-2?expand=names,schema,transitions&properties=seen",
    "issue/OPS-10",
    "issue/HELP-1",
    "issue/OPS-8/comment",
    "issue/OPS-2/editmeta",
    "issue/OPS-2/properties/seen",
    "issue/OPS-2/transitions?expand=transitions.fields",
    "issue/OPS-2/worklog",
    "issue/createmeta/OPS/issuetypes",
    "issue/createmeta/OPS/issuetypes/{bug}",
    "issueLinkType",
    "issuetype",
    "mypermissions",
    "myself",
    "priority",
    "project/OPS",
    "project/OPS/components",
    "project/OPS/statuses",
    "project/OPS/versions",
    "resolution",
    "serverInfo",
    "status",
    "user/assignable/search?project=OPS",
];

/// What only Cloud has.
const CLOUD_READS: &[&str] = &[
    "issueLink/{link}",
    "label",
    "priority/search?maxResults=2",
    "project/search",
    "search/jql?jql=project%3DOPS&fields=*all",
    "user/search?query=a",
];

/// What does not describe itself rightly: path and complaint.
const DEFECTS: &[(&str, &str)] = &[
    // Times have no colon in their offset, so that they are no `date-time`.
    ("", "is not a \"date-time\""),
    // A link within an issue has one end only.
    ("issue/", "\"inwardIssue\" is a required property"),
    ("issue/", "\"outwardIssue\" is a required property"),
];

fn filled(jira: &FakeJira, path: &str) -> String {
    let (file, bug, link) = jira.with_state(|state| {
        let file = *state.attachments.keys().next().expect("a file");
        (file, state.issue_types[1].id, state.links[0].id)
    });
    path.replace("{file}", &file.to_string()).replace("{bug}", &bug.to_string()).replace("{link}", &link.to_string())
}

fn unexpected(path: &str, complaints: Vec<String>) -> Vec<String> {
    let known = |complaint: &String| {
        DEFECTS.iter().any(|(start, defect)| path.starts_with(start) && complaint.contains(defect))
    };
    complaints.into_iter().filter(|complaint| !known(complaint)).collect()
}

#[test]
fn everything_that_cloud_answers_fits_its_document() {
    let jira = FakeJira::cloud(Seed::small_cloud());
    for path in READS.iter().chain(CLOUD_READS) {
        let path = filled(&jira, path);
        let answer = ask(&jira, "GET", &format!("/rest/api/3/{path}")).send(&jira).expect(200);
        let place = format!("/rest/api/3/{}", path.split('?').next().unwrap_or_default());
        let complaints = unexpected(&path, cloud_document().check_answer("GET", &place, 200, &answer.body));
        assert!(complaints.is_empty(), "{path}: {complaints:#?}");
    }
}

#[test]
fn everything_that_a_data_center_answers_fits_its_document() {
    let jira = FakeJira::data_center(Seed::small_data_center());
    for path in READS.iter().chain(&["project", "user/search?username=."]) {
        let path = filled(&jira, path);
        let answer = ask(&jira, "GET", &format!("/rest/api/2/{path}")).send(&jira).expect(200);
        let place = format!("/rest/api/2/{}", path.split('?').next().unwrap_or_default());
        let complaints = unexpected(&path, data_center_document().check_answer("GET", &place, 200, &answer.body));
        assert!(complaints.is_empty(), "{path}: {complaints:#?}");
    }
}

#[test]
fn everything_beside_the_api_fits_its_document() {
    let jira = FakeJira::cloud(Seed::small_cloud());
    let id = jira.issue("HELP-1").comments[0].id;
    let request = "/rest/servicedeskapi/request/HELP-1";
    for path in ["/_edge/tenant_info", request, &format!("{request}/comment"), &format!("{request}/comment/{id}")] {
        let answer = ask(&jira, "GET", path).send(&jira).expect(200);
        let complaints = beside_document().check_answer("GET", path, 200, &answer.body);
        assert!(complaints.is_empty(), "{path}: {complaints:#?}");
    }
}

#[test]
fn every_answer_to_a_write_fits_the_document() {
    let jira = FakeJira::cloud(Seed::small_cloud());
    let fields = json!({ "project": { "key": "OPS" }, "issuetype": { "name": "Task" }, "summary": "New" });
    let ids: Vec<_> = jira.issue("OPS-2").comments.iter().map(|comment| comment.id).collect();
    let writes = [
        ("issue", json!({ "fields": fields }), 201),
        ("issue", json!({ "fields": { "summary": "New" } }), 400),
        ("issue/OPS-2/comment", json!({ "body": document("Done.") }), 201),
        ("issue/bulkfetch", json!({ "issueIdsOrKeys": ["OPS-1", "OPS-999"] }), 200),
        ("comment/list", json!({ "ids": ids }), 200),
        (
            "search/jql",
            json!({ "jql": "project = OPS", "maxResults": 2, "fields": ["*navigable"], "expand": "names" }),
            200,
        ),
        ("search/approximate-count", json!({ "jql": "project = OPS" }), 200),
    ];
    for (path, body, status) in writes {
        let place = format!("/rest/api/3/{path}");
        let answer = send(&jira, "POST", &place, &body).expect(status);
        let complaints = unexpected(path, cloud_document().check_answer("POST", &place, status, &answer.body));
        assert!(complaints.is_empty(), "{path}: {complaints:#?}");
    }
}
