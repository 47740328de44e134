//! Aborts in `create` and in `update` after the platform has answered, so when the ticket is written already.
//!
//! The host must report `outcome_unknown` and not `adapter_crashed` alone, and must not try again: who repeats it makes
//! a second ticket.

use std::{process::abort, time::Duration};

use usher_adapter_sdk::{
    message::{Change, Created, Draft, Updated},
    prelude::*,
};
use usher_villains::{Disguised, Villain};

struct CrashesAfterWrite {
    host: Host,
}

impl Villain for CrashesAfterWrite {
    fn new(host: Host) -> Result<Self> {
        Ok(Self { host })
    }

    async fn create(&self, _draft: &Draft) -> Result<Created> {
        self.host.sleep(Duration::from_millis(1)).await?;
        abort()
    }

    async fn update(&self, _key: &TicketKey, _change: &Change) -> Result<Updated> {
        self.host.sleep(Duration::from_millis(1)).await?;
        abort()
    }
}

usher_adapter_sdk::adapter!(Disguised<CrashesAfterWrite> = "crashes_after_write/adapter.toml");
