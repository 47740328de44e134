//! monday.com's complaints into ours: by the code of an error, else by its own status or that of the answer; never by words
//! meant for people. An error comes with HTTP 200 as well as with another status.
//!
//! Codes: <https://developer.monday.com/api-reference/docs/error-handling>

use std::{fmt::Display, time::Duration};

use serde::{Deserialize, de::IgnoredAny};
use usher_adapter_sdk::{Error, ErrorKind, Result, decode, host::Response};

use crate::api::{Answer, Complaint, Extensions};

/// What a code means, and what to try. In lower case, without `_` and without `exception` at the end; sorted.
const CODES: &[(&str, ErrorKind, &str)] = &[
    ("columnvalue", ErrorKind::Validation, CORRECT),
    ("complexity", ErrorKind::RateLimited, LIMITS),
    ("complexitybudgetexhausted", ErrorKind::RateLimited, LIMITS),
    ("correctedvalue", ErrorKind::Validation, CORRECT),
    ("createboard", ErrorKind::Validation, CORRECT),
    ("cursorexpired", ErrorKind::Conflict, "The place in the list is older than an hour: begin it anew."),
    ("dailylimitexceeded", ErrorKind::RateLimited, "The plan's calls of a day are used up until midnight, UTC."),
    ("fieldlimitexceeded", ErrorKind::RateLimited, LIMITS),
    ("graphqlvalidationfailed", ErrorKind::Validation, SCHEMA),
    ("internalserver", ErrorKind::Platform, LATER),
    ("invalidargument", ErrorKind::Validation, CORRECT),
    ("invalidboardid", ErrorKind::NotFound, BOARD),
    ("invalidcolumnid", ErrorKind::Validation, "The board has changed its columns: try again."),
    ("invalidinput", ErrorKind::Validation, CORRECT),
    ("invaliditemid", ErrorKind::NotFound, ITEM),
    ("invaliduserid", ErrorKind::Validation, CORRECT),
    ("ipratelimitexceeded", ErrorKind::RateLimited, LIMITS),
    ("itemnameistoolong", ErrorKind::Validation, "A name has 255 characters at most."),
    ("itemslimitation", ErrorKind::Validation, "The board is full: 10,000 items, or what the plan says."),
    ("jsonparse", ErrorKind::Validation, CORRECT),
    ("maxcomplexityexceeded", ErrorKind::RateLimited, LIMITS),
    ("maxconcurrencyexceeded", ErrorKind::RateLimited, LIMITS),
    ("missingrequiredpermissions", ErrorKind::Permission, PERMISSION),
    ("notauthenticated", ErrorKind::Authentication, CREDENTIALS),
    ("parse", ErrorKind::Validation, SCHEMA),
    ("ratelimitexceeded", ErrorKind::RateLimited, LIMITS),
    ("recordinvalid", ErrorKind::Validation, CORRECT),
    ("resourcelocked", ErrorKind::Platform, LATER),
    ("resourcenotfound", ErrorKind::NotFound, ITEM),
    ("undefinedfield", ErrorKind::Validation, SCHEMA),
    ("unsupportedquery", ErrorKind::Validation, SCHEMA),
    ("useraccessdenied", ErrorKind::Permission, PERMISSION),
    ("userunauthorized", ErrorKind::Permission, PERMISSION),
];

/// What a status means where no code says more; sorted.
const STATUSES: &[(u16, ErrorKind, &str)] = &[
    (400, ErrorKind::Validation, CORRECT),
    (401, ErrorKind::Authentication, CREDENTIALS),
    (403, ErrorKind::Permission, PERMISSION),
    (404, ErrorKind::Configuration, "There is no GraphQL at this address: look at `base_url`."),
    (409, ErrorKind::Conflict, "Somebody else wrote at the same time: try again."),
    (423, ErrorKind::Platform, LATER),
    (429, ErrorKind::RateLimited, LIMITS),
];

const BOARD: &str = "It does not exist, or the account does not see it: `usher options` lists those that it sees.";
const CORRECT: &str = "Correct what is named, and try again.";
const CREDENTIALS: &str = "The token is wrong, expired or revoked. A personal token goes without a prefix: your picture → \
                           Developers → My access tokens.";
const ITEM: &str = "It was deleted, or is on a board that this account does not see.";
const LATER: &str = "It is monday.com's: try again later, and look at https://status.monday.com";
const LIMITS: &str = "Wait; the limits are on https://developer.monday.com/api-reference/docs/rate-limits";
const PERMISSION: &str = "The account, or the scopes of its token, may not do this.";
const SCHEMA: &str =
    "A query of your own is wrong, or monday.com's schema has changed: look for a newer version of this adapter.";

/// How long to wait where a limit is exceeded and nothing says how long.
const WAIT: Duration = Duration::from_secs(60);

/// Reads the data of an answer; one with an error in it is that error, even where some data came as well.
pub(crate) fn checked<'a, T: Deserialize<'a>>(response: &'a Response, about: &dyn Display) -> Result<T> {
    match response.decode::<Answer<'a, T>>() {
        Ok(Answer { data: Some(data), errors, error_code: None, .. })
            if response.is_success() && errors.as_ref().is_none_or(Vec::is_empty) =>
        {
            Ok(data)
        }
        Ok(answer) => Err(of(response, &answer, about)),
        // Data that cannot be read is less of a reason than an error beside it.
        Err(unread) => match decode::json::<Answer<'a, IgnoredAny>>(&response.body) {
            Ok(answer) if answer.error_code.is_some() || answer.errors.as_ref().is_some_and(|all| !all.is_empty()) => {
                Err(of(response, &answer, about))
            }
            // A proxy may answer with a page: then the status is all there is.
            _ if response.is_success() => Err(unread.context(about)),
            _ => Err(by_status(response.status, None, about)),
        },
    }
}

