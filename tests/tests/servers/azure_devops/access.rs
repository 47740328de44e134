//! Tokens, and the page to sign in at.

use usher_tests::servers::azure_devops::{FakeAzureDevOps, Seed};

use super::{ask, basic, patch, set, target};
use crate::client::{Answer, Ask};

const ITEM: &str = "/_apis/wit/workitems/2";

fn with(azure: &FakeAzureDevOps, authorization: &str, extra: &[(&str, &str)]) -> Answer {
    let ask = Ask::get(&target(azure, ITEM)).header("authorization", authorization);
    extra.iter().fold(ask, |ask, (name, value)| ask.header(name, value)).send(azure)
}

#[test]
fn token_is_a_password_beside_any_user_or_stands_after_bearer() {
    let azure = FakeAzureDevOps::services(Seed::small());
    with(&azure, &basic(&azure.token("ada")), &[]).expect(200);
    with(&azure, "Bearer bearer-token-of-ada", &[]).expect(200);
    with(&azure, &format!("Bearer {}", azure.token("ada")), &[]).expect(203);
}

#[test]
fn wrong_token_is_a_page_to_sign_in_at_unless_asked_for_better() {
    let azure = FakeAzureDevOps::services(Seed::small());
    let page = with(&azure, &basic("wrong"), &[]).expect(203);
    assert!(
        page.text().contains("Sign In")
            && page.header("content-type").is_some_and(|kind| kind.starts_with("text/html"))
    );
    with(&azure, &basic("wrong"), &[("x-tfs-fedauthredirect", "Suppress")]).expect(401);
    let denied =
        Ask::new("PATCH", &target(&azure, ITEM)).text("application/json-patch+json", "[]").send(&azure).expect(401);
    assert!(denied.json()["message"].as_str().is_some_and(|message| message.starts_with("TF400813")));
}

#[test]
fn server_says_401_to_a_wrong_token() {
    let azure = FakeAzureDevOps::on_premises(Seed::small());
    assert!(with(&azure, &basic("wrong"), &[]).expect(401).header("www-authenticate").is_some());
    with(&azure, &basic(&azure.token("ada")), &[]).expect(200);
}

#[test]
fn token_that_only_reads_may_not_write() {
    let azure = FakeAzureDevOps::services(Seed::small());
    with(&azure, &basic("read-token-of-ada"), &[]).expect(200);
    let operations = serde_json::json!([set("System.Title", "Mine")]).to_string();
    let write = Ask::new("PATCH", &target(&azure, ITEM)).header("authorization", &basic("read-token-of-ada"));
    write.text("application/json-patch+json", &operations).send(&azure).expect(403);
    patch(&azure, "PATCH", ITEM, &serde_json::json!([set("System.Title", "Mine")])).expect(200);
}

#[test]
fn project_of_others_does_not_exist() {
    let azure = FakeAzureDevOps::services(Seed::small());
    let ben =
        |path: &str| Ask::get(&target(&azure, path)).header("authorization", &basic(&azure.token("ben"))).send(&azure);
    assert_eq!(ben("/_apis/projects").expect(200).json()["count"], 1);
    ben("/Secret/_apis/wit/workitemtypes").expect(404);
    ben("/_apis/wit/workitems/12").expect(404);
    ask(&azure, "GET", "/_apis/wit/workitems/12").send(&azure).expect(200);
}

#[test]
fn versions_are_checked_as_the_server_knows_them() {
    let services = FakeAzureDevOps::services(Seed::small());
    let server = FakeAzureDevOps::on_premises(Seed::small());
    let version = |azure: &FakeAzureDevOps, version: &str| {
        ask(azure, "GET", &format!("{ITEM}?api-version={version}")).send(azure)
    };
    version(&services, "7.2-preview.3").expect(200);
    let refused = version(&server, "7.2-preview.3").expect(400).json();
    assert_eq!(refused["typeKey"], "VssVersionOutOfRangeException");
    let preview =
        ask(&services, "GET", "/My%20Web/_apis/wit/workItems/2/comments?api-version=7.1").send(&services).expect(400);
    assert_eq!(preview.json()["typeKey"], "VssInvalidPreviewVersionException");
}
