//! Who am I here.

use serde_json::{Value, json};
use usher_adapter_sdk::{ErrorKind, testkit::TestHost};

use crate::server::{Server, complaint, list, ok, unexpected};

fn data(descriptor: &str) -> Value {
    json!({"authenticatedUser": {"id": "7", "descriptor": descriptor, "subjectDescriptor": "aad.x", "providerDisplayName": "Mara Lind",
        "isActive": true, "properties": {"Account": {"$type": "System.String", "$value": "mara@acme.example"}}},
        "instanceId": "x", "deploymentType": "hosted"})
}

#[test]
fn the_account_and_the_product_are_told() {
    let server = Server::new(|asked| match asked.path().as_str() {
        "GET /_apis/connectionData" => {
            Ok(TestHost::response(200, data("Microsoft.IdentityModel.Claims.ClaimsIdentity;x").to_string())
                .with_header("date", "Thu, 01 Jan 2026 00:00:00 GMT"))
        }
        "GET /_apis/wit/workitemrelationtypes" => ok(list([]).to_string()),
        _ => unexpected(asked),
    });
    let identity = server.kit.check().unwrap();
    let user = identity.user.unwrap();
    assert_eq!((user.handle.as_deref(), user.display_name.as_deref()), (Some("mara@acme.example"), Some("Mara Lind")));
    assert_eq!((identity.product.as_deref(), identity.warnings), (Some("Azure DevOps Services"), vec![]));
    assert!(identity.server_time.is_some());
}

#[test]
fn an_account_that_nobody_knows_is_an_authentication_error_although_the_answer_is_a_success() {
    let server = Server::new(|_| ok(data("System:PublicAccess;aaaaaaaa-aaaa-aaaa-aaaa-aaaaaaaaaaaa").to_string()));
    assert_eq!(server.kit.check().unwrap_err().kind(), ErrorKind::Authentication);
}

#[test]
fn a_token_without_the_scope_for_work_items_is_warned_of() {
    let server = Server::new(|asked| match asked.path().as_str() {
        "GET /_apis/connectionData" => ok(data("x").to_string()),
        _ => complaint(401, "TF400813: not authorized"),
    });
    assert!(server.kit.check().unwrap().warnings[0].contains("Work Items"));
}
