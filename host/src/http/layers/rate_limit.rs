//! Every request waits its turn, and every answer teaches how long the next ones wait.

use std::{sync::Arc, time::Duration};

use tokio::time::Instant;
use usher_adapter_manifest::Effect;

use crate::http::{
    Again, Call, Exchange, Failure, Request, Response, Seen,
    limits::{Limits, Priority, Verdict, Waits, Wanted},
};

/// Keeps to a platform's limits.
pub(crate) struct RateLimit<N> {
    limits: Option<Limits>,
    waits: Arc<dyn Waits>,
    next: N,
}

impl<N> RateLimit<N> {
    /// Returns the layer around the next one; without limits it does nothing.
    pub(crate) fn new(limits: impl Into<Option<Limits>>, waits: Arc<dyn Waits>, next: N) -> Self {
        Self { limits: limits.into(), waits, next }
    }
}

impl<N: Exchange> Exchange for RateLimit<N> {
    async fn send(&self, request: Request, call: &Call) -> Result<Response, Failure> {
        let Some(limits) = &self.limits else { return self.next.send(request, call).await };
        let method = request.method.clone();
        let class = request.class.clone();
        let wanted = Wanted {
            effect: if request.writes() { Effect::Write } else { Effect::Read },
            class: class.as_deref(),
            method: method.as_str(),
            ticket: None,
            priority: priority(call),
        };
        let deadline = Instant::from_std(call.deadline.instant());
        let began = Instant::now();
        let permit = limits.acquire(&wanted, deadline, &*self.waits).await;
        request.trail.held_back(began.elapsed());
        let permit = permit.map_err(Failure::refused)?;
        let response = self.next.send(request, call).await?;
        match permit.answered(response.status.as_u16(), &response.headers, &response.body) {
            Verdict::Fine => Ok(response),
            Verdict::Exceeded(too_much) => {
                // Nobody is let through before then: the next attempt waits above, and not twice.
                let again = if too_much.never { Again::Never } else { Again::After(Duration::ZERO) };
                Err(Failure { error: too_much.error(response.status.as_u16()), seen: Seen::No, again })
            }
        }
    }
}

/// Who waits: lists take their time, everything else is somebody who looks at a screen.
fn priority(call: &Call) -> Priority {
    match call.operation {
        "fetch" | "search" => Priority::Bulk,
        _ => Priority::Interactive,
    }
}
