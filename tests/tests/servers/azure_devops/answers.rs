//! The fake's own answers fit Microsoft's documents, or a client that reads them proves nothing.

use serde_json::json;
use usher_tests::servers::azure_devops::{FakeAzureDevOps, Seed, documents::documents};

use super::{ask, patch, post, set};
use crate::client::Answer;

/// What is asked, and whether the document describes the list inside the answer instead of the answer.
const READS: &[(&str, bool)] = &[
    ("/_apis/connectionData", false),
    ("/_apis/projects", true),
    ("/_apis/identities?identityIds=d291b0c4-a05c-4ea6-8df1-000000000000", true),
    ("/_apis/wit/workitems/2?$expand=all", false),
    ("/_apis/wit/workitems/11", false),
    ("/_apis/wit/fields", true),
    ("/_apis/wit/workitemrelationtypes", true),
    ("/My%20Web/_apis/wit/workItems/2/comments", false),
    ("/My%20Web/_apis/wit/classificationnodes?$depth=3", true),
    ("/My%20Web/_apis/wit/tags", true),
    ("/My%20Web/_apis/wit/workitemtypes", true),
    ("/My%20Web/_apis/wit/workitemtypes/Bug/fields?$expand=allowedValues", true),
    ("/My%20Web/_apis/wit/workitemtypes/Bug/states", true),
];

/// Returns what of an answer is not as described.
fn complaints(method: &str, path: &str, answer: &Answer, list: bool) -> Vec<String> {
    let path = format!("/acme{}", path.split('?').next().unwrap_or_default());
    let document = documents().iter().find(|document| document.knows(&path)).expect("a document has it");
    let body = if list { answer.json()["value"].to_string().into_bytes() } else { answer.body.clone() };
    document.check_answer(method, &path, 200, &body)
}

#[test]
fn everything_that_is_read_fits_its_document() {
    let azure = FakeAzureDevOps::services(Seed::small());
    for (path, list) in READS {
        let answer = ask(&azure, "GET", path).send(&azure).expect(200);
        let complaints = complaints("GET", path, &answer, *list);
        assert!(complaints.is_empty(), "{path}: {complaints:#?}");
    }
}

#[test]
fn every_answer_to_a_post_or_a_write_fits_its_document() {
    let azure = FakeAzureDevOps::services(Seed::small());
    let batch = post(&azure, "/_apis/wit/workitemsbatch", &json!({ "ids": [1, 2, 3], "$expand": "all" })).expect(200);
    let query =
        post(&azure, "/_apis/wit/wiql", &json!({ "query": "SELECT [System.Id], [System.Title] FROM WorkItems" }))
            .expect(200);
    let comment = post(&azure, "/My%20Web/_apis/wit/workItems/2/comments", &json!({ "text": "Done." })).expect(200);
    let update = patch(&azure, "PATCH", "/_apis/wit/workitems/2", &json!([set("System.Title", "New")])).expect(200);
    let create =
        patch(&azure, "POST", "/My%20Web/_apis/wit/workitems/$Task", &json!([set("System.Title", "New")])).expect(200);
    for (method, path, answer, list) in [
        ("POST", "/_apis/wit/workitemsbatch", batch, true),
        ("POST", "/_apis/wit/wiql", query, false),
        ("POST", "/My%20Web/_apis/wit/workItems/2/comments", comment, false),
        ("PATCH", "/_apis/wit/workitems/2", update, false),
        ("POST", "/My%20Web/_apis/wit/workitems/$Task", create, false),
    ] {
        let complaints = complaints(method, path, &answer, list);
        assert!(complaints.is_empty(), "{path}: {complaints:#?}");
    }
}
