//! HTTP as something that is given.

use std::time::Duration;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde::{Deserialize, Serialize};

use super::{Body, FileSink, FileSource};
use crate::{
    Error, Result, decode,
    message::NewAttachment,
    model::{Time, word::words},
};

/// What is encoded in a segment of a path: everything but what RFC 3986 calls unreserved.
const SEGMENT: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

words! {
    /// What a request does to the platform.
    Effect {
        /// Nothing.
        Read = "read",
        /// Something may change.
        Write = "write",
    }
}

words! {
    /// The method of a request.
    Method {
        /// GET
        Get = "GET",
        /// HEAD
        Head = "HEAD",
        /// OPTIONS
        Options = "OPTIONS",
        /// POST
        Post = "POST",
        /// PUT
        Put = "PUT",
        /// PATCH
        Patch = "PATCH",
        /// DELETE
        Delete = "DELETE",
    }
}

/// A request to the platform.
///
/// Whether it reads or writes follows from the method; a search that is a `POST`, or a GraphQL query, says
/// [`effect`](Self::effect)`(Effect::Read)`.
///
/// # Answers that are kept
///
/// The host may keep the answer to a `GET` that has an `ETag` or a `Last-Modified`, and sends the same request with
/// `If-None-Match` or `If-Modified-Since` the next time. An adapter sees nothing of it: it always gets the whole answer. Where a
/// platform cannot be asked so, the request says that nothing of it is to be kept, and then it is sent as it is:
///
/// ```
/// use usher_adapter_sdk::host::Request;
///
/// let request = Request::get("https://tickets.example/api/ticket/1").header("cache-control", "no-store");
/// ```
///
/// A request is sent as it is as well if it has a condition or a range of its own (`if-match`, `if-none-match`, `if-modified-since`,
/// `if-unmodified-since`, `if-range`, `range`), a body, or a sink that takes the answer.
#[derive(Debug, Clone)]
pub struct Request {
    head: RequestHead,
    body: Vec<u8>,
}

/// Everything of a request but its body.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default)]
#[non_exhaustive]
pub struct RequestHead {
    /// The method.
    pub method: Method,
    /// The whole address.
    pub url: String,
    /// Pairs that the host appends to the address, encoded.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub query: Vec<(String, String)>,
    /// The headers; credentials are the host's.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub headers: Vec<(String, String)>,
    /// What it does.
    pub effect: Effect,
    /// The class of endpoint, by which the manifest's limits are counted.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub class: Option<String>,
    /// The auth scheme to use in place of the connection's; `none` sends no credentials.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub auth: Option<String>,
    /// The greatest answer that is accepted, in bytes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub body_cap: Option<u64>,
    /// How long to wait for the answer, where the connection's time is not right.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub timeout_ms: Option<u64>,
    /// The file of the host's that takes the answer's body.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub into_sink: Option<u64>,
    /// The file of the host's that is the request's body.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub from_source: Option<u64>,
    /// The parts of a form; the host writes them as `multipart/form-data`.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub form: Vec<FormPart>,
}

/// One part of a form.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
#[non_exhaustive]
pub struct FormPart {
    /// The field's name.
    pub name: String,
    /// The field's value, if it is a text.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub value: Option<String>,
    /// The file of the host's that is the field's value, if it is a file.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub from_source: Option<u64>,
    /// The file's name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub file_name: Option<String>,
    /// The media type.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub media_type: Option<String>,
}

impl Request {
    /// Returns a request of that method.
    pub fn new(method: Method, url: impl Into<String>) -> Self {
        let effect = match method {
            Method::Get | Method::Head | Method::Options => Effect::Read,
            _ => Effect::Write,
        };
        Self { head: RequestHead { method, url: url.into(), effect, ..RequestHead::default() }, body: Vec::new() }
    }

    /// Returns a GET request.
    pub fn get(url: impl Into<String>) -> Self {
        Self::new(Method::Get, url)
    }

    /// Returns a POST request.
    pub fn post(url: impl Into<String>) -> Self {
        Self::new(Method::Post, url)
    }

    /// Returns a PUT request.
    pub fn put(url: impl Into<String>) -> Self {
        Self::new(Method::Put, url)
    }

