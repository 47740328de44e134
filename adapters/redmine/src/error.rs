//! Redmine's complaints into ours: by status. Their bodies are empty, or sentences in the account's language.

use std::fmt::Display;

use usher_adapter_sdk::{Error, ErrorKind, Result, host::Response};

use crate::api::Complaint;

/// What a status means, and what to try; sorted.
const STATUSES: &[(u16, ErrorKind, &str)] = &[
    (301, ErrorKind::Configuration, SIGN_IN),
    (302, ErrorKind::Configuration, SIGN_IN),
    (400, ErrorKind::Validation, "Redmine did not understand the request."),
    (
        401,
        ErrorKind::Authentication,
        "The key is wrong, or the account is locked: the key is on your account page, `API access key`.",
    ),
    (
        403,
        ErrorKind::Permission,
        "The account's roles lack a permission, the project is closed or archived, or the REST API is switched off \
         (Administration, Settings, API).",
    ),
    (404, ErrorKind::NotFound, "What the account may not see looks like this too."),
    (406, ErrorKind::Configuration, "Is `base_url` the address of the start page?"),
    (409, ErrorKind::Conflict, "Somebody else changed it meanwhile: look, and try again."),
    (412, ErrorKind::Authentication, "There is no account of the name in `act_as`."),
    (413, ErrorKind::Validation, "The file is larger than the server takes."),
    (422, ErrorKind::Validation, "Correct what is named, and try again."),
    (429, ErrorKind::RateLimited, "Something before Redmine limits requests: wait."),
];

const SIGN_IN: &str =
    "It leads to another page, such as one to sign in at: look at `base_url`, and at what is between.";

/// Lets a success through and turns any other answer into the error that it is.
pub(crate) fn checked(response: Response, about: &dyn Display) -> Result<Response> {
    if response.is_success() { Ok(response) } else { Err(of(&response, about)) }
}

fn of(response: &Response, about: &dyn Display) -> Error {
    let status = response.status;
    // Most complaints have no body, and a proxy's is a page: then the status is all there is.
    let complaint: Complaint<'_> = response.decode().unwrap_or_default();
    let Ok(place) = STATUSES.binary_search_by_key(&status, |(known, ..)| *known) else {
        return Error::new(ErrorKind::Platform, format!("{about}: Redmine answers {status}"))
            .with_status(status)
            .with_retryable(status >= 500);
    };
    let (_, kind, hint) = STATUSES[place];
    let error = match kind {
        ErrorKind::NotFound => Error::not_found(about),
        kind => Error::new(kind, format!("{about}: Redmine answers {status}")),
    };
    let error = error.with_status(status).with_hint(hint);
    complaint.errors.iter().fold(error, |error, sentence| error.with_field("request", &**sentence))
}

#[cfg(test)]
mod tests {
    use usher_adapter_sdk::testkit::TestHost;

    use super::*;

    #[test]
    fn statuses_are_sorted_and_each_has_its_kind_with_an_empty_body_too() {
        assert!(STATUSES.is_sorted_by_key(|(status, ..)| *status));
        for (status, kind, hint) in STATUSES {
            for body in ["", "<html>", "{}"] {
                let error = checked(TestHost::response(*status, body), &"issue 5").unwrap_err();
                assert_eq!((error.kind(), error.status(), error.hint()), (*kind, Some(*status), Some(*hint)));
                assert!(error.message().contains("issue 5"), "{error}");
            }
        }
    }

    #[test]
    fn a_failure_of_the_server_may_pass_and_anything_else_unknown_will_not() {
        for (status, retryable) in [(500, true), (503, true), (418, false)] {
            let error = checked(TestHost::response(status, ""), &"it").unwrap_err();
            assert_eq!((error.kind(), error.is_retryable()), (ErrorKind::Platform, retryable), "{status}");
        }
    }

    #[test]
    fn every_sentence_of_a_complaint_is_kept() {
        let body = r#"{"errors":["Subject cannot be blank","Priorität muss ausgefüllt werden"]}"#;
        let error = checked(TestHost::response(422, body), &"the new issue").unwrap_err();
        assert!(error.to_string().contains("Subject cannot be blank") && error.to_string().contains("Priorität"));
    }
}
