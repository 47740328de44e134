//! One attempt takes no longer than it may.

use tokio::time::Instant;
use usher_adapter_sdk::{Error, ErrorKind};

use crate::http::{Call, Exchange, Failure, Request, Response};

/// Ends an attempt at the call's deadline, or earlier where the request says so.
pub(crate) struct Timeout<N> {
    next: N,
}

impl<N> Timeout<N> {
    /// Returns the layer around the next one.
    pub(crate) fn new(next: N) -> Self {
        Self { next }
    }
}

impl<N: Exchange> Exchange for Timeout<N> {
    async fn send(&self, request: Request, call: &Call) -> Result<Response, Failure> {
        let deadline = Instant::from_std(call.deadline.instant());
        let own = request.timeout.and_then(|timeout| Instant::now().checked_add(timeout));
        let until = own.map_or(deadline, |own| own.min(deadline));
        let host = request.url.host_str().unwrap_or_default().to_owned();
        match tokio::time::timeout_at(until, self.next.send(request, call)).await {
            Ok(outcome) => outcome,
            Err(_) => Err(Failure::ambiguous(Error::new(ErrorKind::Timeout, format!("{host} did not answer in time")))),
        }
    }
}
