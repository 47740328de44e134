//! ServiceNow's complaints into ours: by status, headers and fields of the body, never by words meant for people.
//!
//! <https://www.servicenow.com/docs/csh?topicname=c_RESTAPI.html>

use std::{fmt::Display, time::Duration};

use usher_adapter_sdk::{Error, ErrorKind, Result, host::Response};

use crate::api::Complaint;

/// What a status means, and what to try; sorted.
const STATUSES: &[(u16, ErrorKind, &str)] = &[
    (301, ErrorKind::Authentication, SIGN_IN),
    (302, ErrorKind::Authentication, SIGN_IN),
    (303, ErrorKind::Authentication, SIGN_IN),
    (307, ErrorKind::Authentication, SIGN_IN),
    (308, ErrorKind::Authentication, SIGN_IN),
    (400, ErrorKind::Validation, "The instance knows no such table, or did not understand the request."),
    (
        401,
        ErrorKind::Authentication,
        "Name or password are wrong, or the token has expired; the account may be locked.",
    ),
    (403, ErrorKind::Permission, "The account lacks a role, or a business rule or a data policy forbids it."),
    (404, ErrorKind::NotFound, "What the account may not see looks like this too."),
    (405, ErrorKind::Unsupported, "The table takes no such request over REST."),
    (409, ErrorKind::Conflict, "Something else changed meanwhile: look, and try again."),
    (413, ErrorKind::Validation, "The file is larger than the instance takes."),
    (415, ErrorKind::Validation, "The instance does not take files of this type."),
];

const SIGN_IN: &str = "The instance leads to a page to sign in at. Use an account that the API lets in with a password or a token, \
                       and look at `base_url`.";

/// What a page for people in place of JSON may be.
const PAGE: &str = "A page for people came in place of JSON. A developer instance that sleeps answers so: wake it up at \
                    https://developer.servicenow.com. Else look at `base_url`, and at what is between here and the instance.";

/// Words in the path of the address of a page to sign in at, to which a request was led.
const SIGN_IN_PATHS: &[&str] = &["/login", "/auth_redirect", "/saml", "/sso", "/logout", "/external_login"];

/// How long to wait where a limit is exceeded and nothing says how long.
const WAIT: Duration = Duration::from_secs(60);

/// Lets a success with JSON in it through and turns any other answer into the error that it is.
pub(crate) fn checked(response: Response, about: &dyn Display) -> Result<Response> {
    if !response.is_success() {
        return Err(of(&response, about));
    }
    if is_page(&response) {
        let error = if leads_to_sign_in(&response) {
            Error::new(ErrorKind::Authentication, format!("{about}: ServiceNow asks to sign in")).with_hint(SIGN_IN)
        } else {
            Error::new(ErrorKind::Platform, format!("{about}: ServiceNow answers with a page in place of JSON"))
                .with_hint(PAGE)
                .with_retryable(false)
        };
        return Err(error.with_status(response.status));
    }
    Ok(response)
}

/// Lets a success through whose body went into a file: a file may be a page, unless it came from where one signs in.
pub(crate) fn of_file(response: Response, about: &dyn Display) -> Result<Response> {
    if response.is_success() && !leads_to_sign_in(&response) {
        return Ok(response);
    }
    if response.is_success() {
        let error = Error::new(ErrorKind::Authentication, format!("{about}: ServiceNow asks to sign in"));
        return Err(error.with_hint(SIGN_IN).with_status(response.status));
    }
    Err(of(&response, about))
}

fn of(response: &Response, about: &dyn Display) -> Error {
    // A proxy may answer with a page: then the status is all there is.
    let complaint: Complaint<'_> = response.decode().unwrap_or_default();
    if response.status == 429 {
        let seconds = response.header("retry-after").and_then(|value| value.trim().parse().ok());
        let rule = response.header("x-ratelimit-rule").map_or_else(String::new, |rule| format!(" (rule `{rule}`)"));
        return said(ErrorKind::RateLimited, response, &complaint, about)
            .with_hint(format!("Wait; the administrator of the instance sets the limits{rule}."))
            .with_retry_after(seconds.map_or(WAIT, Duration::from_secs));
    }
    match STATUSES.binary_search_by_key(&response.status, |(status, ..)| *status) {
        Ok(place) => said(STATUSES[place].1, response, &complaint, about).with_hint(STATUSES[place].2),
        Err(_) => said(ErrorKind::Platform, response, &complaint, about).with_retryable(response.status >= 500),
    }
}

