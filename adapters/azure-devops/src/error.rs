//! Azure DevOps' complaints into ours: by status, headers and fields of the body, never by words meant for people.
//!
//! <https://learn.microsoft.com/azure/devops/integrate/concepts/rest-api-overview>

use std::{fmt::Display, time::Duration};

use usher_adapter_sdk::{Error, ErrorKind, Result, host::Response, model::Time};

use crate::api::Complaint;

/// What a status means where neither number nor key says more, and what to try; sorted.
const STATUSES: &[(u16, ErrorKind, &str)] = &[
    (400, ErrorKind::Validation, "Azure DevOps did not understand the request, or one of its rules is against it."),
    (401, ErrorKind::Authentication, SIGN_IN),
    (403, ErrorKind::Permission, "The account or its token lacks a permission: the scope is Work Items, read & write."),
    (404, ErrorKind::NotFound, HIDDEN),
    (409, ErrorKind::Conflict, CHANGED),
    (412, ErrorKind::Conflict, CHANGED),
    (
        413,
        ErrorKind::Validation,
        "It is larger than Azure DevOps takes: files up to 60 MB, texts up to a million characters.",
    ),
    (429, ErrorKind::RateLimited, SLOWER),
];

/// Numbers and keys that say more than the status does; sorted. Services and Servers of any language have the same.
const CODES: &[(&str, ErrorKind, &str)] = &[
    ("ProjectDoesNotExistWithNameException", ErrorKind::NotFound, NO_PROJECT),
    ("RequestBlockedException", ErrorKind::RateLimited, SLOWER),
    ("TF200016", ErrorKind::NotFound, NO_PROJECT),
    ("TF400733", ErrorKind::RateLimited, SLOWER),
    ("TF400813", ErrorKind::Authentication, SIGN_IN),
    ("TF401232", ErrorKind::NotFound, HIDDEN),
    (
        QUERY_TOO_LARGE,
        ErrorKind::Validation,
        "A query finds 20,000 work items at most: narrow it, such as by project or date.",
    ),
    (
        "VssVersionOutOfRangeException",
        ErrorKind::Configuration,
        "This Server knows only older versions of the API: set `options.api_version` to `7.0` or `6.0`.",
    ),
];

/// The number of the error of a query that finds more than 20,000 work items.
const QUERY_TOO_LARGE: &str = "VS402337";

const SIGN_IN: &str = "The token is wrong, expired, revoked or of another organisation: make one at \
                       https://dev.azure.com/ORGANISATION/_usersSettings/tokens";
const HIDDEN: &str = "It was deleted or never there, or the account may not see it: Azure DevOps does not tell.";
const NO_PROJECT: &str = "There is no such project, or the account may not see it.";
const CHANGED: &str = "Somebody else has changed it meanwhile: look at it again, and change what is there now.";
const SLOWER: &str = "Wait; the limits are on https://learn.microsoft.com/azure/devops/integrate/concepts/rate-limits";

/// How long to wait where nothing says how long.
const WAIT: Duration = Duration::from_secs(60);

/// Lets a success through and turns any other answer into the error that it is.
///
/// A page to sign in at has a status of success, and is the answer to wrong credentials.
pub(crate) fn checked(response: Response, about: &dyn Display, now: Time) -> Result<Response> {
    if is_sign_in(&response) {
        return Err(Error::new(ErrorKind::Authentication, format!("{about}: Azure DevOps asks to sign in"))
            .with_status(response.status)
            .with_hint(format!("{SIGN_IN}; if it is right, look at `base_url` and `organization`")));
    }
    if response.is_success() { Ok(response) } else { Err(of(&response, about, now)) }
}

/// Says whether a query found more than Azure DevOps gives.
pub(crate) fn is_query_too_large(error: &Error) -> bool {
    error.kind() == ErrorKind::Validation && error.message().contains(QUERY_TOO_LARGE)
}

/// Says whether an answer is a page to sign in at, or leads to one.
fn is_sign_in(response: &Response) -> bool {
    let is_page = || {
        let kind = response.header("content-type").unwrap_or_default();
        kind.trim_start().to_ascii_lowercase().starts_with("text/html")
    };
    match response.status {
        203 => true,
        // A file may be a page as well; a page of Azure DevOps' own is never an attachment's download.
        200..=299 => is_page() && response.header("content-disposition").is_none(),
        300..=399 => response.header("location").is_some_and(leads_to_sign_in),
        _ => false,
    }
}

