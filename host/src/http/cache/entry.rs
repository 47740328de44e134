//! One kept answer: what it depends on, what it is, and its form in a file.
//!
//! A file is three things: a line with the form's name and the CRC-32 of the rest, a line of JSON, and the body as it is.

use std::time::SystemTime;

use bytes::Bytes;
use http::{
    HeaderMap, HeaderName, HeaderValue,
    header::{ETAG, LAST_MODIFIED, VARY},
};
use http_cache_semantics::{BeforeRequest, CacheOptions, CachePolicy};
use serde::{Deserialize, Serialize};

use crate::http::{Request, Response};

/// The name of the form; what has another one is of another version and is not read.
const FORM: &str = "usher-answer-2";

/// Headers of a 304 that describe a body, sorted: the body is the kept one, and so is what describes it.
const OF_THE_BODY: &[&str] = &[
    "connection",
    "content-encoding",
    "content-length",
    "content-range",
    "content-type",
    "keep-alive",
    "trailer",
    "transfer-encoding",
];

/// An answer that may be asked about again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Entry {
    /// The address that was asked.
    url: String,
    /// Those headers of the request that the answer depends on.
    asked: HeaderMap,
    headers: HeaderMap,
    body: Bytes,
}

/// The line of JSON.
#[derive(Serialize, Deserialize)]
struct Head {
    url: String,
    asked: Vec<(String, String)>,
    headers: Vec<(String, String)>,
}

impl Entry {
    /// Returns an answer to keep; nothing where it must not be kept or could not be asked about.
    pub(crate) fn of(request: &Request, response: &Response) -> Option<Self> {
        let has_validator = response.headers.contains_key(ETAG) || last_modified(&response.headers).is_some();
        if response.status != http::StatusCode::OK || !has_validator || varies_by(&response.headers).any(|by| by == "*")
        {
            return None;
        }
        let policy = policy(&request.url, &request.headers, &response.headers)?;
        if !policy.is_storable() {
            return None;
        }
        let is_text = |headers: &HeaderMap| headers.values().all(|value| value.to_str().is_ok());
        let asked = selected(&request.headers, &response.headers);
        if !is_text(&asked) || !is_text(&response.headers) {
            return None;
        }
        Some(Self {
            url: request.url.as_str().to_owned(),
            asked,
            headers: response.headers.clone(),
            body: response.body.clone(),
        })
    }

    /// Says whether it is an answer to that request, once the platform says that it still holds.
    pub(crate) fn answers(&self, request: &Request) -> bool {
        if self.url != request.url.as_str() || self.body.len() as u64 > request.body_cap {
            return false;
        }
        let Some(policy) = policy(&request.url, &self.asked, &self.headers) else { return false };
        let Some(asked) = question(&request.url, &request.headers) else { return false };
        match policy.before_request(&asked, SystemTime::now()) {
            BeforeRequest::Fresh(_) => true,
            BeforeRequest::Stale { matches, .. } => matches,
        }
    }

    /// Returns what the platform gave to ask about it.
    pub(crate) fn validators(&self) -> (Option<&HeaderValue>, Option<&HeaderValue>) {
        (self.headers.get(ETAG), last_modified(&self.headers))
    }

    /// Says whether a 304 speaks of this answer and not of another one.
    pub(crate) fn is_meant_by(&self, not_modified: &HeaderMap) -> bool {
        match (self.headers.get(ETAG), not_modified.get(ETAG)) {
            (Some(ours), Some(theirs)) => opaque(ours) == opaque(theirs),
            _ => true,
        }
    }

    /// Returns the answer as it is now: the kept body under the headers of a 304.
    pub(crate) fn renewed(self, response: Response) -> Response {
        let mut headers = self.headers;
        for name in response.headers.keys() {
            if OF_THE_BODY.binary_search(&name.as_str()).is_ok() {
                continue;
            }
            headers.remove(name);
            for value in response.headers.get_all(name) {
                headers.append(name.clone(), value.clone());
            }
        }
        Response { status: http::StatusCode::OK, url: response.url, headers, body: self.body, from_cache: true }
    }

    /// Returns it as the bytes of a file.
    pub(super) fn to_bytes(&self) -> Vec<u8> {
        let head = Head { url: self.url.clone(), asked: pairs(&self.asked), headers: pairs(&self.headers) };
        let head = usher_adapter_sdk::wire::to_json(&head);
        let mut sum = crc32fast::Hasher::new();
        sum.update(&head);
        sum.update(b"\n");
        sum.update(&self.body);
        let mut bytes = format!("{FORM} {:08x}\n", sum.finalize()).into_bytes();
        bytes.reserve(head.len() + 1 + self.body.len());
        bytes.extend_from_slice(&head);
        bytes.push(b'\n');
        bytes.extend_from_slice(&self.body);
        bytes
    }

