//! A network that lives in the test: answers prepared in order, and what was asked of it.

use std::{
    collections::VecDeque,
    sync::{Arc, Mutex},
    time::Duration,
};

use bytes::Bytes;
use http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode};
use url::Url;
use usher_adapter_sdk::host::Effect;

use super::{Body, Call, Exchange, Failure, Request, Response, Trail, Written};
use crate::transport::{Deadline, Logger};

/// Answers requests in the order in which answers were prepared; the last one answers all that follow.
///
/// Clones are the same network.
#[derive(Clone)]
pub(crate) struct FakeNetwork(Arc<Mutex<State>>);

struct State {
    answers: VecDeque<Result<Response, Failure>>,
    requests: Vec<Request>,
}

impl FakeNetwork {
    /// Returns a network with these answers.
    pub(crate) fn new(answers: impl IntoIterator<Item = Result<Response, Failure>>) -> Self {
        let answers = answers.into_iter().collect();
        Self(Arc::new(Mutex::new(State { answers, requests: Vec::new() })))
    }

    /// Returns what was asked.
    pub(crate) fn requests(&self) -> Vec<Request> {
        self.0.lock().unwrap().requests.clone()
    }
}

impl Exchange for FakeNetwork {
    async fn send(&self, request: Request, _call: &Call) -> Result<Response, Failure> {
        let mut state = self.0.lock().unwrap();
        state.requests.push(request);
        match state.answers.len() {
            0 => panic!("nothing was prepared"),
            1 => state.answers[0].clone(),
            _ => state.answers.pop_front().unwrap(),
        }
    }
}

/// Returns a request that reads an address.
pub(crate) fn get(url: &str) -> Request {
    Request {
        method: Method::GET,
        url: Url::parse(url).unwrap(),
        headers: HeaderMap::new(),
        body: Body::Bytes(Bytes::new()),
        effect: Effect::Read,
        class: None,
        auth: None,
        body_cap: 1 << 20,
        timeout: None,
        sink: None,
        trail: Trail::default(),
    }
}

/// Returns a request that writes.
pub(crate) fn post(url: &str, body: &'static str) -> Request {
    Request {
        method: Method::POST,
        effect: Effect::Write,
        body: Body::Bytes(Bytes::from_static(body.as_bytes())),
        ..get(url)
    }
}

/// Returns an answer.
pub(crate) fn answer(status: u16, headers: &[(&str, &str)], body: &str) -> Response {
    Response {
        status: StatusCode::from_u16(status).unwrap(),
        url: Url::parse("https://tickets.example/").unwrap(),
        headers: self::headers(headers),
        body: Bytes::copy_from_slice(body.as_bytes()),
        from_cache: false,
    }
}

/// Returns headers.
pub(crate) fn headers(pairs: &[(&str, &str)]) -> HeaderMap {
    let pair =
        |&(name, value): &(&str, &str)| (HeaderName::try_from(name).unwrap(), HeaderValue::try_from(value).unwrap());
    let mut headers = HeaderMap::new();
    for (name, value) in pairs.iter().map(pair) {
        headers.append(name, value);
    }
    headers
}

/// Returns a call that has time.
pub(crate) fn call() -> Call {
    Call {
        id: 1,
        operation: "get",
        writes: false,
        deadline: Deadline::after(Duration::from_secs(60)),
        ticket: None,
        tally: crate::http::Tally::default(),
        written: Written::default(),
        rehearsal: None,
    }
}

/// Nobody reads the log here.
pub(crate) struct Silence;

impl Logger for Silence {
    fn line(&self, _level: u32, _connection: &str, _message: &str) {}
}