    /// Returns a PATCH request.
    pub fn patch(url: impl Into<String>) -> Self {
        Self::new(Method::Patch, url)
    }

    /// Returns a DELETE request.
    pub fn delete(url: impl Into<String>) -> Self {
        Self::new(Method::Delete, url)
    }

    /// Adds segments to the path of the address, each encoded: whatever a name holds, it stays one segment.
    ///
    /// An empty segment, `.` and `..` are refused: every client reads them, encoded or not, as another path.
    pub fn path<S: AsRef<str>>(mut self, segments: impl IntoIterator<Item = S>) -> Result<Self> {
        for segment in segments {
            let segment = segment.as_ref();
            if matches!(segment, "" | "." | "..") {
                return Err(Error::validation(format!("`{segment}` cannot stand in the path of an address")));
            }
            self.head.url.push('/');
            self.head.url.extend(utf8_percent_encode(segment, SEGMENT));
        }
        Ok(self)
    }

    /// Adds a pair to the query; it is encoded by the host.
    #[must_use]
    pub fn query(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.head.query.push((name.into(), value.into()));
        self
    }

    /// Adds a header.
    #[must_use]
    pub fn header(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.head.headers.push((name.into(), value.into()));
        self
    }

    /// Sets the body to a value as JSON, and the header that says so.
    pub fn json<T: Serialize + ?Sized>(mut self, value: &T) -> Result<Self> {
        self.body = crate::model::Json::of(value)?.as_str().as_bytes().to_vec();
        Ok(self.header("content-type", "application/json"))
    }

    /// Sets the body.
    #[must_use]
    pub fn body(mut self, bytes: impl Into<Vec<u8>>) -> Self {
        self.body = bytes.into();
        self
    }

    /// Takes the body from a file of the host's: the bytes never come near the adapter.
    #[must_use]
    pub fn body_from(mut self, source: &FileSource) -> Self {
        self.head.from_source = Some(source.handle());
        self
    }

    /// Adds a text to the form that the body is (`multipart/form-data`).
    #[must_use]
    pub fn form_text(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.head.form.push(FormPart { name: name.into(), value: Some(value.into()), ..FormPart::default() });
        self
    }

    /// Adds a file of the host's to the form that the body is: the bytes never come near the adapter.
    #[must_use]
    pub fn form_file(mut self, name: impl Into<String>, file: &NewAttachment, source: &FileSource) -> Self {
        self.head.form.push(FormPart {
            name: name.into(),
            value: None,
            from_source: Some(source.handle()),
            file_name: Some(file.name.clone()),
            media_type: file.media_type.clone(),
        });
        self
    }

    /// Puts the answer's body into a file of the host's: the bytes never come near the adapter.
    #[must_use]
    pub fn into_sink(mut self, sink: &FileSink) -> Self {
        self.head.into_sink = Some(sink.handle());
        self
    }

    /// Says whether it reads or writes, where the method does not.
    #[must_use]
    pub fn effect(mut self, effect: Effect) -> Self {
        self.head.effect = effect;
        self
    }

    /// Names the class of endpoint, by which the manifest's limits are counted.
    #[must_use]
    pub fn class(mut self, class: impl Into<String>) -> Self {
        self.head.class = Some(class.into());
        self
    }

    /// Names the auth scheme to use in place of the connection's; `none` sends no credentials.
    #[must_use]
    pub fn auth(mut self, scheme: impl Into<String>) -> Self {
        self.head.auth = Some(scheme.into());
        self
    }

    /// Sets the greatest answer that is accepted.
    #[must_use]
    pub fn body_cap(mut self, bytes: u64) -> Self {
        self.head.body_cap = Some(bytes);
        self
    }

    /// Sets how long to wait for the answer.
    #[must_use]
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.head.timeout_ms = Some(u64::try_from(timeout.as_millis()).unwrap_or(u64::MAX));
        self
    }

    pub(crate) fn into_wire(self) -> (RequestHead, Vec<u8>) {
        (self.head, self.body)
    }
}