/// Returns the error of a file that could not be had.
pub(crate) fn of_file(response: &Response, about: &dyn Display) -> Error {
    if response.status == 404 {
        return Error::not_found(about).with_status(404);
    }
    by_status(response.status, None, about)
}

/// Says whether a place in a list is no longer known.
pub(crate) fn is_expired_cursor(error: &Error) -> bool {
    error.kind() == ErrorKind::Conflict
}

fn of<T>(response: &Response, answer: &Answer<'_, T>, about: &dyn Display) -> Error {
    if let Some(code) = answer.error_code.as_deref() {
        let words = answer.error_message.as_deref();
        return meant(known(code), response, words, None, about);
    }
    let complaints = answer.errors.as_deref().unwrap_or_default();
    let code = |complaint: &Complaint<'_>| extensions(complaint)?.code.as_deref().and_then(known);
    // One that is understood says more than one that is not.
    let complaint = complaints.iter().find(|complaint| code(complaint).is_some()).or(complaints.first());
    let words = complaint.and_then(words);
    let extensions = complaint.and_then(extensions);
    meant(complaint.and_then(code), response, words, extensions, about)
}

fn meant(
    meaning: Option<(ErrorKind, &'static str)>,
    response: &Response,
    words: Option<&str>,
    extensions: Option<&Extensions<'_>>,
    about: &dyn Display,
) -> Error {
    let own_status = extensions.and_then(|extensions| extensions.status_code).filter(|status| *status >= 400);
    let status = if response.is_success() { own_status.unwrap_or(response.status) } else { response.status };
    let error = match meaning {
        Some((kind, hint)) => said(kind, status, words, about).with_hint(hint),
        // The validation of a document has no code at all.
        None if status < 400 && words.is_some() => said(ErrorKind::Validation, status, words, about).with_hint(SCHEMA),
        None => by_status(status, words, about),
    };
    if error.kind() != ErrorKind::RateLimited {
        return error;
    }
    let seconds = extensions.and_then(|extensions| extensions.retry_in_seconds);
    let header = || response.header("retry-after")?.trim().parse::<f64>().ok();
    let wait = seconds.or_else(header).and_then(|seconds| Duration::try_from_secs_f64(seconds).ok());
    error.with_retry_after(wait.unwrap_or(WAIT))
}

fn by_status(status: u16, words: Option<&str>, about: &dyn Display) -> Error {
    let place = STATUSES.binary_search_by_key(&status, |(status, ..)| *status);
    let (kind, hint) = place.map_or((ErrorKind::Platform, LATER), |place| (STATUSES[place].1, STATUSES[place].2));
    said(kind, status, words, about).with_retryable(kind.is_retryable() && status >= 400).with_hint(hint)
}

/// Says that it failed, on what, and what monday.com wrote about it.
fn said(kind: ErrorKind, status: u16, words: Option<&str>, about: &dyn Display) -> Error {
    let error = match words {
        Some(words) => Error::new(kind, format!("{about}: monday.com answers: {words}")),
        None => Error::new(kind, format!("{about}: monday.com answers {status}, and no data")),
    };
    error.with_status(status)
}

fn words<'a>(complaint: &'a Complaint<'_>) -> Option<&'a str> {
    match complaint {
        Complaint::Words(words) => Some(words),
        Complaint::Object { message, .. } => message.as_deref(),
    }
}

fn extensions<'a, 'b>(complaint: &'a Complaint<'b>) -> Option<&'a Extensions<'b>> {
    match complaint {
        Complaint::Words(_) => None,
        Complaint::Object { extensions, .. } => extensions.as_ref(),
    }
}

fn known(code: &str) -> Option<(ErrorKind, &'static str)> {
    let plain = code.to_ascii_lowercase().replace(['_', '-'], "");
    let plain = plain.trim_end_matches("exception").trim_end_matches("error");
    let find = |word: &str| CODES.binary_search_by(|(known, ..)| (*known).cmp(word)).ok();
    let place = find(plain).or_else(|| find(&format!("{plain}error")))?;
    Some((CODES[place].1, CODES[place].2))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_table_is_sorted() {
        assert!(CODES.is_sorted_by_key(|(code, ..)| *code));
        assert!(STATUSES.is_sorted_by_key(|(status, ..)| *status));
    }

    #[test]
    fn a_code_is_known_in_each_way_of_writing_it() {
        for (code, kind) in [
            ("ComplexityException", ErrorKind::RateLimited),
            ("COMPLEXITY_BUDGET_EXHAUSTED", ErrorKind::RateLimited),
            ("complexityBudgetExhausted", ErrorKind::RateLimited),
            ("DAILY_LIMIT_EXCEEDED", ErrorKind::RateLimited),
            ("CursorExpiredError", ErrorKind::Conflict),
            ("InvalidBoardIdException", ErrorKind::NotFound),
            ("INTERNAL_SERVER_ERROR", ErrorKind::Platform),
            ("USER_UNAUTHORIZED", ErrorKind::Permission),
            ("parseError", ErrorKind::Validation),
        ] {
            assert_eq!(known(code).map(|(kind, _)| kind), Some(kind), "{code}");
        }
        assert!(known("SomethingElse").is_none());
    }
}
