//! Recorded conversations with a platform, and how a test answers from one.

use std::{collections::BTreeMap, path::Path};

use serde::{Deserialize, Deserializer};
use serde_json::{Value, value::RawValue};

use super::{TestHost, tape};
use crate::{
    Error, decode,
    host::{RequestHead, Response},
};

/// A recorded conversation: `{"exchanges": [{"request": {method, url, body?}, "response": {status, headers, body?}}]}`, or a
/// folder that `usher --record` has filled.
///
/// Names of headers are in lower case; a body that is JSON stands as such, any other as a string.
#[derive(Debug, Clone, Deserialize)]
pub struct Recording {
    exchanges: Vec<Exchange>,
}

/// One request and its answer.
#[derive(Debug, Clone, Deserialize)]
#[non_exhaustive]
pub struct Exchange {
    /// What was asked.
    request: Asked,
    /// What was answered.
    response: Answered,
}

#[derive(Debug, Clone, Deserialize)]
pub(super) struct Asked {
    pub(super) method: String,
    pub(super) url: String,
    #[serde(default)]
    pub(super) body: Option<Value>,
}

#[derive(Debug, Clone, Deserialize)]
pub(super) struct Answered {
    pub(super) status: u16,
    #[serde(default, deserialize_with = "headers")]
    pub(super) headers: Vec<(String, String)>,
    #[serde(default, deserialize_with = "body")]
    pub(super) body: Vec<u8>,
}

fn headers<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<(String, String)>, D::Error> {
    Ok(BTreeMap::<String, String>::deserialize(deserializer)?.into_iter().collect())
}

fn body<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<u8>, D::Error> {
    let Some(body) = Option::<Box<RawValue>>::deserialize(deserializer)? else { return Ok(Vec::new()) };
    Ok(match serde_json::from_str::<String>(body.get()) {
        Ok(text) => text.into_bytes(),
        Err(_) => body.get().as_bytes().to_vec(),
    })
}

impl Recording {
    pub(super) fn new(exchanges: Vec<Exchange>) -> Self {
        Self { exchanges }
    }

    /// Reads a recorded conversation.
    pub fn parse(text: &str) -> crate::Result<Self> {
        decode::json(text.as_bytes())
    }

    /// Reads a folder that `usher --record` has filled.
    pub fn open(folder: impl AsRef<Path>) -> crate::Result<Self> {
        tape::read(folder.as_ref())
    }

    /// Returns what was exchanged, in its order.
    pub fn exchanges(&self) -> &[Exchange] {
        &self.exchanges
    }

    /// Answers a request as the platform did: method and address (query included) must be those of an exchange,
    /// and so must the body where one was recorded.
    pub fn answer(&self, request: &RequestHead, body: &[u8]) -> crate::Result<Response> {
        let found = self.exchanges.iter().find(|exchange| exchange.is(request, body));
        found.map(Exchange::response).ok_or_else(|| {
            let RequestHead { method, url, query, .. } = request;
            Error::not_found(format_args!("the request `{method} {url}` with {query:?} in the recording"))
        })
    }
}

impl Exchange {
    pub(super) fn new(request: Asked, response: Answered) -> Self {
        Self { request, response }
    }

    /// Returns the method of the request.
    pub fn method(&self) -> &str {
        &self.request.method
    }

    /// Returns the address of the request.
    pub fn url(&self) -> &str {
        &self.request.url
    }

    /// Returns the answer.
    pub fn response(&self) -> Response {
        let response = TestHost::response(self.response.status, self.body()).with_url(&self.request.url);
        self.response.headers.iter().fold(response, |response, (name, value)| response.with_header(name, value))
    }

    /// Returns the bytes of the answer's body.
    pub fn body(&self) -> Vec<u8> {
        self.response.body.clone()
    }

    pub(super) fn is(&self, request: &RequestHead, body: &[u8]) -> bool {
        let asked_body = || match &self.request.body {
            Some(recorded) => serde_json::from_slice::<Value>(body).is_ok_and(|body| body == *recorded),
            None => true,
        };
        self.request.method == request.method.as_str()
            && Address::parse(&self.request.url) == Address::of(request)
            && asked_body()
    }
}

/// An address taken apart: what stands before the query, and the decoded pairs of the query in a fixed order.
#[derive(PartialEq)]
struct Address {
    path: String,
    query: Vec<(String, String)>,
}

impl Address {
    fn of(request: &RequestHead) -> Self {
        let mut address = Self::parse(&request.url);
        address.query.extend(request.query.iter().cloned());
        address.query.sort();
        address
    }

    fn parse(url: &str) -> Self {
        let (path, query) = url.split_once('?').unwrap_or((url, ""));
        let pairs = query.split('&').filter(|pair| !pair.is_empty());
        let mut query: Vec<_> = pairs
            .map(|pair| pair.split_once('=').unwrap_or((pair, "")))
            .map(|(name, value)| (decoded(name), decoded(value)))
            .collect();
        query.sort();
        Self { path: path.to_owned(), query }
    }
}

fn decoded(text: &str) -> String {
    percent_encoding::percent_decode_str(&text.replace('+', " ")).decode_utf8_lossy().into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::host::Request;

    const TEXT: &str = r#"{"exchanges":[
        {"request":{"method":"POST","url":"https://a.example/x?q=a%20b","body":{"t":1}},
         "response":{"status":201,"headers":{"etag":"\"1\""},"body":{"id": 7}}},
        {"request":{"method":"GET","url":"https://a.example/text"},"response":{"status":200,"body":"hi"}}]}"#;

    #[test]
    fn a_request_gets_the_answer_that_was_recorded_for_it() {
        let recording = Recording::parse(TEXT).unwrap();
        let (request, body) =
            Request::post("https://a.example/x").query("q", "a b").json(&Sent { t: 1 }).unwrap().into_wire();
        let answer = recording.answer(&request, &body).unwrap();
        assert_eq!(
            (answer.status, answer.header("etag"), &answer.body[..]),
            (201, Some("\"1\""), &br#"{"id": 7}"#[..])
        );
        assert!(recording.answer(&request, b"{}").is_err());
        assert_eq!(recording.exchanges()[1].body(), b"hi");
    }

    #[derive(serde::Serialize)]
    struct Sent {
        t: u8,
    }
}
