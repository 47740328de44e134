//! Is never ready in `get`, and wakes nobody.
//!
//! The host must report `timeout` at the deadline: control was given back, so nothing hangs, and the next call works.

use usher_adapter_sdk::prelude::*;
use usher_villains::{Disguised, Villain};

struct SpinsForeverPending;

impl Villain for SpinsForeverPending {
    fn new(_host: Host) -> Result<Self> {
        Ok(Self)
    }

    async fn get(&self, _key: &TicketKey) -> Result<Raw> {
        std::future::pending().await
    }
}

usher_adapter_sdk::adapter!(Disguised<SpinsForeverPending> = "spins_forever_pending/adapter.toml");
