//! Trello's complaints into ours: by status and fields of the body, never by words meant for people.
//!
//! Most complaints are plain text, and 401 is both the answer to wrong credentials and to a card of somebody else's: which of
//! the two it is, `request` finds out by asking who we are.
//!
//! <https://developer.atlassian.com/cloud/trello/guides/rest-api/status-codes/>

use std::{fmt::Display, time::Duration};

use usher_adapter_sdk::{Error, ErrorKind, Result, host::Response};

use crate::api::Complaint;

/// What a status means where nothing says more, and what to try; sorted.
const STATUSES: &[(u16, ErrorKind, &str)] = &[
    (400, ErrorKind::Validation, "Trello did not understand the request, or an id in it is none."),
    (401, ErrorKind::Authentication, CREDENTIALS),
    (403, ErrorKind::Permission, PERMISSION),
    (404, ErrorKind::NotFound, "It was deleted, or the account may not see its board."),
    (409, ErrorKind::Conflict, "Something else changed meanwhile: look, and try again."),
    (413, ErrorKind::Validation, "It is too large: a file may have 10 MB, on paid workspaces 250 MB."),
    (414, ErrorKind::Validation, "The request is too long: search for less, or name fewer boards."),
    (422, ErrorKind::Validation, "Correct what is named, and try again."),
];

const CREDENTIALS: &str =
    "The key or the token is wrong, expired or revoked: make them at https://trello.com/power-ups/admin";
const PERMISSION: &str = "The account may not do this on that board, or the token was made without the scope `write`.";

/// Statuses of a limit: 449 is the answer to some requests that Trello makes itself.
const LIMITED: &[u16] = &[429, 449];
/// How long to wait where a limit is exceeded: Trello sends no `Retry-After`, and every limit has this interval.
const WAIT: Duration = Duration::from_secs(10);
/// The code of a list that asks for too much at once: to wait does not help, to ask for less does.
const TOO_MANY_CARDS: &str = "API_TOO_MANY_CARDS_REQUESTED";

/// Lets a success through and turns any other answer into the error that it is.
pub(crate) fn checked(response: Response, about: &dyn Display) -> Result<Response> {
    if response.is_success() { Ok(response) } else { Err(of(&response, about)) }
}

/// Returns the error of an answer that refuses somebody who is known.
pub(crate) fn refused(response: &Response, about: &dyn Display) -> Error {
    said(ErrorKind::Permission, response, about).with_hint(PERMISSION)
}

/// Says whether a list asks for too many cards at once.
pub(crate) fn is_too_many_cards(response: &Response) -> bool {
    LIMITED.contains(&response.status) && complaint(response).error.as_deref() == Some(TOO_MANY_CARDS)
}

fn of(response: &Response, about: &dyn Display) -> Error {
    if LIMITED.contains(&response.status) {
        return said(ErrorKind::RateLimited, response, about).with_retry_after(WAIT).with_hint(
            "Wait; the limits are on https://developer.atlassian.com/cloud/trello/guides/rest-api/rate-limits/",
        );
    }
    match STATUSES.binary_search_by_key(&response.status, |(status, ..)| *status) {
        Ok(place) => {
            let (_, kind, hint) = STATUSES[place];
            said(kind, response, about).with_hint(hint)
        }
        Err(_) => said(ErrorKind::Platform, response, about).with_retryable(response.status >= 500),
    }
}

/// Says that it failed, on what, and what Trello wrote about it.
fn said(kind: ErrorKind, response: &Response, about: &dyn Display) -> Error {
    let error = match (kind, words(response)) {
        (ErrorKind::NotFound, _) => Error::not_found(about),
        (_, Some(words)) => Error::new(kind, format!("{about}: Trello answers {}: {words}", response.status)),
        (_, None) => Error::new(kind, format!("{about}: Trello answers {}", response.status)),
    };
    error.with_status(response.status)
}

fn complaint(response: &Response) -> Complaint<'_> {
    // Most are no JSON: then the text is all there is.
    response.decode().unwrap_or_default()
}

/// Returns what Trello wrote: a message, or one line of plain text. A page of a proxy's is none.
fn words(response: &Response) -> Option<String> {
    let complaint = complaint(response);
    if let Some(message) = complaint.message.or(complaint.error) {
        return Some(message.to_string());
    }
    let text = std::str::from_utf8(&response.body).ok()?.trim();
    let is_line = !text.is_empty() && text.len() <= 200 && !text.contains(['<', '{', '\n']);
    is_line.then(|| text.to_owned())
}

#[cfg(test)]
mod tests {
    use usher_adapter_sdk::testkit::TestHost;

    use super::*;

    fn error(status: u16, body: &str) -> Error {
        checked(TestHost::response(status, body), &"card 5Lr2eHww").unwrap_err()
    }

    #[test]
    fn statuses_are_sorted_and_each_has_its_kind() {
        assert!(STATUSES.is_sorted_by_key(|(status, ..)| *status));
        for (status, kind, hint) in STATUSES {
            let error = error(*status, "invalid id");
            assert_eq!((error.kind(), error.status(), error.hint()), (*kind, Some(*status), Some(*hint)));
            assert!(error.message().contains("5Lr2eHww"), "{error}");
        }
    }

    #[test]
    fn a_failure_of_the_server_may_pass() {
        for (status, retryable) in [(500, true), (503, true), (302, false), (418, false)] {
            let error = error(status, "<html>");
            assert_eq!((error.kind(), error.is_retryable()), (ErrorKind::Platform, retryable), "{status}");
            assert!(!error.message().contains('<'), "{error}");
        }
    }

    #[test]
    fn a_limit_says_how_long_to_wait_and_words_are_kept() {
        for status in [429, 449] {
            let error = error(status, r#"{"error":"API_TOKEN_LIMIT_EXCEEDED","message":"Rate limit exceeded"}"#);
            assert_eq!((error.kind(), error.retry_after()), (ErrorKind::RateLimited, Some(WAIT)));
            assert!(error.message().ends_with("Rate limit exceeded"), "{error}");
        }
        assert!(error(401, "invalid token").message().ends_with("invalid token"));
        assert!(error(401, r#"{"message":"missing scopes"}"#).message().ends_with("missing scopes"));
    }

    #[test]
    fn too_many_cards_are_told_by_the_code() {
        let response = |body: &str| TestHost::response(429, body);
        assert!(is_too_many_cards(&response(r#"{"error":"API_TOO_MANY_CARDS_REQUESTED","message":"x"}"#)));
        assert!(!is_too_many_cards(&response(r#"{"error":"API_KEY_LIMIT_EXCEEDED","message":"x"}"#)));
        assert!(!is_too_many_cards(&response("API_TOO_MANY_CARDS_REQUESTED")));
    }
}
