//! Jira's complaints into ours: by status, headers and fields of the body, never by words meant for people.
//!
//! <https://developer.atlassian.com/cloud/jira/platform/rest/v3/intro/#status-codes> and
//! <https://developer.atlassian.com/cloud/jira/platform/rate-limiting/>

use std::{collections::BTreeMap, fmt::Display, time::Duration};

use usher_adapter_sdk::{Error, ErrorKind, Result, decode::Text, host::Response};

use crate::api::Complaint;

/// What a status means where no header says more, and what to try; sorted.
const STATUSES: &[(u16, ErrorKind, &str)] = &[
    (400, ErrorKind::Validation, "Correct what is named, and try again."),
    (401, ErrorKind::Authentication, CREDENTIALS),
    (403, ErrorKind::Permission, "The account lacks a permission for this in the project, or the token a scope."),
    (
        404,
        ErrorKind::NotFound,
        "What one may not see looks like this too: ask for access if you know that it is there.",
    ),
    (409, ErrorKind::Conflict, "Something else changed meanwhile: look, and try again."),
    (
        410,
        ErrorKind::Unsupported,
        "Jira has removed this call. Where the site is Jira Cloud, leave `deployment` at `auto` or set it to `cloud`: searches then use \
         `/rest/api/3/search/jql`.",
    ),
    (413, ErrorKind::Validation, "It is too large, or the issue has as many of these as Jira allows."),
    (422, ErrorKind::Validation, "Correct what is named, and try again."),
];

/// What to do about credentials that are nobody's.
const CREDENTIALS: &str = "The e-mail address or the token is wrong, expired or revoked. Cloud: \
                           https://id.atlassian.com/manage-profile/security/api-tokens; Data Center: Profile, Personal access tokens.";

/// What Jira says of how somebody was logged in, whatever the status of the answer.
const LOGIN_REASON: &str = "x-seraph-loginreason";

/// How long to wait where a limit is exceeded and nothing says how long.
const WAIT: Duration = Duration::from_secs(10);

/// Lets a success through and turns any other answer into the error that it is.
///
/// A wrong password can get a 200 with nothing in it: that is no success.
pub(crate) fn checked(response: Response, about: &dyn Display) -> Result<Response> {
    match login(&response) {
        Some(error) => Err(error),
        None if response.is_success() => Ok(response),
        None => Err(of(&response, about)),
    }
}

fn login(response: &Response) -> Option<Error> {
    let reason = response.header(LOGIN_REASON)?;
    let has = |word: &str| reason.split([',', ' ']).any(|part| part.trim() == word);
    if has("AUTHENTICATION_DENIED") {
        let message = "Jira asks this account to solve a captcha before it lets it in again";
        return Some(
            Error::new(ErrorKind::Authentication, message)
                .with_status(response.status)
                .with_hint("Log in once in a browser, then correct the password or the token."),
        );
    }
    has("AUTHENTICATED_FAILED").then(|| {
        Error::new(ErrorKind::Authentication, "Jira does not know these credentials")
            .with_status(response.status)
            .with_hint(CREDENTIALS)
    })
}

fn of(response: &Response, about: &dyn Display) -> Error {
    // A proxy may answer with a page: then the status is all there is.
    let complaint: Complaint<'_> = response.decode().unwrap_or_default();
    if let Some(wait) = exceeded(response) {
        let hint = match response.header("ratelimit-reason") {
            Some(reason) => format!("Wait; the limit is `{reason}`."),
            None => "Wait, and try again.".to_owned(),
        };
        return said(ErrorKind::RateLimited, response, &complaint, about).with_hint(hint).with_retry_after(wait);
    }
    match STATUSES.binary_search_by_key(&response.status, |(status, ..)| *status) {
        Ok(place) => {
            let (_, kind, hint) = STATUSES[place];
            findings(&complaint)
                .into_iter()
                .fold(said(kind, response, &complaint, about).with_hint(hint), |error, (field, what)| {
                    error.with_field(&*field, what)
                })
        }
        Err(_) => said(ErrorKind::Platform, response, &complaint, about).with_retryable(response.status >= 500),
    }
}

/// Says that it failed, on what, and what Jira wrote about it.
fn said(kind: ErrorKind, response: &Response, complaint: &Complaint<'_>, about: &dyn Display) -> Error {
    let sentences = complaint.error_messages.iter().flatten();
    let sentences = sentences.chain(&complaint.error_message).chain(&complaint.message);
    let sentences: Vec<&str> = sentences.map(|sentence| &**sentence).collect();
    let error = match (kind, sentences.join(" ")) {
        (ErrorKind::NotFound, _) => Error::not_found(about),
        (_, words) if words.is_empty() => Error::new(kind, format!("{about}: Jira answers {}", response.status)),
        (_, words) => Error::new(kind, format!("{about}: Jira answers {}: {words}", response.status)),
    };
    error.with_status(response.status)
}

