//! Requests and answers as they pass the network, for `--trace-http`: without credentials, with stars for secrets by name.

use std::borrow::Cow;

use http::HeaderMap;

use crate::http::{Body, Failure, Request, Response, tape};

/// Whose log lines these are; they are written only where they were asked for.
pub(super) const TARGET: &str = "usher::wire";

/// How much of a body is shown.
const BODY: usize = 16 << 10;

/// Says whether anybody reads it.
pub(super) fn is_watched() -> bool {
    tracing::enabled!(target: "usher::wire", tracing::Level::TRACE)
}

/// Shows a request.
pub(super) fn tell_request(request: &Request) {
    let body = match &request.body {
        Body::Bytes(bytes) => shown(bytes),
        Body::File(_) => "(a file)".into(),
        Body::Form { .. } => "(a form with a file)".into(),
    };
    let (method, url) = (&request.method, tape::scrubbed_url(&request.url));
    tracing::trace!(target: TARGET, "> {method} {url}{}{body}", lines('>', &request.headers));
}

/// Shows what came of it.
pub(super) fn tell_outcome(outcome: &Result<Response, Failure>) {
    match outcome {
        Ok(response) => {
            let (status, body) = (response.status, shown(&response.body));
            tracing::trace!(target: TARGET, "< {status}{}{body}", lines('<', &response.headers));
        }
        Err(failure) => tracing::trace!(target: TARGET, "< no answer: {}", failure.error.message()),
    }
}

fn lines(sign: char, headers: &HeaderMap) -> String {
    let line = |(name, value): (&http::HeaderName, &http::HeaderValue)| {
        format!("\n{sign} {name}: {}", String::from_utf8_lossy(value.as_bytes()))
    };
    tape::scrubbed_headers(headers).iter().map(line).collect()
}

fn shown(bytes: &[u8]) -> Cow<'static, str> {
    if bytes.is_empty() {
        return "".into();
    }
    let first = &bytes[..bytes.len().min(BODY)];
    // The cut may go through a letter.
    let text = match std::str::from_utf8(first) {
        Ok(text) => text,
        Err(error) if error.error_len().is_none() => {
            std::str::from_utf8(&first[..error.valid_up_to()]).unwrap_or_default()
        }
        Err(_) => return format!("\n({} bytes that are no text)", bytes.len()).into(),
    };
    match bytes.len() - text.len() {
        0 => format!("\n{text}").into(),
        left => format!("\n{text}\n({left} bytes more)").into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bodies_are_cut_between_letters_and_what_is_no_text_is_not_shown() {
        assert_eq!(shown(b""), "");
        assert_eq!(shown(b"{}"), "\n{}");
        assert_eq!(shown(&[0xff, 0]), "\n(2 bytes that are no text)");
        let long = format!("{}é tail", "x".repeat(BODY - 1));
        assert_eq!(shown(long.as_bytes()), format!("\n{}\n(7 bytes more)", "x".repeat(BODY - 1)));
    }

    #[test]
    fn headers_that_hold_secrets_are_stars() {
        let headers = crate::http::testing::headers(&[("accept", "text/plain"), ("x-api-key", "s3cret")]);
        assert_eq!(lines('>', &headers), "\n> accept: text/plain\n> x-api-key: ***");
    }
}