/// An answer of the platform's.
#[derive(Debug, Clone, Default)]
#[non_exhaustive]
pub struct Response {
    /// The status.
    pub status: u16,
    /// The address that answered in the end, after redirects.
    pub url: String,
    /// The headers, names in lower case.
    pub headers: Vec<(String, String)>,
    /// The body.
    pub body: Body,
}

/// Everything of an answer but its body.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default)]
#[non_exhaustive]
pub struct ResponseHead {
    /// The status.
    pub status: u16,
    /// The address that answered in the end.
    pub url: String,
    /// The headers, names in lower case.
    pub headers: Vec<(String, String)>,
}

impl Response {
    pub(crate) fn from_wire(head: &[u8], body: Body) -> Result<Self> {
        let ResponseHead { status, url, headers } = decode::json(head)?;
        Ok(Self { status, url, headers, body })
    }

    /// Adds a header; its name is in lower case.
    #[must_use]
    pub fn with_header(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.headers.push((name.into(), value.into()));
        self
    }

    /// Sets the address that answered in the end.
    #[must_use]
    pub fn with_url(mut self, url: impl Into<String>) -> Self {
        self.url = url.into();
        self
    }

    /// Returns the platform's clock, as far as the header `date` tells it.
    pub fn date(&self) -> Option<Time> {
        self.header("date").and_then(Time::parse_http_date)
    }

    /// Returns the first header of that name (in lower case).
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(header, _)| header == name).map(|(_, value)| value.as_str())
    }

    /// Says whether the status is a success.
    pub fn is_success(&self) -> bool {
        (200..300).contains(&self.status)
    }

    /// Reads the body as JSON into a type that may borrow from it.
    pub fn decode<'a, T: Deserialize<'a>>(&'a self) -> Result<T> {
        self.body.decode().map_err(|error| self.explained(error).with_status(self.status))
    }

    /// Says what came in place of JSON, where that is known.
    fn explained(&self, error: Error) -> Error {
        match self.header("content-type") {
            Some(kind) if kind.trim_start().to_ascii_lowercase().starts_with("text/html") => error.with_hint(
                "A page for people came in place of JSON, such as one to sign in at: look at `base_url`, and at what is \
                 between here and the platform.",
            ),
            _ => error,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn url(segments: &[&str]) -> Result<String> {
        Request::get("https://a.example/api").path(segments).map(|request| request.head.url)
    }

    #[test]
    fn a_page_in_place_of_json_is_named() {
        let response = |kind: &str| {
            let head = format!(r#"{{"status":200,"url":"https://a.example/","headers":[["content-type","{kind}"]]}}"#);
            Response::from_wire(head.as_bytes(), Body::from(b"<!doctype html>".to_vec())).unwrap()
        };
        for (kind, is_page) in [("text/html; charset=utf-8", true), ("Text/HTML", true), ("application/json", false)] {
            let error = response(kind).decode::<u8>().unwrap_err();
            assert_eq!((error.kind(), error.status()), (crate::ErrorKind::ResponseParse, Some(200)));
            assert_eq!(error.hint().is_some_and(|hint| hint.contains("A page for people")), is_page, "{kind}");
        }
    }

    #[test]
    fn whatever_a_segment_holds_it_stays_one_segment() {
        assert_eq!(url(&["labels", "a/b c?#%ü~"]).unwrap(), "https://a.example/api/labels/a%2Fb%20c%3F%23%25%C3%BC~");
        assert_eq!(url(&["v1.0-rc_1"]).unwrap(), "https://a.example/api/v1.0-rc_1");
    }

    #[test]
    fn a_segment_that_would_be_another_path_is_refused() {
        for segment in ["", ".", ".."] {
            assert_eq!(url(&["labels", segment]).unwrap_err().kind(), crate::ErrorKind::Validation, "{segment}");
        }
        assert_eq!(url(&["..."]).unwrap(), "https://a.example/api/...");
    }

    #[test]
    fn the_date_of_an_answer_is_the_platforms_clock() {
        let answer = Response::default().with_header("date", "Tue, 19 Jul 2022 04:37:39 GMT");
        assert_eq!(answer.date().unwrap().to_string(), "2022-07-19T04:37:39Z");
        assert_eq!(Response::default().with_header("date", "soon").date(), None);
        assert_eq!(Response::default().date(), None);
    }
}
