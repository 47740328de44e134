//! Linear's complaints into ours: by the code and the type of an error, and by status and headers; never by words
//! meant for people. An error comes with HTTP 200 as well as with 400.
//!
//! Types: <https://github.com/linear/linear/blob/master/packages/sdk/src/error.ts>

use std::{fmt::Display, time::Duration};

use serde::{Deserialize, de::IgnoredAny};
use usher_adapter_sdk::{Error, ErrorKind, Result, decode, host::Response, model::Time};

use crate::{
    api::{Answer, Complaint, Step},
    request::Data,
};

/// What a code or a type means, whether trying again may help, and what to try. In lower case, with spaces; sorted.
const WORDS: &[(&str, ErrorKind, bool, &str)] = &[
    ("authentication error", ErrorKind::Authentication, false, CREDENTIALS),
    ("bad user input", ErrorKind::Validation, false, CORRECT),
    ("bootstrap error", ErrorKind::Platform, true, LATER),
    (
        "feature not accessible",
        ErrorKind::Permission,
        false,
        "The workspace's plan, or your role in it, does not have this.",
    ),
    ("forbidden", ErrorKind::Permission, false, "The account, or the scopes of its token, may not do this."),
    ("graphql error", ErrorKind::Validation, false, SCHEMA),
    ("graphql parse failed", ErrorKind::Validation, false, SCHEMA),
    ("graphql validation failed", ErrorKind::Validation, false, SCHEMA),
    ("input error", ErrorKind::Validation, false, CORRECT),
    ("internal error", ErrorKind::Platform, true, LATER),
    ("internal server error", ErrorKind::Platform, true, LATER),
    ("invalid input", ErrorKind::Validation, false, CORRECT),
    ("lock timeout", ErrorKind::Platform, true, LATER),
    ("network error", ErrorKind::Platform, true, LATER),
    ("ratelimited", ErrorKind::RateLimited, true, LIMITS),
    ("usage limit exceeded", ErrorKind::Permission, false, "The workspace has reached a limit of its plan."),
    ("user error", ErrorKind::Validation, false, CORRECT),
];

/// What a status means where no code says more; sorted.
const STATUSES: &[(u16, ErrorKind, &str)] = &[
    (400, ErrorKind::Validation, CORRECT),
    (401, ErrorKind::Authentication, CREDENTIALS),
    (403, ErrorKind::Permission, "The account, or the scopes of its token, may not do this."),
    (404, ErrorKind::Configuration, "There is no GraphQL at this address: look at `base_url`."),
    (429, ErrorKind::RateLimited, LIMITS),
];

const CREDENTIALS: &str = "The key is wrong, expired or revoked. A personal API key is `key`, and goes without a prefix; an \
                           OAuth token is `token`: https://linear.app/settings/account/security";
const CORRECT: &str = "Correct what is named, and try again.";
const LATER: &str = "It is Linear's: try again later, and look at https://linearstatus.com";
const LIMITS: &str = "Wait; the limits are on https://linear.app/developers/rate-limiting";
const SCHEMA: &str =
    "A filter of your own is wrong, or Linear's schema has changed: look for a newer version of this adapter.";

/// How long to wait where a limit is exceeded and nothing says how long.
const WAIT: Duration = Duration::from_secs(60);

/// The budgets, as headers name them; the narrowest first.
const BUDGETS: &[&str] = &["endpoint-requests", "complexity", "requests"];

/// Reads the data of an answer; an answer without data is the error that it is.
pub(crate) fn checked<'a, T: Deserialize<'a>>(
    response: &'a Response,
    about: &dyn Display,
    now: Time,
) -> Result<Data<'a, T>> {
    match response.decode::<Answer<'a, T>>() {
        Ok(Answer { data: Some(data), errors }) if response.is_success() => {
            Ok(Data { data, gaps: errors.unwrap_or_default() })
        }
        Ok(Answer { errors, .. }) => Err(of(response, &errors.unwrap_or_default(), about, now)),
        // Data that cannot be read is less of a reason than an error beside it.
        Err(unread) => match decode::json::<Answer<'a, IgnoredAny>>(&response.body) {
            Ok(Answer { errors: Some(errors), .. }) if !errors.is_empty() => Err(of(response, &errors, about, now)),
            // A proxy may answer with a page: then the status is all there is.
            _ if response.is_success() => Err(unread.context(about)),
            _ => Err(of(response, &[], about, now)),
        },
    }
}

