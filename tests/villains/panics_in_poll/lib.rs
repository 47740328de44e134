//! Panics in `get` after it has waited for the host once, so at a later poll than the first.
//!
//! The host must report `adapter_panicked`.

use std::time::Duration;

use usher_adapter_sdk::prelude::*;
use usher_villains::{Disguised, Villain};

struct PanicsInPoll {
    host: Host,
}

impl Villain for PanicsInPoll {
    fn new(host: Host) -> Result<Self> {
        Ok(Self { host })
    }

    async fn get(&self, _key: &TicketKey) -> Result<Raw> {
        self.host.sleep(Duration::from_millis(1)).await?;
        panic!("a panic after the first await")
    }
}

usher_adapter_sdk::adapter!(Disguised<PanicsInPoll> = "panics_in_poll/adapter.toml");
