//! Request Tracker's complaints into ours: by the status, since its words are for people and in the account's language.

use std::fmt::Display;

use serde::Deserialize;
use usher_adapter_sdk::{Error, ErrorKind, Result, decode::Text, host::Response};

/// What a status means, and what to try; sorted.
const STATUSES: &[(u16, ErrorKind, &str)] = &[
    (400, ErrorKind::Validation, "Correct what is named. A right that is missing can look like this too."),
    (401, ErrorKind::Authentication, "The token is wrong, expired or revoked: make one under Settings → Auth Tokens."),
    (403, ErrorKind::Permission, "The account lacks a right, or what is named does not exist: both look alike."),
    (404, ErrorKind::NotFound, "It does not exist, or the account does not see it."),
    (409, ErrorKind::Conflict, "Something else changed meanwhile: look, and try again."),
    (412, ErrorKind::Conflict, "Look at it again, and change what is there now."),
    (413, ErrorKind::Validation, "It is larger than the server takes."),
    (415, ErrorKind::Validation, "Request Tracker did not understand the request."),
    (422, ErrorKind::Validation, "Correct what is named, and try again."),
    (429, ErrorKind::RateLimited, "Something before Request Tracker asks to wait."),
];

#[derive(Default, Deserialize)]
struct Complaint<'a> {
    #[serde(borrow)]
    message: Option<Text<'a>>,
}

/// Lets a success through and turns any other answer into the error that it is.
pub(crate) fn checked(response: Response, about: &dyn Display) -> Result<Response> {
    if response.is_success() { Ok(response) } else { Err(of(&response, about)) }
}

fn of(response: &Response, about: &dyn Display) -> Error {
    let status = response.status;
    // A proxy may answer with a page: then the status is all there is.
    let complaint: Complaint<'_> = response.decode().unwrap_or_default();
    let found = STATUSES.binary_search_by_key(&status, |(status, ..)| *status).map(|place| STATUSES[place]);
    let (kind, hint) = found.map_or((ErrorKind::Platform, None), |(_, kind, hint)| (kind, Some(hint)));
    let error = match (kind, complaint.message) {
        (ErrorKind::NotFound, _) => Error::not_found(about),
        (_, Some(message)) => {
            Error::new(kind, format!("{about}: Request Tracker answers {status}: {}", message.trim()))
        }
        (_, None) => Error::new(kind, format!("{about}: Request Tracker answers {status}")),
    };
    let error = error.with_status(status);
    match hint {
        Some(hint) => error.with_hint(hint),
        None => error.with_retryable(status >= 500),
    }
}

#[cfg(test)]
mod tests {
    use usher_adapter_sdk::testkit::TestHost;

    use super::*;

    #[test]
    fn statuses_are_sorted_and_each_has_its_kind() {
        assert!(STATUSES.is_sorted_by_key(|(status, ..)| *status));
        for (status, kind, hint) in STATUSES {
            let error = checked(TestHost::response(*status, r#"{"message":"Words"}"#), &"42").unwrap_err();
            assert_eq!((error.kind(), error.status(), error.hint()), (*kind, Some(*status), Some(*hint)));
            assert!(error.message().contains("42"), "{error}");
        }
    }

    #[test]
    fn a_failure_of_the_server_may_pass_and_a_redirect_will_not() {
        for (status, retryable) in [(500, true), (503, true), (302, false)] {
            let error = checked(TestHost::response(status, "<html>"), &"42").unwrap_err();
            assert_eq!((error.kind(), error.is_retryable()), (ErrorKind::Platform, retryable), "{status}");
        }
    }
}