/// Says whether an address is one to sign in at.
fn leads_to_sign_in(location: &str) -> bool {
    let rest = location.split_once("://").map_or(location, |(_, rest)| rest).to_ascii_lowercase();
    let (host, path) = rest.split_once('/').unwrap_or((&rest, ""));
    let is_page = path.split(['?', '#']).next().is_some_and(|path| path.split('/').any(|part| part == "_signin"));
    is_page || host.starts_with("login.") || host == "app.vssps.visualstudio.com"
}

fn of(response: &Response, about: &dyn Display, now: Time) -> Error {
    // A proxy may answer with a page: then the status is all there is.
    let complaint: Complaint<'_> = response.decode().unwrap_or_default();
    let (kind, hint) = meaning(response, &complaint);
    let error = match (kind, complaint.message.as_deref()) {
        (ErrorKind::NotFound, _) => Error::not_found(about),
        (_, Some(message)) => Error::new(kind, format!("{about}: Azure DevOps answers {}: {message}", response.status)),
        (_, None) => Error::new(kind, format!("{about}: Azure DevOps answers {}", response.status)),
    };
    let error = match kind {
        ErrorKind::RateLimited => error.with_retry_after(wait(response, now)),
        ErrorKind::Platform => error.with_retryable(response.status >= 500),
        _ => error,
    };
    let error = hint.into_iter().fold(error.with_status(response.status), Error::with_hint);
    let findings = complaint.custom_properties.and_then(|properties| properties.rule_validation_errors);
    findings.into_iter().flatten().fold(error, |error, finding| {
        let what = finding.error_message.map_or_else(|| "is against a rule".to_owned(), String::from);
        error.with_field(finding.field_reference_name.as_deref().unwrap_or("request"), what)
    })
}

fn meaning(response: &Response, complaint: &Complaint<'_>) -> (ErrorKind, Option<&'static str>) {
    let number = complaint.message.as_deref().and_then(number);
    for code in [number, complaint.type_key.as_deref()].into_iter().flatten() {
        if let Ok(place) = CODES.binary_search_by(|(known, ..)| (*known).cmp(code)) {
            let (_, kind, hint) = CODES[place];
            return (kind, Some(hint));
        }
    }
    // Busy is what a Server says in place of 429.
    if response.status == 503 && response.header("retry-after").is_some() {
        return (ErrorKind::RateLimited, Some(SLOWER));
    }
    match STATUSES.binary_search_by_key(&response.status, |(status, ..)| *status) {
        Ok(place) => (STATUSES[place].1, Some(STATUSES[place].2)),
        Err(_) => (ErrorKind::Platform, None),
    }
}

/// Returns the number in front of a message, such as `TF401232`: it is the same in every language.
fn number(message: &str) -> Option<&str> {
    let (number, _) = message.split_once(':')?;
    let digits = number.strip_prefix("TF").or_else(|| number.strip_prefix("VS"))?;
    let is_number = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
    is_number.then_some(number)
}

/// Returns how long to wait after a limit was exceeded.
fn wait(response: &Response, now: Time) -> Duration {
    let seconds = |name: &str| response.header(name).and_then(|value| value.trim().parse::<i64>().ok());
    if let Some(wait) = seconds("retry-after").and_then(|wait| u64::try_from(wait).ok()) {
        return Duration::from_secs(wait);
    }
    let reset = seconds("x-ratelimit-reset").and_then(Time::from_unix_seconds);
    reset.map_or(WAIT, |reset| now.until(reset))
}

#[cfg(test)]
mod tests {
    use usher_adapter_sdk::testkit::TestHost;

    use super::*;

    const NOW: &str = "2026-01-01T00:00:00Z";

    fn error(response: Response) -> Error {
        checked(response, &"acme/Web#5", Time::parse(NOW).unwrap()).unwrap_err()
    }

