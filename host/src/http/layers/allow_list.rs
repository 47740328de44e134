//! Requests go where the connection may go, and nowhere else.

use url::Url;
use usher_adapter_sdk::Result;

use crate::http::{Call, Exchange, Failure, Reach, Request, Response};

/// Refuses a request to an address that was not granted.
pub(crate) struct AllowList<N> {
    reach: Reach,
    next: N,
}

impl<N> AllowList<N> {
    /// Returns the layer around the next one.
    pub(crate) fn new(reach: Reach, next: N) -> Self {
        Self { reach, next }
    }

    /// Refuses an address where requests may not go.
    pub(crate) fn check(&self, url: &Url) -> Result<()> {
        self.reach.check(url)
    }
}

impl<N: Exchange> Exchange for AllowList<N> {
    async fn send(&self, request: Request, call: &Call) -> Result<Response, Failure> {
        self.check(&request.url).map_err(Failure::refused)?;
        self.next.send(request, call).await
    }
}