/// Returns the findings by field; the service desk has something else in their place.
fn findings(complaint: &Complaint<'_>) -> Vec<(String, String)> {
    let errors = complaint.errors.and_then(|raw| serde_json::from_str::<BTreeMap<Text<'_>, Text<'_>>>(raw.get()).ok());
    errors.into_iter().flatten().map(|(field, what)| (field.into(), what.into())).collect()
}

/// Returns how long to wait if a limit was exceeded, or the server is too busy and says so.
fn exceeded(response: &Response) -> Option<Duration> {
    let told = response.header("retry-after").and_then(|value| value.trim().parse().ok()).map(Duration::from_secs);
    match response.status {
        429 => Some(told.unwrap_or(WAIT)),
        503 => told,
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use usher_adapter_sdk::testkit::TestHost;

    use super::*;

    fn error(response: Response) -> Error {
        checked(response, &"OPS-7").unwrap_err()
    }

    fn answer(status: u16) -> Response {
        TestHost::response(status, r#"{"errorMessages":["Words."],"errors":{}}"#)
    }

    #[test]
    fn statuses_are_sorted_and_each_has_its_kind() {
        assert!(STATUSES.is_sorted_by_key(|(status, ..)| *status));
        for (status, kind, hint) in STATUSES {
            let error = error(answer(*status));
            assert_eq!((error.kind(), error.status(), error.hint()), (*kind, Some(*status), Some(*hint)));
            assert!(error.message().contains("OPS-7"), "{error}");
        }
    }

    #[test]
    fn the_removed_search_is_named() {
        let error = error(answer(410));
        assert!(error.hint().unwrap().contains("/rest/api/3/search/jql"), "{error:?}");
        assert!(!error.is_retryable());
    }

    #[test]
    fn a_failure_of_the_server_may_pass_and_a_redirect_that_was_not_followed_will_not() {
        for (status, retryable) in [(500, true), (502, true), (503, true), (302, false), (418, false)] {
            let error = error(TestHost::response(status, "<html>"));
            assert_eq!((error.kind(), error.is_retryable()), (ErrorKind::Platform, retryable), "{status}");
        }
    }

    #[test]
    fn credentials_that_are_nobodys_are_no_success_whatever_the_status() {
        for (status, reason, words) in [
            (200, "AUTHENTICATED_FAILED", "does not know"),
            (404, "AUTHENTICATED_FAILED", "does not know"),
            (401, "AUTHENTICATED_FAILED", "does not know"),
            (403, "AUTHENTICATION_DENIED", "captcha"),
            (403, "AUTHENTICATION_DENIED, AUTHENTICATED_FAILED", "captcha"),
        ] {
            let error = error(TestHost::response(status, "").with_header(LOGIN_REASON, reason));
            assert_eq!((error.kind(), error.status()), (ErrorKind::Authentication, Some(status)));
            assert!(error.message().contains(words), "{error}");
        }
        let fine = TestHost::response(200, "{}").with_header(LOGIN_REASON, "OK");
        assert!(checked(fine, &"OPS-7").is_ok());
    }

    #[test]
    fn a_limit_says_which_one_it_is_and_how_long_to_wait() {
        for (response, wait) in [
            (answer(429).with_header("retry-after", "7"), Some(7)),
            (answer(429).with_header("retry-after", "0"), Some(0)),
            (answer(429), Some(10)),
            (answer(429).with_header("retry-after", "soon"), Some(10)),
            (answer(503).with_header("retry-after", "3"), Some(3)),
            (answer(503), None),
        ] {
            let error = error(response.with_header("ratelimit-reason", "jira-burst-based"));
            let kind = if wait.is_some() { ErrorKind::RateLimited } else { ErrorKind::Platform };
            assert_eq!((error.kind(), error.retry_after()), (kind, wait.map(Duration::from_secs)));
            assert_eq!(error.hint().is_some_and(|hint| hint.contains("jira-burst-based")), wait.is_some());
        }
    }

    #[test]
    fn findings_name_their_fields_and_sentences_are_kept() {
        let body = r#"{"errorMessages":["One.","Two."],"errors":{"priority":"is required","summary":"is too long"}}"#;
        let found = error(TestHost::response(400, body));
        let fields: Vec<_> = found.fields().iter().map(|found| (&found.field[..], &found.message[..])).collect();
        assert_eq!(fields, [("priority", "is required"), ("summary", "is too long")]);
        assert!(found.message().ends_with("One. Two."), "{found}");
        for body in [r#"{"errorMessage":"Desk.","errors":[]}"#, r#"{"message":"Desk."}"#] {
            assert!(error(TestHost::response(400, body)).message().ends_with("Desk."));
        }
    }
}