/// Says that it failed, on what, and what ServiceNow wrote about it.
fn said(kind: ErrorKind, response: &Response, complaint: &Complaint<'_>, about: &dyn Display) -> Error {
    let words = [&complaint.error.message, &complaint.error.detail];
    let words: Vec<&str> = words.iter().filter_map(|word| word.as_deref()).filter(|word| !word.is_empty()).collect();
    let error = match (kind, words.is_empty()) {
        (ErrorKind::NotFound, _) => Error::not_found(about),
        (_, true) => Error::new(kind, format!("{about}: ServiceNow answers {}", response.status)),
        (_, false) => {
            Error::new(kind, format!("{about}: ServiceNow answers {}: {}", response.status, words.join(": ")))
        }
    };
    error.with_status(response.status)
}

/// Says whether an answer is a page for people.
fn is_page(response: &Response) -> bool {
    let says_so = response.header("content-type").is_some_and(|kind| kind.to_ascii_lowercase().contains("text/html"));
    says_so || response.body.iter().find(|byte| !byte.is_ascii_whitespace()) == Some(&b'<')
}

fn leads_to_sign_in(response: &Response) -> bool {
    let rest = response.url.split_once("://").map_or("", |(_, rest)| rest);
    let path = rest.find('/').map_or("", |slash| &rest[slash..]).to_ascii_lowercase();
    let path = path.split(['?', '#']).next().unwrap_or_default();
    SIGN_IN_PATHS.iter().any(|start| path.starts_with(start))
}

#[cfg(test)]
mod tests {
    use usher_adapter_sdk::testkit::TestHost;

    use super::*;

    fn error(response: Response) -> Error {
        checked(response, &"INC0010023").unwrap_err()
    }

    fn answer(status: u16) -> Response {
        TestHost::response(status, r#"{"error":{"message":"Words","detail":"for people"},"status":"failure"}"#)
    }

    #[test]
    fn statuses_are_sorted_and_each_has_its_kind() {
        assert!(STATUSES.is_sorted_by_key(|(status, ..)| *status));
        for (status, kind, hint) in STATUSES {
            let error = error(answer(*status));
            assert_eq!((error.kind(), error.status(), error.hint()), (*kind, Some(*status), Some(*hint)));
            assert!(error.message().contains("INC0010023"), "{error}");
        }
        assert!(error(answer(403)).message().ends_with("Words: for people"));
    }

    #[test]
    fn a_failure_of_the_instance_may_pass() {
        for (status, retryable) in [(500, true), (503, true), (418, false)] {
            let error = error(TestHost::response(status, "<html>"));
            assert_eq!((error.kind(), error.is_retryable()), (ErrorKind::Platform, retryable), "{status}");
        }
    }

    #[test]
    fn a_limit_says_how_long_to_wait_and_which_rule_it_was() {
        let error = error(answer(429).with_header("retry-after", "7").with_header("x-ratelimit-rule", "all users"));
        assert_eq!((error.kind(), error.retry_after()), (ErrorKind::RateLimited, Some(Duration::from_secs(7))));
        assert!(error.hint().unwrap().contains("all users"));
        assert_eq!(super::of(&answer(429), &"x").retry_after(), Some(WAIT));
    }

    #[test]
    fn a_page_in_place_of_json_is_never_an_empty_answer() {
        let page = |url: &str| {
            let page =
                TestHost::response(200, "<!doctype html>").with_header("content-type", "text/html;charset=UTF-8");
            error(page.with_url(url))
        };
        let asleep = page("https://dev1.service-now.com/api/now/table/incident");
        assert_eq!((asleep.kind(), asleep.is_retryable()), (ErrorKind::Platform, false));
        assert!(asleep.hint().unwrap().contains("developer.servicenow.com"));
        let sign_in = page("https://acme.service-now.com/login_with_sso.do?glide_sso_id=1");
        assert_eq!(sign_in.kind(), ErrorKind::Authentication);
        assert_eq!(error(TestHost::response(200, "\n <html>")).kind(), ErrorKind::Platform);
        assert!(checked(TestHost::response(200, "{}"), &"x").is_ok());
    }
}
