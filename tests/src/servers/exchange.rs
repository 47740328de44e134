//! A request as a server sees it, and an answer as a test writes it.

use std::{borrow::Cow, fmt::Write as _};

use bytes::Bytes;
use http_body_util::{BodyExt as _, Full};
use hyper::{HeaderMap, Method, Response, StatusCode, body::Incoming, header, http::HeaderName, http::HeaderValue};

/// A request that was read to its end.
#[derive(Clone, Debug)]
pub struct Request {
    /// The method.
    pub method: Method,
    /// The path as it was sent, without the query.
    pub path: String,
    /// The query as it was sent.
    pub query: Option<String>,
    /// The headers.
    pub headers: HeaderMap,
    /// The body; empty if there was none.
    pub body: Bytes,
}

impl Request {
    /// Reads a request to its end.
    pub(super) async fn read(request: hyper::Request<Incoming>) -> Result<Self, hyper::Error> {
        let (head, body) = request.into_parts();
        Ok(Self {
            method: head.method,
            path: head.uri.path().to_owned(),
            query: head.uri.query().map(str::to_owned),
            headers: head.headers,
            body: body.collect().await?.to_bytes(),
        })
    }

    /// Returns a header's value, if it is there and text.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }

    /// Returns the pairs of the query, decoded, as whatever they are wanted as.
    pub(super) fn parameters<T: FromIterator<(String, String)>>(&self) -> T {
        form_urlencoded::parse(self.query.as_deref().unwrap_or_default().as_bytes()).into_owned().collect()
    }

    /// Returns the body, if it is JSON; else null.
    pub(super) fn json(&self) -> serde_json::Value {
        serde_json::from_slice(&self.body).unwrap_or_default()
    }

    /// Returns path and query as they were sent.
    pub fn target(&self) -> String {
        match &self.query {
            Some(query) => format!("{}?{query}", self.path),
            None => self.path.clone(),
        }
    }
}

impl usher_openapi::Request for Request {
    fn method(&self) -> &str {
        self.method.as_str()
    }

    fn query(&self) -> Vec<(Cow<'_, str>, Cow<'_, str>)> {
        form_urlencoded::parse(self.query.as_deref().unwrap_or_default().as_bytes()).collect()
    }

    fn headers(&self) -> Vec<(&str, Cow<'_, str>)> {
        self.headers.iter().map(|(name, value)| (name.as_str(), String::from_utf8_lossy(value.as_bytes()))).collect()
    }

    fn body(&self) -> &[u8] {
        &self.body
    }
}

/// A whole answer.
#[derive(Clone, Debug)]
pub struct Answer {
    /// The status.
    pub status: StatusCode,
    /// The headers, without those that the server adds itself (`date`, `content-length`).
    pub headers: HeaderMap,
    /// The body.
    pub body: Bytes,
}

impl Answer {
    /// Returns an answer without a body.
    pub fn new(status: u16) -> Self {
        let status = StatusCode::from_u16(status).expect("a status has three digits");
        Self { status, headers: HeaderMap::new(), body: Bytes::new() }
    }

    /// Returns an answer with JSON in it.
    pub fn json(status: u16, body: impl Into<Bytes>) -> Self {
        Self::new(status).content("application/json; charset=utf-8", body)
    }

    /// Returns an answer with HTML in it.
    pub fn html(status: u16, body: impl Into<Bytes>) -> Self {
        Self::new(status).content("text/html; charset=utf-8", body)
    }

    /// Returns the answer with a header more.
    #[must_use]
    pub fn header(mut self, name: &'static str, value: &str) -> Self {
        let value = HeaderValue::from_str(value).expect("a header's value is printable");
        self.headers.append(HeaderName::from_static(name), value);
        self
    }

    /// Returns the answer with another body.
    #[must_use]
    pub fn content(mut self, kind: &'static str, body: impl Into<Bytes>) -> Self {
        self.headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
        self.body = body.into();
        self
    }

    /// Returns the answer with another body, of the kind that it has.
    #[must_use]
    pub fn with_body(mut self, body: impl Into<Bytes>) -> Self {
        self.body = body.into();
        self
    }

    /// Returns the head as it would be sent, with a length of the caller's choosing.
    pub(super) fn head(&self, length: usize) -> String {
        let mut head = format!("HTTP/1.1 {}\r\n", self.status);
        for (name, value) in &self.headers {
            let value = value.to_str().expect("answers of tests have printable headers");
            write!(head, "{name}: {value}\r\n").expect("a string takes everything");
        }
        write!(head, "content-length: {length}\r\n\r\n").expect("a string takes everything");
        head
    }

    pub(super) fn into_response(self) -> Response<Full<Bytes>> {
        let mut response = Response::new(Full::new(self.body));
        *response.status_mut() = self.status;
        *response.headers_mut() = self.headers;
        response
    }
}
