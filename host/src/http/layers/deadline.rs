//! Nothing takes longer than the call that it belongs to.

use std::time::Duration;

use tokio::time::Instant;
use usher_adapter_sdk::{Error, ErrorKind};

use crate::{
    http::{Call, Exchange, Failure, Request, Response},
    transport::Deadline,
};

/// How long before its call's deadline a request is over, so that the answer still reaches whoever asked.
const RETURN: Duration = Duration::from_millis(20);

/// Gives each request a little less time than its call has, and refuses those that come too late.
pub(crate) struct WithinDeadline<N> {
    next: N,
}

impl<N> WithinDeadline<N> {
    /// Returns the layer around the next one.
    pub(crate) fn new(next: N) -> Self {
        Self { next }
    }
}

impl<N: Exchange> Exchange for WithinDeadline<N> {
    async fn send(&self, request: Request, call: &Call) -> Result<Response, Failure> {
        let left = call.deadline.instant().saturating_duration_since(Instant::now().into_std());
        if left.is_zero() {
            return Err(Failure::refused(passed(call)));
        }
        let deadline = Deadline::after(left - RETURN.min(left / 10));
        let call = Call { deadline, ..call.clone() };
        let sent = self.next.send(request, &call);
        match tokio::time::timeout_at(deadline.instant().into(), sent).await {
            Ok(outcome) => outcome,
            // The layers below keep to the deadline by themselves, and know more; this one trusts nobody.
            Err(_) => Err(Failure::ambiguous(passed(&call))),
        }
    }
}

fn passed(call: &Call) -> Error {
    Error::new(ErrorKind::Timeout, format!("`{}` was not done by its deadline", call.operation))
        .with_hint("Try again, or give it more time with `--timeout` or `http.total`.")
}
