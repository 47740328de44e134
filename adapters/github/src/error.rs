//! GitHub's complaints into ours: by status, headers and fields of the body, never by words meant for people.
//!
//! <https://docs.github.com/rest/using-the-rest-api/troubleshooting-the-rest-api>

use std::{fmt::Display, time::Duration};

use usher_adapter_sdk::{Error, ErrorKind, Result, host::Response, model::Time};

use crate::api::{Complaint, Finding};

/// What a status means where no header says more, and what to try; sorted.
const STATUSES: &[(u16, ErrorKind, &str)] = &[
    (301, ErrorKind::NotFound, MOVED),
    (307, ErrorKind::NotFound, MOVED),
    (308, ErrorKind::NotFound, MOVED),
    (400, ErrorKind::Validation, "GitHub did not understand the request."),
    (
        401,
        ErrorKind::Authentication,
        "The token is wrong, expired or revoked: make one at https://github.com/settings/tokens",
    ),
    (
        403,
        ErrorKind::Permission,
        "The token lacks a permission: `issues: read` or `write` (fine-grained), `repo` (classic).",
    ),
    (404, ErrorKind::NotFound, "A private repository looks like this too, unless the token may see it."),
    (409, ErrorKind::Conflict, "Something else changed meanwhile: look, and try again."),
    (410, ErrorKind::NotFound, "It was deleted, or the repository has its issues turned off."),
    (422, ErrorKind::Validation, "Correct what is named, and try again."),
    (451, ErrorKind::Permission, "It is withheld for legal reasons."),
];

/// What to do about a write to the old place of something; reads are redirected.
const MOVED: &str = "It was moved or renamed: read it, and write to the key that it then has.";

/// How long to wait where a limit is exceeded and nothing says how long: what GitHub's best practices ask for.
const WAIT: Duration = Duration::from_secs(60);

/// Lets a success through and turns any other answer into the error that it is.
pub(crate) fn checked(response: Response, about: &dyn Display, now: Time) -> Result<Response> {
    if response.is_success() { Ok(response) } else { Err(of(&response, about, now)) }
}

fn of(response: &Response, about: &dyn Display, now: Time) -> Error {
    // A proxy may answer with a page: then the status is all there is.
    let complaint: Complaint<'_> = response.decode().unwrap_or_default();
    if let Some(wait) = exceeded(response, &complaint, now) {
        return said(ErrorKind::RateLimited, response, &complaint, about)
            .with_hint(
                "Wait; the limits are on https://docs.github.com/rest/using-the-rest-api/rate-limits-for-the-rest-api",
            )
            .with_retry_after(wait);
    }
    if let Some(page) = single_sign_on(response) {
        return said(ErrorKind::Permission, response, &complaint, about)
            .with_hint(format!("The organisation asks for single sign-on: authorise the token{page}"));
    }
    match STATUSES.binary_search_by_key(&response.status, |(status, ..)| *status) {
        Ok(place) => {
            let (_, kind, hint) = STATUSES[place];
            let error = said(kind, response, &complaint, about).with_hint(hint);
            complaint.errors.into_iter().flatten().fold(error, with_finding)
        }
        Err(_) => said(ErrorKind::Platform, response, &complaint, about).with_retryable(response.status >= 500),
    }
}

/// Says that it failed, on what, and what GitHub wrote about it.
fn said(kind: ErrorKind, response: &Response, complaint: &Complaint<'_>, about: &dyn Display) -> Error {
    let error = match (kind, &complaint.message) {
        (ErrorKind::NotFound, _) => Error::not_found(about),
        (_, Some(message)) => Error::new(kind, format!("{about}: GitHub answers {}: {message}", response.status)),
        (_, None) => Error::new(kind, format!("{about}: GitHub answers {}", response.status)),
    };
    error.with_status(response.status)
}

/// Returns how long to wait if a limit was exceeded.
fn exceeded(response: &Response, complaint: &Complaint<'_>, now: Time) -> Option<Duration> {
    if !matches!(response.status, 403 | 429) {
        return None;
    }
    let seconds = |name: &str| response.header(name).and_then(|value| value.trim().parse::<i64>().ok());
    if let Some(wait) = seconds("retry-after").and_then(|wait| u64::try_from(wait).ok()) {
        return Some(Duration::from_secs(wait));
    }
    if response.header("x-ratelimit-remaining").map(str::trim) == Some("0") {
        let reset = seconds("x-ratelimit-reset").and_then(Time::from_unix_seconds);
        return Some(reset.map_or(WAIT, |reset| now.until(reset)));
    }
    let is_secondary = complaint.documentation_url.as_deref().is_some_and(|url| url.contains("secondary-rate-limit"));
    (is_secondary || response.status == 429).then_some(WAIT)
}

