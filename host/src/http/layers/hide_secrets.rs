//! Stars in place of secrets that a platform tells in its answers: its manifest names the members of JSON that hold one.
//!
//! Secrets that are known by value are taken out by `authenticate`. One that nobody has told the host, such as the key of an account
//! that came with a password, has no other sign than its name.

use std::{ops::Range, sync::Arc};

use crate::{
    config::STARS,
    http::{Call, Exchange, Failure, Request, Response},
};

/// Hides the texts of some members.
pub(crate) struct HideSecrets<N> {
    names: Arc<[String]>,
    next: N,
}

impl<N> HideSecrets<N> {
    /// Returns the layer around the next one, for members of these names.
    pub(crate) fn new(names: Arc<[String]>, next: N) -> Self {
        Self { names, next }
    }
}

impl<N: Exchange> Exchange for HideSecrets<N> {
    async fn send(&self, request: Request, call: &Call) -> Result<Response, Failure> {
        let mut response = self.next.send(request, call).await?;
        if let Some(hidden) = hidden(&response.body, &self.names) {
            response.body = hidden.into();
        }
        Ok(response)
    }
}

/// Returns a body with stars in place of the texts of such members, if there are any. All else stays as it was written.
fn hidden(body: &[u8], names: &[String]) -> Option<Vec<u8>> {
    if names.is_empty() {
        return None;
    }
    let (mut hidden, mut kept, mut place) = (Vec::new(), 0, 0);
    while let Some(text) = next_text(body, place) {
        place = text.end + 1;
        if !names.iter().any(|name| name.as_bytes() == &body[text.clone()]) {
            continue;
        }
        if let Some(value) = text_of_member(body, place) {
            hidden.extend_from_slice(&body[kept..value.start]);
            hidden.extend_from_slice(STARS.as_bytes());
            (kept, place) = (value.end, value.end + 1);
        }
    }
    if kept == 0 {
        return None;
    }
    hidden.extend_from_slice(&body[kept..]);
    Some(hidden)
}

/// Returns where the next text is, without its quotes.
fn next_text(body: &[u8], from: usize) -> Option<Range<usize>> {
    let start = from + memchr::memchr(b'"', body.get(from..)?)? + 1;
    let mut end = start;
    loop {
        match body.get(end)? {
            b'"' => return Some(start..end),
            b'\\' => end += 2,
            _ => end += 1,
        }
    }
}

/// Returns where the value is of a member whose name ends at a place, if it is a text.
fn text_of_member(body: &[u8], from: usize) -> Option<Range<usize>> {
    let behind = |place: usize| {
        let blanks = body.get(place..)?.iter().take_while(|byte| byte.is_ascii_whitespace()).count();
        Some(place + blanks)
    };
    let colon = behind(from).filter(|place| body.get(*place) == Some(&b':'))?;
    let quote = behind(colon + 1).filter(|place| body.get(*place) == Some(&b'"'))?;
    // Of an answer that was cut short the rest is hidden: it is the beginning of a secret.
    Some(next_text(body, quote).unwrap_or(quote + 1..body.len()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::http::testing::{FakeNetwork, answer, call, get};

    fn shown(body: &str) -> Option<String> {
        hidden(body.as_bytes(), &["api_key".to_owned(), "token".to_owned()])
            .map(|body| String::from_utf8(body).unwrap())
    }

    #[test]
    fn the_texts_of_named_members_are_stars_wherever_they_stand_and_all_else_stays_as_it_was() {
        for (body, expected) in [
            (r#"{"user":{"api_key":"s3cret","id":1.50}}"#, r#"{"user":{"api_key":"***","id":1.50}}"#),
            (r#"[{"token" : "a\"b\\"},{"api_key":"c"}]"#, r#"[{"token" : "***"},{"api_key":"***"}]"#),
            (r#"{"api_key":"cut"#, r#"{"api_key":"***"#),
            (r#"{"api_key":"cut\"#, r#"{"api_key":"***"#),
            (
                r#"{"api_key":"","note":"the api_key: \"api_key\":\"x\""}"#,
                r#"{"api_key":"***","note":"the api_key: \"api_key\":\"x\""}"#,
            ),
        ] {
            assert_eq!(shown(body).as_deref(), Some(expected), "{body}");
        }
    }

    #[test]
    fn what_is_no_text_of_such_a_member_is_left_alone() {
        for body in [
            "",
            r#"{"api_key":null}"#,
            r#"{"api_keys":"x"}"#,
            r#"{"name":"api_key","value":"x"}"#,
            r#"["api_key","x"]"#,
            r#"{"api_key""#,
            "\u{fffd}\"",
        ] {
            assert_eq!(shown(body), None, "{body}");
        }
        assert_eq!(hidden(br#"{"api_key":"s3cret"}"#, &[]), None);
    }

    #[tokio::test]
    async fn answers_and_complaints_are_treated_alike() {
        for status in [200, 403] {
            let network = FakeNetwork::new([Ok(answer(status, &[], r#"{"api_key":"s3cret"}"#))]);
            let layer = HideSecrets::new(Arc::new(["api_key".to_owned()]), network);
            let response = layer.send(get("https://tickets.example/me"), &call()).await.unwrap();
            assert_eq!(response.body, r#"{"api_key":"***"}"#);
        }
    }
}
