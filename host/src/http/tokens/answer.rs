//! What a platform says to a request for a token: the token, or why there is none.

use std::{borrow::Cow, time::Duration};

use http::{StatusCode, header::RETRY_AFTER};
use serde_json::{Map, Value};
use usher_adapter_manifest::TokenRequest;
use usher_adapter_sdk::{Error, ErrorKind, Result};

use crate::{
    config::Secret,
    http::{Proof, Response, retry_after},
    redact,
};

/// A token that was given.
pub(super) struct Given {
    /// The token.
    pub(super) token: Secret,
    /// How long it is good for, if that was said.
    pub(super) lifetime: Option<Duration>,
}

/// What in an answer is a secret.
const SECRETS: [&str; 3] = ["access_token", "id_token", "refresh_token"];

/// How much of a platform's own explanation is repeated, in letters.
const EXPLANATION: usize = 200;

/// What the codes of a refusal mean for whoever has to do something about it (RFC 6749, section 5.2), sorted.
const ADVICE: &[(&str, &str)] = &[
    ("invalid_client", "The platform does not know the client, or its secret is another one."),
    ("invalid_scope", "The scope is one that the client may not have."),
    ("unauthorized_client", "The client may not use this grant: whoever registered it can allow that."),
    ("unsupported_grant_type", "The platform is not set up to give tokens by this grant."),
];

/// Reads the answer to a request for a token. From here on its tokens are replaced by stars, whatever else is in it.
pub(super) fn read(proof: &Proof<'_>, wanted: &TokenRequest, response: &Response) -> Result<Given> {
    let document = serde_json::from_slice::<Map<String, Value>>(&response.body).ok();
    let said = |name: &str| document.as_ref()?.get(name)?.as_str().filter(|text| !text.is_empty());
    for secret in SECRETS.iter().filter_map(|name| said(name)) {
        redact::learn(&Secret::new(secret));
    }
    let status = response.status;
    if let (true, Some(token), None) = (status.is_success(), said("access_token"), said("error")) {
        let lifetime = lifetime(document.as_ref().and_then(|document| document.get("expires_in")))
            .ok_or_else(|| failed(proof, response, ErrorKind::ResponseParse, "a lifetime that is no number"))?;
        return Ok(Given { token: Secret::new(token), lifetime });
    }
    let code = said("error");
    let refuses = matches!(status, StatusCode::BAD_REQUEST | StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN);
    let what = match (&document, code) {
        (_, Some(code)) => explained(code, said("error_description")),
        (Some(_), None) => "no access token and no error".to_owned(),
        (None, _) => not_json(response).to_owned(),
    };
    match status {
        _ if refuses || (status.is_success() && code.is_some()) => {
            Err(failed(proof, response, ErrorKind::Authentication, &what).with_hint(hint(proof, wanted, code)))
        }
        StatusCode::TOO_MANY_REQUESTS => {
            let error = failed(proof, response, ErrorKind::RateLimited, &what);
            let wait =
                response.headers.get(RETRY_AFTER).and_then(|wait| retry_after(wait, std::time::SystemTime::now()));
            Err(wait.into_iter().fold(error, Error::with_retry_after))
        }
        _ if status.is_server_error() => Err(failed(proof, response, ErrorKind::Platform, &what)),
        _ => Err(failed(proof, response, ErrorKind::Platform, &what).with_retryable(false).with_hint(format!(
            "Check `base_url` below `[connections.{}]`: tokens are asked for at {}.",
            proof.connection, response.url
        ))),
    }
}

/// Returns how long a token is good for, which some say as text; outside, nothing if it is neither.
fn lifetime(said: Option<&Value>) -> Option<Option<Duration>> {
    let seconds = match said {
        None | Some(Value::Null) => return Some(None),
        Some(Value::String(text)) => text.trim().parse().ok()?,
        Some(value) => value.as_f64()?,
    };
    // One beyond all clocks is none.
    (seconds >= 0.0).then(|| Duration::try_from_secs_f64(seconds).ok())
}

/// Returns the error of a request for a token that brought none. It has no status: that would read as the ticket's.
fn failed(proof: &Proof<'_>, response: &Response, kind: ErrorKind, what: &str) -> Error {
    let host = response.url.host_str().unwrap_or_default();
    let message = format!(
        "connection `{}` was given no access token: {host} answered {} with {what}",
        proof.connection,
        response.status.as_u16()
    );
    Error::new(kind, message)
}

/// Returns a refusal in the platform's own words, without what it may have said back.
fn explained(code: &str, description: Option<&str>) -> String {
    let short = |text: &str| redact::text(text).chars().take(EXPLANATION).collect::<String>();
    match description {
        Some(description) => format!("`{}` ({})", short(code), short(description)),
        None => format!("`{}`", short(code)),
    }
}

fn not_json(response: &Response) -> &'static str {
    let start =
        String::from_utf8_lossy(&response.body[..response.body.len().min(64)]).trim_start().to_ascii_lowercase();
    match start.as_str() {
        "" => "nothing",
        _ if start.starts_with('<') => "a page in place of JSON",
        _ => "something that is not JSON",
    }
}

fn hint(proof: &Proof<'_>, wanted: &TokenRequest, code: Option<&str>) -> String {
    let fields: Vec<String> = wanted.grant.fields().iter().map(|field| format!("`auth.{field}`")).collect();
    let check = format!("Check {} below `[connections.{}]`.", fields.join(" and "), proof.connection);
    let advice = ADVICE.iter().find(|(known, _)| Some(*known) == code).map(|(_, advice)| Cow::from(*advice));
    let help = proof.scheme.help.as_deref().map(Cow::from);
    [advice, Some(check.into()), help].into_iter().flatten().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_codes_are_sorted() {
        assert!(ADVICE.is_sorted());
    }

    #[test]
    fn a_lifetime_is_a_number_or_one_in_a_text_or_not_said() {
        let seconds = |seconds| Some(Some(Duration::from_secs(seconds)));
        for (said, expected) in [
            (Some(Value::from(1799)), seconds(1799)),
            (Some(Value::from("3600")), seconds(3600)),
            (Some(Value::from(0)), seconds(0)),
            (Some(Value::Null), Some(None)),
            (None, Some(None)),
            (Some(Value::from(1e300)), Some(None)),
            (Some(Value::from(-1)), None),
            (Some(Value::from("soon")), None),
            (Some(Value::from("NaN")), None),
            (Some(Value::from(true)), None),
        ] {
            assert_eq!(lifetime(said.as_ref()), expected, "{said:?}");
        }
    }
}
