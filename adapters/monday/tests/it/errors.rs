//! monday.com's complaints, recorded and made up.

use serde_json::json;
use usher_adapter_sdk::{ErrorKind, message::Include, testkit::TestHost};

use crate::server::{Server, failure};

#[test]
fn recorded_complaints_are_what_they_say() {
    for (recording, kind, is_right) in [
        (include_str!("../fixtures/monday_ruby/unauthorized.json"), ErrorKind::Permission, "USER_UNAUTHORIZED"),
        (include_str!("../fixtures/monday_ruby/unauthenticated.json"), ErrorKind::Authentication, "errors"),
        (include_str!("../fixtures/monday_ruby/unauthenticated-words.json"), ErrorKind::Authentication, "errors"),
        (include_str!("../fixtures/monday_ruby/missing-item.json"), ErrorKind::NotFound, "InvalidItemIdException"),
        (include_str!("../fixtures/monday_ruby/internal-error.json"), ErrorKind::Platform, "INTERNAL_SERVER_ERROR"),
    ] {
        let server = Server::recorded(recording, move |body| body.contains(is_right));
        let error = server.kit.get("acme:1111:9001", Include::default()).unwrap_err();
        assert_eq!(error.kind(), kind, "{error}");
        assert!(error.hint().is_some(), "{error}");
    }
}

#[test]
fn too_much_says_how_long_to_wait() {
    for (extensions, header, seconds) in [
        (json!({ "code": "COMPLEXITY_BUDGET_EXHAUSTED", "retry_in_seconds": 17 }), None, 17),
        (json!({ "code": "ComplexityException" }), Some("9"), 9),
        (json!({ "code": "maxConcurrencyExceeded" }), None, 60),
    ] {
        let server = Server::new(move |_| {
            let body = json!({ "errors": [{ "message": "Too much", "extensions": extensions }] });
            let answer = TestHost::response(200, body.to_string());
            Ok(header.into_iter().fold(answer, |answer, wait| answer.with_header("retry-after", wait)))
        });
        let error = server.kit.check().unwrap_err();
        assert_eq!((error.kind(), error.retry_after().unwrap().as_secs()), (ErrorKind::RateLimited, seconds));
    }
}

#[test]
fn an_error_without_a_code_is_one_of_the_query() {
    let server = Server::new(|_| {
        Ok(TestHost::response(200, r#"{"errors":[{"message":"Cannot query field \"x\" on type \"Item\"."}]}"#))
    });
    assert_eq!(server.kit.check().unwrap_err().kind(), ErrorKind::Validation);
    let server = Server::new(|_| failure("SomethingNew"));
    assert_eq!(server.kit.check().unwrap_err().kind(), ErrorKind::Validation);
}

#[test]
fn a_page_in_place_of_an_answer_is_told_by_its_status() {
    for (status, kind) in
        [(401, ErrorKind::Authentication), (404, ErrorKind::Configuration), (502, ErrorKind::Platform)]
    {
        let server = Server::new(move |_| Ok(TestHost::response(status, "<html>")));
        let error = server.kit.check().unwrap_err();
        assert_eq!((error.kind(), error.status()), (kind, Some(status)));
    }
}
