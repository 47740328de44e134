//! The story of one request: who asks, and what the instance answers.

use base64::{Engine as _, prelude::BASE64_STANDARD};
use percent_encoding::percent_decode_str;

use super::{
    ACCOUNT,
    instance::{Answered, Asked, Instance},
    oauth::{self, Tokens},
};
use crate::servers::{
    Answer, Request, fake,
    server::{Handler, Outcome},
};

/// Everything behind the port.
pub(super) type Service = fake::Service<Inner>;

/// What changes.
pub(super) struct Inner {
    pub(super) instance: Instance,
    pub(super) tokens: Tokens,
}

impl Handler for Service {
    fn answer(&self, request: &Request) -> Outcome {
        if request.path == oauth::PATH {
            let answer = self.inner().tokens.answer(request);
            return answer.unwrap_or_else(|complaint| self.violations.refuse(request, &[complaint])).into();
        }
        if !is_signed_in(request) && !self.inner().tokens.admit(request) {
            let body = r#"{"error":{"message":"User Not Authenticated","detail":"Required to provide Auth information"},"status":"failure"}"#;
            return Answer::json(401, body).header("www-authenticate", "BASIC realm=\"Service-now\"").into();
        }
        let query: Vec<(String, String)> = request.parameters();
        let path = percent_decode_str(&request.path).decode_utf8_lossy();
        let asked = Asked {
            method: request.method.as_str(),
            path: &path,
            query: &query,
            content_type: request.header("content-type"),
            body: &request.body,
            user: ACCOUNT.0,
        };
        match self.inner().instance.answer(&asked) {
            Err(complaint) => self.violations.refuse(request, &[complaint]).into(),
            Ok(Answered { status, headers, body }) => {
                let answer =
                    headers.iter().fold(Answer::new(status), |answer, (name, value)| answer.header(name, value));
                let committed = request.method != "GET" && (200..300).contains(&status);
                Outcome { answer: answer.with_body(body), committed }
            }
        }
    }
}

fn is_signed_in(request: &Request) -> bool {
    let pair = request.header("authorization").and_then(|header| header.strip_prefix("Basic "));
    let pair = pair.and_then(|pair| BASE64_STANDARD.decode(pair).ok());
    pair.is_some_and(|pair| pair == format!("{}:{}", ACCOUNT.0, ACCOUNT.1).into_bytes())
}