    /// Reads the bytes of a file; nothing if they are not whole.
    pub(super) fn from_bytes(bytes: Vec<u8>) -> Option<Self> {
        let bytes = Bytes::from(bytes);
        let first = line(&bytes, 0)?;
        let start = first.len() + 1;
        let sum = first.strip_prefix(FORM.as_bytes())?.strip_prefix(b" ")?;
        // The folder is its owner's alone: the sum finds what a crash or a disk has broken, not what somebody has written.
        if format!("{:08x}", crc32fast::hash(&bytes[start..])).as_bytes() != sum {
            return None;
        }
        let head = line(&bytes, start)?;
        let body = bytes.slice(start + head.len() + 1..);
        let Head { url, asked, headers } = serde_json::from_slice(head).ok()?;
        Some(Self { url, asked: map(&asked)?, headers: map(&headers)?, body })
    }
}

/// Returns when an answer was last changed, if that is a date of HTTP: some servers fail when another one comes back.
fn last_modified(headers: &HeaderMap) -> Option<&HeaderValue> {
    let date = headers.get(LAST_MODIFIED)?;
    httpdate::parse_http_date(date.to_str().ok()?).ok().map(|_| date)
}

/// Returns a line without its end.
fn line(bytes: &[u8], start: usize) -> Option<&[u8]> {
    let rest = bytes.get(start..)?;
    let end = rest.iter().position(|byte| *byte == b'\n')?;
    Some(&rest[..end])
}

/// Returns a tag without the sign that it is a weak one: both kinds tell whether a body that is read still holds.
fn opaque(tag: &HeaderValue) -> &[u8] {
    let tag = tag.as_bytes();
    tag.strip_prefix(b"W/").unwrap_or(tag)
}

/// Returns the rules of HTTP for an answer: for us alone, and of which we ask each time.
fn policy(url: &url::Url, asked: &HeaderMap, answered: &HeaderMap) -> Option<CachePolicy> {
    let mut response = http::Response::new(());
    *response.headers_mut() = answered.clone();
    let options = CacheOptions { shared: false, ..CacheOptions::default() };
    Some(CachePolicy::new_options(&question(url, asked)?, &response, SystemTime::now(), options))
}

fn question(url: &url::Url, headers: &HeaderMap) -> Option<http::Request<()>> {
    let mut request = http::Request::new(());
    *request.uri_mut() = url.as_str().parse().ok()?;
    *request.headers_mut() = headers.clone();
    Some(request)
}

fn varies_by(answered: &HeaderMap) -> impl Iterator<Item = &str> {
    let values = answered.get_all(VARY).into_iter().filter_map(|value| value.to_str().ok());
    values.flat_map(|value| value.split(',')).map(str::trim)
}

/// Returns those headers of a request that its answer depends on.
fn selected(asked: &HeaderMap, answered: &HeaderMap) -> HeaderMap {
    let mut selected = HeaderMap::new();
    for name in varies_by(answered).filter_map(|name| HeaderName::try_from(name).ok()) {
        for value in asked.get_all(&name) {
            selected.append(name.clone(), value.clone());
        }
    }
    selected
}

fn pairs(headers: &HeaderMap) -> Vec<(String, String)> {
    let text = |value: &HeaderValue| value.to_str().unwrap_or_default().to_owned();
    headers.iter().map(|(name, value)| (name.as_str().to_owned(), text(value))).collect()
}

