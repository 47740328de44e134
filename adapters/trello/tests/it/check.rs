//! Who am I here, and who is refused.

use serde_json::json;
use usher_adapter_sdk::{ErrorKind, message::Criteria, message::Include, testkit::TestHost};

use crate::server::{Server, ada, ok};

#[test]
fn the_account_is_told_and_boards_that_cannot_be_read_are_warned_of() {
    let server = Server::new(|asked| match asked.path().as_str() {
        "GET /members/me" => Ok(ok(ada().to_string())?.with_header("date", "Thu, 01 Jan 2026 00:00:00 GMT")),
        "GET /members/me/boards" => ok("[]"),
        _ => Ok(TestHost::response(404, "The requested resource was not found.")),
    });
    let identity = server.kit.check().unwrap();
    assert_eq!(identity.user.unwrap().handle.as_deref(), Some("ada"));
    assert!(identity.server_time.is_some());
    assert!(identity.warnings[0].contains("board123"), "{:?}", identity.warnings);
}

#[test]
fn an_archived_board_is_warned_of() {
    let server = Server::of(vec![("GET /boards/board123", json!({"id": "5f00000000000000000000b0", "closed": true}))]);
    assert_eq!(server.kit.check().unwrap().warnings, ["board board123 is archived"]);
}

#[test]
fn wrong_credentials_are_never_an_empty_list() {
    let server =
        Server::new(|_| Ok(TestHost::response(401, "invalid token").with_header("content-type", "text/plain")));
    for error in [
        server.kit.check().unwrap_err(),
        server.kit.fetch(&Criteria::default(), Include::SUMMARY, None).unwrap_err(),
        server.kit.get("card0005", Include::default()).unwrap_err(),
    ] {
        assert_eq!(error.kind(), ErrorKind::Authentication, "{error}");
        assert!(error.message().contains("invalid token"), "{error}");
    }
}

#[test]
fn what_belongs_to_somebody_else_is_a_missing_permission_although_the_status_is_the_same() {
    let server = Server::new(|asked| match asked.path().as_str() {
        "GET /members/me" => ok(ada().to_string()),
        _ => Ok(TestHost::response(401, "unauthorized card permission requested")),
    });
    let error = server.kit.get("card0005", Include::default()).unwrap_err();
    assert_eq!((error.kind(), error.status()), (ErrorKind::Permission, Some(401)));
}
