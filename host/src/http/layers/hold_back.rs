//! In a dry run reads go out and writes do not: the first one is kept for whoever asked.

use std::sync::Arc;

use crate::http::{Call, Credentials, Exchange, Failure, Request, Response, rehearsal::HeldBack};

/// Holds back the writes of calls that are only rehearsed.
pub(crate) struct HoldBack<N> {
    credentials: Arc<Credentials>,
    next: N,
}

impl<N> HoldBack<N> {
    /// Returns the layer around the next one; the credentials say what a request would have carried.
    pub(crate) fn new(credentials: Arc<Credentials>, next: N) -> Self {
        Self { credentials, next }
    }
}

impl<N: Exchange> Exchange for HoldBack<N> {
    async fn send(&self, request: Request, call: &Call) -> Result<Response, Failure> {
        let Some(rehearsal) = &call.rehearsal else { return self.next.send(request, call).await };
        if let Some(ended) = rehearsal.ended() {
            return Err(Failure::refused(ended));
        }
        if !request.writes() {
            return self.next.send(request, call).await;
        }
        // A credential that is missing is said here as it would be by a real write.
        let proof = self.credentials.proof(request.auth.as_deref(), &request.url, call.deadline).await;
        let parts = proof.and_then(|proof| proof.map_or(Ok(Vec::new()), |proof| proof.preview()));
        let parts = parts.map_err(Failure::refused)?;
        Err(Failure::refused(rehearsal.hold(HeldBack::of(&request, &parts))))
    }
}

#[cfg(test)]
mod tests {
    use usher_adapter_sdk::{ErrorKind, host::Effect};

    use super::*;
    use crate::{
        config::Auth,
        http::{
            Rehearsal, Seen,
            testing::{FakeNetwork, Silence, answer, call, get, post},
        },
    };

    const URL: &str = "https://tickets.example/1";

    fn layer(network: &FakeNetwork) -> HoldBack<FakeNetwork> {
        HoldBack::new(
            Arc::new(Credentials::new("work", Auth::default(), Vec::new(), Arc::new(Silence))),
            network.clone(),
        )
    }

    fn rehearsed() -> (Arc<Rehearsal>, Call) {
        let rehearsal = Arc::new(Rehearsal::default());
        (rehearsal.clone(), Call { writes: true, rehearsal: Some(rehearsal), ..call() })
    }

    #[tokio::test]
    async fn reads_go_out_until_a_write_is_held_back_and_nothing_after_it() {
        let network = FakeNetwork::new([Ok(answer(200, &[], "ok"))]);
        let (layer, (rehearsal, call)) = (layer(&network), rehearsed());
        let search = Request { effect: Effect::Read, ..post(URL, "{}") };
        assert!(layer.send(get(URL), &call).await.is_ok() && layer.send(search, &call).await.is_ok());
        for request in [post(URL, r#"{"n":1}"#), post(URL, r#"{"n":2}"#), get(URL)] {
            let failure = layer.send(request, &call).await.unwrap_err();
            assert_eq!((failure.seen, failure.error.kind()), (Seen::No, ErrorKind::Unsupported));
        }
        assert_eq!(network.requests().len(), 2);
        let held = serde_json::to_value(rehearsal.take().unwrap()).unwrap();
        assert_eq!(held["body"]["n"], 1);
    }

    #[tokio::test]
    async fn a_call_that_is_meant_writes() {
        let network = FakeNetwork::new([Ok(answer(201, &[], ""))]);
        let call = Call { writes: true, ..call() };
        assert!(layer(&network).send(post(URL, "{}"), &call).await.is_ok());
        assert_eq!(network.requests().len(), 1);
    }
}
