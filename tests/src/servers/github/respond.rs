//! What goes around an answer: tags, limits, scopes, and the headers that every answer has.

use std::hash::{DefaultHasher, Hash as _, Hasher as _};

use hyper::{HeaderMap, Method, header, http::HeaderValue};

use super::{
    access::{Token, TokenKind},
    limits::{Bucket, SecondaryLimit},
    render::document,
    reply::{Refusal, Reply},
};
use crate::servers::{Answer, Request, server::Outcome};

pub(super) fn token_headers(headers: &mut HeaderMap, token: Option<&Token>) {
    let Some(TokenKind::Classic(scopes)) = token.map(|token| &token.kind) else { return };
    insert(headers, "x-oauth-scopes", &scopes.join(", "));
    insert(headers, "x-accepted-oauth-scopes", "repo");
}

pub(super) fn limit_headers(headers: &mut HeaderMap, bucket: &Bucket) {
    headers.insert("x-ratelimit-limit", bucket.limit.into());
    headers.insert("x-ratelimit-remaining", bucket.remaining.into());
    headers.insert("x-ratelimit-used", (bucket.limit.saturating_sub(bucket.remaining)).into());
    headers.insert("x-ratelimit-reset", bucket.reset.into());
    headers.insert("x-ratelimit-resource", HeaderValue::from_static(bucket.resource.word()));
}

pub(super) fn secondary(limit: SecondaryLimit, mut headers: HeaderMap) -> Outcome {
    if let Some(seconds) = limit.retry_after {
        headers.insert(header::RETRY_AFTER, seconds.into());
    }
    let message = "You have exceeded a secondary rate limit. Please wait a few minutes before you try again.";
    refused(&Refusal::new(limit.status, message), headers)
}

/// Returns the weak tag of what is answered: another token, another kind of content, another tag.
pub(super) fn tag(reply: &Reply, token: Option<&Token>, request: &Request) -> String {
    let mut hasher = DefaultHasher::new();
    token.map(|token| &token.text).hash(&mut hasher);
    request.headers.get(header::ACCEPT).hash(&mut hasher);
    (reply.document.hash, &reply.link).hash(&mut hasher);
    format!("W/\"{:016x}\"", hasher.finish())
}

pub(super) fn is_known(tag: &str, request: &Request) -> bool {
    let known = request.header("if-none-match").unwrap_or_default();
    let reads = [Method::GET, Method::HEAD].contains(&request.method);
    // A comparison for reading is a weak one.
    reads
        && known
            .split(',')
            .any(|known| known.trim() == "*" || known.trim() == tag || Some(known.trim()) == tag.strip_prefix("W/"))
}

pub(super) fn unchanged(tag: &str, mut headers: HeaderMap) -> Outcome {
    insert(&mut headers, "etag", tag);
    Outcome::from(Answer { headers, ..Answer::new(304) })
}

pub(super) fn answered(reply: Reply, tag: Option<String>, mut headers: HeaderMap) -> Outcome {
    let texts = [("etag", tag), ("link", reply.link), ("location", reply.location)];
    for (name, text) in texts {
        if let Some(text) = text {
            insert(&mut headers, name, &text);
        }
    }
    if let Some(time) = reply.last_modified {
        let printer = jiff::fmt::rfc2822::DateTimePrinter::new();
        let time = printer.timestamp_to_rfc9110_string(&time).expect("issues are of this age");
        insert(&mut headers, "last-modified", &time);
    }
    headers
        .insert(header::VARY, HeaderValue::from_static("Accept, Authorization, Cookie, X-GitHub-OTP, Accept-Encoding"));
    headers.insert("x-github-media-type", HeaderValue::from_static("github.v3; format=json"));
    let content = HeaderValue::from_static("application/json; charset=utf-8");
    headers.insert(header::CONTENT_TYPE, content);
    let answer = Answer { headers, body: reply.document.bytes, ..Answer::new(reply.status) };
    Outcome { answer, committed: reply.committed }
}

pub(super) fn refused(refusal: &Refusal, mut headers: HeaderMap) -> Outcome {
    if let Some(location) = &refusal.location {
        insert(&mut headers, "location", location);
    }
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json; charset=utf-8"));
    let body = document(&refusal.body()).bytes;
    Outcome::from(Answer { headers, body, ..Answer::new(refusal.status) })
}

fn insert(headers: &mut HeaderMap, name: &'static str, value: &str) {
    headers.insert(name, HeaderValue::from_str(value).expect("what the fake says is printable"));
}