fn map(pairs: &[(String, String)]) -> Option<HeaderMap> {
    let mut headers = HeaderMap::new();
    for (name, value) in pairs {
        headers.append(HeaderName::try_from(name).ok()?, HeaderValue::try_from(value).ok()?);
    }
    Some(headers)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::http::testing::{answer, get, headers};

    const URL: &str = "https://tickets.example/issues/3?full=1";

    #[test]
    fn what_must_not_be_kept_or_cannot_be_asked_about_is_no_entry() {
        const CASES: &[(&[(&str, &str)], bool)] = &[
            (&[("etag", "\"a\"")], true),
            (&[("etag", "W/\"a\"")], true),
            (&[("last-modified", "Wed, 21 Oct 2026 07:28:00 GMT")], true),
            (&[("etag", "\"a\""), ("cache-control", "private, max-age=60, s-maxage=60")], true),
            (&[("etag", "\"a\""), ("cache-control", "no-cache")], true),
            (&[("etag", "\"a\""), ("cache-control", "no-store")], false),
            (&[("etag", "\"a\""), ("cache-control", "private, no-store")], false),
            (&[("etag", "\"a\""), ("vary", "*")], false),
            (&[("etag", "\"a\""), ("vary", "Accept, *")], false),
            (&[("cache-control", "max-age=60")], false),
        ];
        for (headers, is_kept) in CASES {
            assert_eq!(Entry::of(&get(URL), &answer(200, headers, "body")).is_some(), *is_kept, "{headers:?}");
        }
        for status in [201, 204, 206, 301, 304, 404, 500] {
            assert_eq!(Entry::of(&get(URL), &answer(status, &[("etag", "\"a\"")], "")), None, "{status}");
        }
        let mut secretive = get(URL);
        secretive.headers = headers(&[("cache-control", "no-store")]);
        assert_eq!(Entry::of(&secretive, &answer(200, &[("etag", "\"a\"")], "")), None);
    }

    #[test]
    fn an_entry_answers_only_what_was_asked_alike() {
        let mut english = get(URL);
        english.headers = headers(&[("accept-language", "en"), ("x-trace", "1")]);
        let vary = [("etag", "\"a\""), ("vary", "Accept-Language, Authorization")];
        let entry = Entry::of(&english, &answer(200, &vary, "hello")).unwrap();
        assert!(entry.answers(&english));
        english.headers = headers(&[("accept-language", "en"), ("x-trace", "2")]);
        assert!(entry.answers(&english), "it does not vary by that header");
        let mut german = get(URL);
        german.headers = headers(&[("accept-language", "de")]);
        assert!(!entry.answers(&german));
        assert!(!entry.answers(&get(URL)));
        assert!(!entry.answers(&Request { body_cap: 4, ..english.clone() }), "it is longer than may be answered");
        assert!(!entry.answers(&Request { url: "https://tickets.example/".parse().unwrap(), ..english }));
    }

    #[test]
    fn bytes_come_back_as_they_were_and_broken_ones_do_not() {
        let response = answer(200, &[("etag", "\"a\""), ("link", "<a>"), ("link", "<b>")], "line\nline\u{0}");
        let entry = Entry::of(&get(URL), &response).unwrap();
        let bytes = entry.to_bytes();
        assert_eq!(Entry::from_bytes(bytes.clone()), Some(entry));
        for end in 0..bytes.len() {
            assert_eq!(Entry::from_bytes(bytes[..end].to_vec()), None, "cut at {end}");
        }
        for place in 0..bytes.len() {
            let mut changed = bytes.clone();
            changed[place] ^= 1;
            assert_eq!(Entry::from_bytes(changed), None, "changed at {place}");
        }
    }

    #[test]
    fn the_headers_of_a_304_replace_those_of_the_kept_answer_but_for_those_of_the_body() {
        let kept = [
            ("etag", "W/\"a\""),
            ("content-type", "application/json"),
            ("x-left", "9"),
            ("x-left", "8"),
            ("x-kept", "1"),
        ];
        let entry = Entry::of(&get(URL), &answer(200, &kept, "{}")).unwrap();
        let fresh = answer(
            304,
            &[("etag", "\"a\""), ("content-type", "text/html"), ("content-length", "0"), ("x-left", "7")],
            "",
        );
        assert!(entry.is_meant_by(&fresh.headers), "a weak tag and a strong one of the same value");
        let renewed = entry.clone().renewed(fresh);
        assert_eq!((renewed.status.as_u16(), &renewed.body[..], renewed.from_cache), (200, &b"{}"[..], true));
        let expected =
            headers(&[("content-type", "application/json"), ("x-kept", "1"), ("etag", "\"a\""), ("x-left", "7")]);
        assert_eq!(renewed.headers, expected);
        assert!(!entry.is_meant_by(&headers(&[("etag", "\"b\"")])));
    }

    #[test]
    fn a_date_that_is_none_of_http_is_not_sent_back() {
        let kept = |headers: &[(&str, &str)]| Entry::of(&get(URL), &answer(200, headers, "{}"));
        assert!(kept(&[("last-modified", "2026-10-21T07:28:00Z")]).is_none());
        let entry = kept(&[("etag", "\"a\""), ("last-modified", "2026-10-21T07:28:00Z")]).unwrap();
        assert_eq!(entry.validators().1, None);
    }

    #[test]
    fn headers_of_the_body_are_sorted() {
        assert!(OF_THE_BODY.is_sorted());
    }
}