    fn answer(status: u16, message: &str, key: &str) -> Response {
        TestHost::response(
            status,
            format!(
                r#"{{"$id":"1","innerException":null,"message":"{message}","typeName":"Microsoft.X, Microsoft.X",
                "typeKey":"{key}","errorCode":0,"eventId":3000}}"#
            ),
        )
    }

    #[test]
    fn tables_are_sorted_and_each_row_has_its_kind() {
        assert!(STATUSES.is_sorted_by_key(|(status, ..)| *status));
        assert!(CODES.is_sorted_by_key(|(code, ..)| *code));
        for (status, kind, hint) in STATUSES {
            let error = error(answer(*status, "No.", ""));
            assert_eq!((error.kind(), error.status(), error.hint()), (*kind, Some(*status), Some(*hint)));
            assert!(error.message().contains("acme/Web#5"), "{error}");
        }
        for (code, kind, hint) in CODES {
            let is_number = number(&format!("{code}: x")).is_some();
            let response = if is_number { answer(400, &format!("{code}: x"), "") } else { answer(400, "x", code) };
            let error = error(response);
            assert_eq!((error.kind(), error.hint()), (*kind, Some(*hint)), "{code}");
        }
    }

    #[test]
    fn a_page_to_sign_in_at_is_an_authentication_error_whatever_its_status() {
        let page = |status: u16| TestHost::response(status, "<!DOCTYPE html>");
        let leads = |status: u16, to: &str| page(status).with_header("location", to);
        for response in [
            page(203),
            page(200).with_header("content-type", "text/html; charset=utf-8"),
            leads(302, "https://spsprodweu1.vssps.visualstudio.com/_signin?realm=dev.azure.com&reply_to=x"),
            leads(302, "https://login.microsoftonline.com/common/oauth2/authorize"),
            leads(307, "https://app.vssps.visualstudio.com/x"),
            leads(302, "/tfs/_signin?redirect=1"),
            answer(
                401,
                "TF400813: The user '' is not authorized to access this resource.",
                "UnauthorizedRequestException",
            ),
            answer(400, "TF400813: x", ""),
            TestHost::response(401, ""),
        ] {
            let error = error(response);
            assert_eq!(error.kind(), ErrorKind::Authentication, "{error}");
            assert!(error.hint().unwrap().contains("_usersSettings/tokens"));
        }
    }

    #[test]
    fn other_pages_are_not_taken_for_one_to_sign_in_at() {
        for (status, retryable) in [(500, true), (502, true), (503, true), (302, false), (418, false)] {
            let page = TestHost::response(status, "<html>").with_header("content-type", "text/html");
            let error = error(page.with_header("location", "https://dev.azure.com/acme?next=/_signin"));
            assert_eq!((error.kind(), error.is_retryable()), (ErrorKind::Platform, retryable), "{status}");
        }
        let file = TestHost::response(200, "<html>").with_header("content-type", "text/html");
        let file = file.with_header("content-disposition", "attachment; filename=a.html");
        assert!(checked(file, &"a file", Time::parse(NOW).unwrap()).is_ok());
    }

    #[test]
    fn a_limit_says_how_long_to_wait() {
        let reset = Time::parse(NOW).unwrap().unix_seconds() + 90;
        let busy =
            answer(503, "TF400733: The request has been canceled: Request was blocked.", "RequestBlockedException");
        for (response, wait) in [
            (answer(429, "Slow down.", ""), 60),
            (answer(429, "Slow down.", "").with_header("retry-after", "7"), 7),
            (answer(429, "Slow down.", "").with_header("x-ratelimit-reset", reset.to_string()), 90),
            (answer(429, "Slow down.", "").with_header("retry-after", "soon"), 60),
            (TestHost::response(503, "").with_header("retry-after", "5"), 5),
            (busy, 60),
        ] {
            let error = error(response);
            assert_eq!((error.kind(), error.retry_after()), (ErrorKind::RateLimited, Some(Duration::from_secs(wait))));
        }
    }

    #[test]
    fn rules_that_were_broken_name_their_fields() {
        let body = r#"{"message":"TF401320: Rule Error for field State. Error code: InvalidListValue.",
            "typeKey":"RuleValidationException","customProperties":{"ErrorMessage":null,"RuleValidationErrors":[
            {"fieldReferenceName":"System.State","fieldStatusFlags":"invalidListValue","errorMessage":"TF401320: no such state."},
            {"errorMessage":null}]}}"#;
        let error = error(TestHost::response(400, body));
        assert_eq!(error.kind(), ErrorKind::Validation);
        let fields: Vec<_> = error.fields().iter().map(|found| (&found.field[..], &found.message[..])).collect();
        assert_eq!(fields, [("System.State", "TF401320: no such state."), ("request", "is against a rule")]);
    }

    #[test]
    fn a_query_that_finds_too_much_is_told_from_one_that_is_wrong() {
        let large = "VS402337: The number of work items returned exceeds the size limit of 20000.";
        assert!(is_query_too_large(&error(answer(400, large, ""))));
        assert!(!is_query_too_large(&error(answer(
            400,
            "TF51005: The query references a field that does not exist.",
            ""
        ))));
        assert!(!is_query_too_large(&error(answer(500, "x", ""))));
    }
}
