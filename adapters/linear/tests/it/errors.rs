//! Linear's complaints, by code, type, status and headers.

use std::time::Duration;

use serde_json::json;
use usher_adapter_sdk::{Error, ErrorKind, host::Response, message::Include, testkit::TestHost};

use crate::server::{Server, data, failure, issue, nodes};

fn error(answer: Response) -> Error {
    Server::new(move |_| Ok(answer.clone())).kit.get("ENG-5", Include::SUMMARY).unwrap_err()
}

fn complaint(status: u16, code: &str, kind: &str) -> Response {
    failure(status, code, kind, &["somewhere"]).unwrap()
}

#[test]
fn codes_and_types_say_what_it_is_whatever_the_status() {
    for (code, kind, expected, is_retryable) in [
        ("AUTHENTICATION_ERROR", "authentication error", ErrorKind::Authentication, false),
        ("FORBIDDEN", "forbidden", ErrorKind::Permission, false),
        ("FEATURE_NOT_ACCESSIBLE", "feature not accessible", ErrorKind::Permission, false),
        ("", "usage limit exceeded", ErrorKind::Permission, false),
        ("INPUT_ERROR", "invalid input", ErrorKind::Validation, false),
        ("INVALID_INPUT", "", ErrorKind::Validation, false),
        ("GRAPHQL_VALIDATION_FAILED", "graphql error", ErrorKind::Validation, false),
        ("", "user error", ErrorKind::Validation, false),
        ("INTERNAL_SERVER_ERROR", "internal error", ErrorKind::Platform, true),
        ("", "lock timeout", ErrorKind::Platform, true),
        ("RATELIMITED", "ratelimited", ErrorKind::RateLimited, true),
        ("SOMETHING_NEW", "ratelimited", ErrorKind::RateLimited, true),
    ] {
        for status in [200, 400, 500] {
            let error = error(complaint(status, code, kind));
            let own = (error.kind(), error.is_retryable(), error.status());
            assert_eq!(own, (expected, is_retryable, Some(status)), "{code} {kind}");
            assert_eq!(error.message(), "ENG-5: Linear answers: Words for people.");
            assert!(error.hint().is_some());
        }
    }
}

#[test]
fn without_a_code_the_status_says_what_it_is() {
    for (status, expected, is_retryable) in [
        (400, ErrorKind::Validation, false),
        (401, ErrorKind::Authentication, false),
        (403, ErrorKind::Permission, false),
        (404, ErrorKind::Configuration, false),
        (429, ErrorKind::RateLimited, true),
        (302, ErrorKind::Platform, false),
        (500, ErrorKind::Platform, true),
        (503, ErrorKind::Platform, true),
    ] {
        for body in ["<html>", "", r#"{"errors":[]}"#, r#"{"errors":[{"message":"x"}]}"#] {
            let error = error(TestHost::response(status, body));
            assert_eq!((error.kind(), error.is_retryable()), (expected, is_retryable), "{status} {body}");
        }
    }
}

#[test]
fn an_error_has_a_status_of_its_own_inside_of_another() {
    let body = json!({ "errors": [{ "message": "x", "extensions": { "statusCode": 403 } }] });
    assert_eq!(error(TestHost::response(200, body.to_string())).kind(), ErrorKind::Permission);
}

#[test]
fn a_success_without_data_is_none() {
    for body in ["<html>", "", "{}", "[]", r#"{"data":null}"#, r#"{"data":{}}"#, r#"{"data":{"issue":7}}"#] {
        let error = error(TestHost::response(200, body));
        assert!(matches!(error.kind(), ErrorKind::Platform | ErrorKind::ResponseParse), "{body}: {error:?}");
    }
    assert_eq!(error(TestHost::response(200, r#"{"data":{"issue":null}}"#)).kind(), ErrorKind::NotFound);
}

#[test]
fn how_long_to_wait_is_read_from_the_budget_that_is_spent() {
    let limited = || complaint(400, "RATELIMITED", "ratelimited");
    // The clock of the tests stands at 2026-01-01.
    let later = |seconds: i64| ((1_767_225_600 + seconds) * 1_000).to_string();
    let budget = |name: &str, remaining: &str, reset: String| {
        limited()
            .with_header(format!("x-ratelimit-{name}-remaining"), remaining)
            .with_header(format!("x-ratelimit-{name}-reset"), reset)
    };
    for (answer, seconds) in [
        (limited(), 60),
        (limited().with_header("retry-after", "7"), 7),
        (budget("requests", "0", later(90)), 90),
        (budget("complexity", "0", later(120)), 120),
        (budget("endpoint-requests", "0", later(5)), 5),
        (budget("requests", "12", later(90)), 60),
        (budget("requests", "0", "soon".to_owned()), 60),
        (budget("requests", "0", later(-90)), 0),
    ] {
        assert_eq!(error(answer).retry_after(), Some(Duration::from_secs(seconds)));
    }
}

#[test]
fn an_issue_is_missing_only_where_nothing_but_its_id_was_asked() {
    let of = |path: &[&str]| error(failure(200, "INPUT_ERROR", "invalid input", path).unwrap()).kind();
    assert_eq!(of(&["issue"]), ErrorKind::NotFound);
    assert_eq!(of(&["issue", "comments"]), ErrorKind::Validation);
    assert_eq!(of(&["issueUpdate"]), ErrorKind::Validation);
    assert_eq!(of(&[]), ErrorKind::Validation);
}

#[test]
fn who_we_are_is_asked_with_the_workspace_and_what_is_left() {
    let viewer =
        || json!({ "viewer": crate::server::user(7, "mara"), "organization": { "name": "Acme", "urlKey": "acme" } });
    let server = Server::at(crate::server::connection(), r#"{"workspace":"other"}"#, move |_| {
        Ok(data(viewer())?
            .with_header("date", "Mon, 03 Mar 2025 11:34:49 GMT")
            .with_header("x-ratelimit-requests-limit", "2500")
            .with_header("x-ratelimit-requests-remaining", "12")
            .with_header("x-ratelimit-requests-reset", "1767226200000")
            .with_header("x-ratelimit-complexity-limit", "3000000")
            .with_header("x-ratelimit-complexity-remaining", "2996924"))
    });
    let identity = server.kit.check().unwrap();
    assert_eq!((identity.user.unwrap().label(), identity.product.as_deref()), ("mara Lind", Some("Linear")));
    assert_eq!(identity.server_time.unwrap().to_string(), "2025-03-03T11:34:49Z");
    let expected = [
        "the option `workspace` says `other`, and the key belongs to Acme: set it to `acme`, or leave it out",
        "12 of 2500 requests are left until 2026-01-01T00:10:00Z",
    ];
    assert_eq!(identity.warnings, expected);
    let error = Server::new(|_| failure(401, "AUTHENTICATION_ERROR", "", &[])).kit.check().unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Authentication);
}

#[test]
fn an_error_beside_data_that_cannot_be_read_is_the_reason() {
    let body = json!({ "data": { "issue": issue(5, json!({ "team": null, "labels": nodes(json!([])) })), "x": 1 }, "errors": [] });
    assert!(Server::new(move |_| crate::server::ok(body.clone())).kit.get("ENG-5", Include::SUMMARY).is_ok());
    let body = json!({ "data": 7, "errors": [{ "message": "x", "extensions": { "code": "FORBIDDEN" } }] });
    assert_eq!(error(TestHost::response(200, body.to_string())).kind(), ErrorKind::Permission);
}
