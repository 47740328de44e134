//! Starts a thousand waits with the host in every `get`, polls each once, and forgets them undropped.
//!
//! The host must answer the ticket, and give up what belongs to a call when the call is over, not only when the
//! future of it is dropped; there must be a limit of what one call can have in flight.

use std::{
    future::{Future, poll_fn},
    mem,
    task::Poll,
    time::Duration,
};

use usher_adapter_sdk::prelude::*;
use usher_villains::{Disguised, Villain};

struct ForgetsHostFutures {
    host: Host,
}

impl Villain for ForgetsHostFutures {
    fn new(host: Host) -> Result<Self> {
        Ok(Self { host })
    }

    async fn get(&self, key: &TicketKey) -> Result<Raw> {
        for _ in 0..1000 {
            let host = self.host.clone();
            let mut wait = Box::pin(async move { host.sleep(Duration::MAX).await });
            poll_fn(|context| Poll::Ready(wait.as_mut().poll(context).is_ready())).await;
            mem::forget(wait);
        }
        Ok(Raw::main(format!("{:?}", key.as_str())))
    }
}

usher_adapter_sdk::adapter!(Disguised<ForgetsHostFutures> = "forgets_host_futures/adapter.toml");