/// Returns where a token is authorised for an organisation with single sign-on, if that is what is missing.
fn single_sign_on(response: &Response) -> Option<String> {
    let header = response.header("x-github-sso").filter(|header| header.starts_with("required"))?;
    let page = header.split_once("url=").map(|(_, url)| url.trim());
    Some(page.map_or_else(String::new, |page| format!(" at {page}")))
}

fn with_finding(error: Error, finding: Finding<'_>) -> Error {
    match finding {
        Finding::Field { field, code, message } => {
            let what = message.or(code).map_or_else(|| "is wrong".to_owned(), String::from);
            error.with_field(field.as_deref().unwrap_or("request"), what)
        }
        Finding::Sentence(sentence) => error.with_field("request", &*sentence),
    }
}

#[cfg(test)]
mod tests {
    use usher_adapter_sdk::testkit::TestHost;

    use super::*;

    const NOW: &str = "2022-07-19T04:00:00Z";

    fn error(response: Response) -> Error {
        checked(response, &"acme/app#5", Time::parse(NOW).unwrap()).unwrap_err()
    }

    fn answer(status: u16) -> Response {
        TestHost::response(status, r#"{"message":"Words","documentation_url":"https://docs.github.com/rest"}"#)
    }

    #[test]
    fn statuses_are_sorted_and_each_has_its_kind() {
        assert!(STATUSES.is_sorted_by_key(|(status, ..)| *status));
        for (status, kind, hint) in STATUSES {
            let error = error(answer(*status));
            assert_eq!((error.kind(), error.status(), error.hint()), (*kind, Some(*status), Some(*hint)));
            assert!(error.message().contains("acme/app#5"), "{error}");
        }
    }

    #[test]
    fn a_failure_of_the_server_may_pass_and_a_redirect_that_was_not_followed_will_not() {
        for (status, retryable) in [(500, true), (502, true), (503, true), (302, false), (418, false)] {
            let error = error(TestHost::response(status, "<html>"));
            assert_eq!((error.kind(), error.is_retryable()), (ErrorKind::Platform, retryable), "{status}");
        }
    }

    #[test]
    fn a_limit_is_told_from_a_missing_permission_by_headers() {
        let reset = Time::parse(NOW).unwrap().unix_millis() / 1000 + 90;
        let table = [
            (answer(403), None),
            (answer(403).with_header("x-ratelimit-remaining", "4000"), None),
            (answer(403).with_header("retry-after", "7"), Some(7)),
            (answer(429).with_header("retry-after", "0"), Some(0)),
            (
                answer(403)
                    .with_header("x-ratelimit-remaining", "0")
                    .with_header("x-ratelimit-reset", reset.to_string()),
                Some(90),
            ),
            (answer(403).with_header("x-ratelimit-remaining", "0"), Some(60)),
            (answer(403).with_header("x-ratelimit-remaining", "0").with_header("x-ratelimit-reset", "1"), Some(0)),
            (answer(429), Some(60)),
            (answer(429).with_header("retry-after", "soon"), Some(60)),
            (
                TestHost::response(
                    403,
                    r#"{"documentation_url":"https://docs.github.com/a#about-secondary-rate-limits"}"#,
                ),
                Some(60),
            ),
            (TestHost::response(403, r#"{"message":"Read about the secondary rate limit."}"#), None),
        ];
        for (response, wait) in table {
            let error = error(response);
            let kind = if wait.is_some() { ErrorKind::RateLimited } else { ErrorKind::Permission };
            assert_eq!((error.kind(), error.retry_after()), (kind, wait.map(Duration::from_secs)), "{error}");
        }
    }

    #[test]
    fn single_sign_on_is_named_with_its_page() {
        let error =
            error(answer(403).with_header("x-github-sso", "required; url=https://github.com/orgs/acme/sso?x=1"));
        assert_eq!(error.kind(), ErrorKind::Permission);
        assert!(error.hint().unwrap().ends_with("https://github.com/orgs/acme/sso?x=1"), "{error:?}");
    }

    #[test]
    fn findings_name_their_fields_and_a_sentence_is_kept() {
        let body = r#"{"message":"Validation Failed","errors":[
            {"resource":"Label","code":"invalid","field":"color"},
            {"resource":"Issue","code":"custom","field":"title","message":"title is too long"},
            {"resource":"Issue","code":"missing"}, "Only a sentence"]}"#;
        let error = error(TestHost::response(422, body));
        let fields: Vec<_> = error.fields().iter().map(|found| (&found.field[..], &found.message[..])).collect();
        let expected = [
            ("color", "invalid"),
            ("title", "title is too long"),
            ("request", "missing"),
            ("request", "Only a sentence"),
        ];
        assert_eq!(fields, expected);
    }
}