/// Returns the error of a field that could not be had although others could.
pub(crate) fn of_gap(gap: &Complaint<'_>, about: &dyn Display) -> Error {
    let (kind, retryable, hint) = meaning(gap).unwrap_or((ErrorKind::Platform, false, LATER));
    said(kind, None, Some(gap), about).with_retryable(retryable).with_hint(hint)
}

/// Returns the error of a file that could not be had.
pub(crate) fn of_file(response: &Response, about: &dyn Display, now: Time) -> Error {
    if response.status == 404 {
        return Error::not_found(about).with_status(404);
    }
    of(response, &[], about, now)
}

fn of(response: &Response, complaints: &[Complaint<'_>], about: &dyn Display, now: Time) -> Error {
    // One that is understood says more than one that is not.
    let complaint = complaints.iter().find(|complaint| meaning(complaint).is_some()).or(complaints.first());
    if complaint.is_some_and(is_missing) {
        return Error::not_found(about)
            .with_status(response.status)
            .with_hint("It was deleted, or belongs to a team that this account does not see.");
    }
    let by_status = || {
        let place = STATUSES.binary_search_by_key(&response.status, |(status, ..)| *status).ok()?;
        let (_, kind, hint) = STATUSES[place];
        Some((kind, kind.is_retryable(), hint))
    };
    let server = (ErrorKind::Platform, response.status >= 500, LATER);
    let (kind, retryable, hint) = complaint.and_then(meaning).or_else(by_status).unwrap_or(server);
    let error = said(kind, Some(response.status), complaint, about).with_retryable(retryable).with_hint(hint);
    if kind == ErrorKind::RateLimited { error.with_retry_after(wait(response, now)) } else { error }
}

/// Says that it failed, on what, and what Linear wrote about it.
fn said(kind: ErrorKind, status: Option<u16>, complaint: Option<&Complaint<'_>>, about: &dyn Display) -> Error {
    let words = complaint.and_then(Complaint::words);
    let error = match (words, status) {
        (Some(words), _) => Error::new(kind, format!("{about}: Linear answers: {words}")),
        (None, Some(status)) => Error::new(kind, format!("{about}: Linear answers {status}, and no data")),
        (None, None) => Error::new(kind, format!("{about}: Linear answers without all of the data")),
    };
    status.into_iter().fold(error, Error::with_status)
}

/// Returns what the code of an error means, or else its type, or else its own status.
fn meaning(complaint: &Complaint<'_>) -> Option<(ErrorKind, bool, &'static str)> {
    let extensions = complaint.extensions.as_ref()?;
    let words = [&extensions.code, &extensions.kind];
    words.into_iter().flatten().find_map(|word| known(word)).or_else(|| {
        let place = STATUSES.binary_search_by_key(&extensions.status_code?, |(status, ..)| *status).ok()?;
        let (_, kind, hint) = STATUSES[place];
        Some((kind, kind.is_retryable(), hint))
    })
}

fn known(word: &str) -> Option<(ErrorKind, bool, &'static str)> {
    let plain = word.to_ascii_lowercase().replace(['_', '-'], " ");
    let place = WORDS.binary_search_by(|(known, ..)| (*known).cmp(plain.as_str())).ok()?;
    let (_, kind, retryable, hint) = WORDS[place];
    Some((kind, retryable, hint))
}

/// Says whether an issue is what is wrong with the input: nothing but its id is asked of `issue(id:)`.
fn is_missing(complaint: &Complaint<'_>) -> bool {
    let is_issue = matches!(&complaint.path.as_deref(), Some([Step::Field(field)]) if &**field == "issue");
    is_issue && meaning(complaint).is_some_and(|(kind, ..)| kind == ErrorKind::Validation)
}

/// Returns how long to wait after a limit was exceeded: as long as Linear says, else until a spent budget is full again.
fn wait(response: &Response, now: Time) -> Duration {
    let number = |name: &str| response.header(name)?.trim().parse::<i64>().ok();
    if let Some(seconds) = number("retry-after").and_then(|seconds| u64::try_from(seconds).ok()) {
        return Duration::from_secs(seconds);
    }
    let spent = BUDGETS.iter().find(|budget| number(&format!("x-ratelimit-{budget}-remaining")) == Some(0));
    let reset = spent.and_then(|budget| number(&format!("x-ratelimit-{budget}-reset")));
    reset.and_then(Time::from_unix_millis).map_or(WAIT, |reset| now.until(reset))
}
