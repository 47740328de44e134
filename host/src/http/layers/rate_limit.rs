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
        let (class, writes) = (request.class.clone(), request.writes());
        let wanted = Wanted {
            effect: if writes { Effect::Write } else { Effect::Read },
            class: class.as_deref(),
            method: method.as_str(),
            ticket: call.ticket.as_deref(),
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
                let error = too_much.error(response.status.as_u16());
                // A manifest may take for a limit what says nothing of a write.
                if writes && response.may_have_written() {
                    return Err(Failure { error, seen: Seen::Maybe, again: Again::Never });
                }
                let again = match too_much.wait {
                    _ if too_much.never => Again::Never,
                    // Nobody is let through before then: the next attempt waits above, and not twice.
                    Some(_) => Again::After(Duration::ZERO),
                    None => Again::AfterPause,
                };
                Err(Failure { error, seen: Seen::No, again })
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

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use usher_adapter_manifest::Limit;
    use usher_adapter_sdk::ErrorKind;

    use super::*;
    use crate::{
        http::{
            limits::{Ledgers, Place, SystemClock, Waiting},
            testing::{FakeNetwork, answer, call, get, post},
        },
        transport::Deadline,
    };

    struct Deaf;

    impl Waits for Deaf {
        fn waiting(&self, _: &Waiting<'_>) {}
    }

    #[tokio::test]
    async fn a_write_of_which_nobody_knows_what_became_is_not_refused_unread_whatever_its_limit_says() {
        let limit = "name = 'core'\nrequests = 9\nper = '60s'\nheaders.retry_after = 'retry-after'\n\
             [[exceeded]]\nstatus = [429, 503]\nwait = ['retry-after']\n";
        let limit: Limit = toml::from_str(limit).unwrap();
        let place = Place { platform: "Acme", connection: "work", host: "api.example" };
        for (status, headers, writes, seen, again) in [
            (503, &[][..], true, Seen::Maybe, Again::Never),
            (503, &[("retry-after", "soon")], true, Seen::Maybe, Again::Never),
            (503, &[("retry-after", "1")], true, Seen::No, Again::After(Duration::ZERO)),
            (503, &[], false, Seen::No, Again::AfterPause),
            (429, &[], true, Seen::No, Again::AfterPause),
        ] {
            let ledgers = Ledgers::default();
            let limits =
                Limits::new(place, std::slice::from_ref(&limit), &BTreeMap::new(), &ledgers, Arc::new(SystemClock));
            let network = FakeNetwork::new([Ok(answer(status, headers, ""))]);
            let layer = RateLimit::new(limits.unwrap(), Arc::new(Deaf), network);
            let url = "https://api.example/x";
            let request = if writes { post(url, "{}") } else { get(url) };
            let failure = layer.send(request, &call()).await.unwrap_err();
            assert_eq!((failure.seen, failure.again), (seen, again), "{status} {headers:?} {writes}");
        }
    }

    #[tokio::test]
    async fn a_limit_of_each_ticket_is_spent_by_the_calls_about_that_ticket() {
        let limit = "name = 'ticket'\nscope = 'ticket'\nrequests = 1\nper = '60s'\nburst = 1\n";
        let limit: Limit = toml::from_str(limit).unwrap();
        let place = Place { platform: "Acme", connection: "work", host: "api.example" };
        let ledgers = Ledgers::default();
        let limits = Limits::new(place, &[limit], &BTreeMap::new(), &ledgers, Arc::new(SystemClock)).unwrap();
        let layer = RateLimit::new(limits, Arc::new(Deaf), FakeNetwork::new([Ok(answer(200, &[], ""))]));
        let ask = async |ticket: Option<&str>| {
            let deadline = Deadline::after(Duration::from_secs(5));
            let call = Call { ticket: ticket.map(Arc::from), deadline, ..call() };
            layer.send(get("https://api.example/x"), &call).await.map(|_| ()).map_err(|failure| failure.error.kind())
        };
        assert_eq!(ask(Some("A-1")).await, Ok(()));
        assert_eq!(ask(Some("A-2")).await, Ok(()));
        assert_eq!(ask(None).await, Ok(()), "what is about no ticket spends nothing");
        assert_eq!(ask(Some("A-1")).await, Err(ErrorKind::RateLimited));
    }
}
