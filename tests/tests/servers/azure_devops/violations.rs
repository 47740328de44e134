//! Every kind of wrong request is found, and named.

use serde_json::json;
use usher_tests::servers::{
    VIOLATION,
    azure_devops::{FakeAzureDevOps, Seed},
};

use super::{ask, basic, set};
use crate::client::Ask;

/// Sends a wrong request, and returns what the fake says about it.
#[track_caller]
fn violation(ask: impl FnOnce(&FakeAzureDevOps) -> Ask) -> String {
    let azure = FakeAzureDevOps::services(Seed::small());
    let answer = ask(&azure).send(&azure).expect(VIOLATION);
    let violations = azure.violations();
    assert_eq!(violations.len(), 1, "{violations:#?}");
    assert_eq!(answer.json()["message"], violations[0].as_str());
    violations[0].clone()
}

#[test]
fn unknown_path_and_method_are_found() {
    let path = violation(|azure| ask(azure, "GET", "/_apis/wit/tickets"));
    assert!(path.ends_with("the path is not in the documents"), "{path}");
    let method = violation(|azure| ask(azure, "DELETE", "/_apis/wit/workitemsbatch"));
    assert!(method.ends_with("knows POST"), "{method}");
    let number = violation(|azure| ask(azure, "GET", "/_apis/wit/workitems/two"));
    assert!(number.contains("path parameter `id`: \"two\" is not of type \"integer\""), "{number}");
}

#[test]
fn missing_version_and_unknown_query_parameter_are_found() {
    let missing =
        violation(|azure| Ask::get("/acme/_apis/wit/workitems/2").header("authorization", &basic(&azure.token("ada"))));
    assert!(missing.contains("query parameter `api-version` is missing"), "{missing}");
    let unknown = violation(|azure| ask(azure, "GET", "/_apis/wit/workitems/2?expand=all"));
    assert!(unknown.contains("query parameter `expand` is not known"), "{unknown}");
    let value = violation(|azure| ask(azure, "GET", "/_apis/wit/workitems/2?$expand=everything"));
    assert!(value.contains("query parameter `$expand`"), "{value}");
}

#[test]
fn wrong_content_type_and_body_are_found() {
    let operations = json!([set("System.Title", "New")]).to_string();
    let kind = violation(|azure| ask(azure, "PATCH", "/_apis/wit/workitems/2").text("application/json", &operations));
    assert!(
        kind.contains("content type `application/json` is not taken; taken is: application/json-patch+json"),
        "{kind}"
    );
    let verb = violation(|azure| {
        let body = json!([{ "op": "set", "path": "/fields/System.Title", "value": "x" }]).to_string();
        ask(azure, "PATCH", "/_apis/wit/workitems/2").text("application/json-patch+json", &body)
    });
    assert!(verb.contains("\"set\" is not one of"), "{verb}");
    let member = violation(|azure| {
        ask(azure, "POST", "/_apis/wit/workitemsbatch").json(&json!({ "ids": [1], "policy": "omit" }))
    });
    assert!(member.contains("policy"), "{member}");
    let text = violation(|azure| ask(azure, "POST", "/_apis/wit/wiql").json(&json!({ "query": 7 })));
    assert!(text.contains("7 is not of type \"string\""), "{text}");
}

#[test]
#[should_panic(expected = "Azure DevOps does not describe these requests")]
fn wrong_request_fails_the_test_that_sent_it() {
    let azure = FakeAzureDevOps::services(Seed::small());
    Ask::get("/").send(&azure).expect(VIOLATION);
}
