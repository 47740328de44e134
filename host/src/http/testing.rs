//! A network that answers what a test says, and remembers what it was asked.

use std::{
    collections::VecDeque,
    sync::{Arc, Mutex},
    time::Duration,
};

use bytes::Bytes;
use http::{HeaderMap, Method, StatusCode};
use url::Url;
use usher_adapter_sdk::host::Effect;

use super::{Body, Call, Exchange, Failure, Request, Response};
use crate::transport::Deadline;

/// The end of a stack in a test; clones are the same network.
#[derive(Clone, Default)]
pub(crate) struct FakeNetwork(Arc<Mutex<Script>>);

#[derive(Default)]
struct Script {
    answers: VecDeque<Result<Response, Failure>>,
    asked: Vec<Request>,
}

impl FakeNetwork {
    /// Returns a network that answers this, one after the other; a further request is a mistake of the test's.
    pub(crate) fn of(answers: impl IntoIterator<Item = Result<Response, Failure>>) -> Self {
        let script = Script { answers: answers.into_iter().collect(), asked: Vec::new() };
        Self(Arc::new(Mutex::new(script)))
    }

    /// Returns the requests that have come so far.
    pub(crate) fn asked(&self) -> Vec<Request> {
        self.0.lock().unwrap().asked.clone()
    }
}

impl Exchange for FakeNetwork {
    async fn send(&self, request: Request, _: &Call) -> Result<Response, Failure> {
        let mut script = self.0.lock().unwrap();
        script.asked.push(request);
        script.answers.pop_front().expect("the test has said what comes")
    }
}

/// Returns an answer.
pub(crate) fn answer(status: u16, body: &'static str) -> Response {
    Response {
        status: StatusCode::from_u16(status).unwrap(),
        url: Url::parse("https://elsewhere.example.com/").unwrap(),
        headers: HeaderMap::new(),
        body: Bytes::from_static(body.as_bytes()),
    }
}

/// Returns a GET of an address.
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
    }
}

/// Returns a call that has time.
pub(crate) fn call() -> Call {
    Call { id: 1, operation: "get", writes: false, deadline: Deadline::after(Duration::from_secs(60)) }
}
