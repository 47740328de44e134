//! What every layer is: something that a request is sent through.

use std::{
    future::Future,
    sync::Arc,
    time::{Duration, SystemTime},
};

use bytes::Bytes;
use http::{HeaderMap, Method, StatusCode, header::RETRY_AFTER};
use url::Url;
use usher_adapter_sdk::host::Effect;

use super::{Body, Failure, Rehearsal, Tally, Trail, Written, retry_after};
use crate::transport::Deadline;

/// Something that a request is sent through: a layer, or the network at the end.
pub(crate) trait Exchange: Send + Sync {
    /// Sends a request and returns the answer, whatever its status.
    fn send(&self, request: Request, call: &Call) -> impl Future<Output = Result<Response, Failure>> + Send;
}

impl<N: Exchange> Exchange for Arc<N> {
    async fn send(&self, request: Request, call: &Call) -> Result<Response, Failure> {
        N::send(self, request, call).await
    }
}

/// The operation that a request belongs to.
#[derive(Debug, Clone)]
pub(crate) struct Call {
    /// Its number.
    pub(crate) id: u64,
    /// Its name, such as `get`.
    pub(crate) operation: &'static str,
    /// Whether it may change something on the platform.
    pub(crate) writes: bool,
    /// When it must be over.
    pub(crate) deadline: Deadline,
    /// The key of the ticket that it is about, if it is about one.
    pub(crate) ticket: Option<Arc<str>>,
    /// What became of its writes.
    pub(crate) written: Written,
    /// What its requests come to.
    pub(crate) tally: Tally,
    /// What is kept of the call, if it is only rehearsed.
    pub(crate) rehearsal: Option<Arc<Rehearsal>>,
}

/// A request on its way; clones share the body.
#[derive(Debug, Clone)]
pub(crate) struct Request {
    pub(crate) method: Method,
    pub(crate) url: Url,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Body,
    /// What it does to the platform.
    pub(crate) effect: Effect,
    /// The class of endpoint, by which limits are counted.
    pub(crate) class: Option<String>,
    /// The auth scheme to use in place of the connection's; `none` sends no credentials.
    pub(crate) auth: Option<String>,
    /// The greatest answer that is accepted, in bytes, decompressed.
    pub(crate) body_cap: u64,
    /// How long one attempt may take, where the adapter knows better.
    pub(crate) timeout: Option<Duration>,
    /// The file of the host's that takes the answer's body.
    pub(crate) sink: Option<u64>,
    /// What happens to it on its way.
    pub(crate) trail: Trail,
}

impl Request {
    /// Says whether it may change something on the platform.
    pub(crate) fn writes(&self) -> bool {
        self.effect != Effect::Read
    }
}

/// An answer.
#[derive(Debug, Clone)]
pub(crate) struct Response {
    pub(crate) status: StatusCode,
    /// The address that answered in the end.
    pub(crate) url: Url,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
    /// Whether the body is the stored one, of which the platform said that it still holds.
    pub(crate) from_cache: bool,
}

impl Response {
    /// Returns a header as text.
    pub(crate) fn header(&self, name: &http::HeaderName) -> Option<&str> {
        self.headers.get(name).and_then(|value| value.to_str().ok())
    }

    /// Returns how long the platform wants to be left alone, if it says so in a way that can be read.
    pub(crate) fn retry_after(&self) -> Option<Duration> {
        self.headers.get(RETRY_AFTER).and_then(|value| retry_after(value, SystemTime::now()))
    }

    /// Says whether it may be the answer to something that was done: with these statuses a server, or one in front of it, gives
    /// up on what it may have begun. One that says when to come back has not begun.
    pub(crate) fn may_have_written(&self) -> bool {
        match self.status {
            StatusCode::NOT_IMPLEMENTED | StatusCode::HTTP_VERSION_NOT_SUPPORTED => false,
            StatusCode::REQUEST_TIMEOUT => true,
            StatusCode::SERVICE_UNAVAILABLE => self.retry_after().is_none(),
            status => status.is_server_error(),
        }
    }
}
