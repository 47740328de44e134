//! Is never ready in `get`, `fetch` and `create`, and wakes nobody; it logs `waiting` when it begins.
//!
//! The host must report `timeout` at the deadline (`outcome_unknown` for `create`): control was given back, so
//! nothing hangs, and the next call works. Ctrl-C ends it at once.

use usher_adapter_sdk::{
    host::Level,
    message::{Created, Draft},
    prelude::*,
};
use usher_villains::{Disguised, Villain};

struct SpinsForeverPending {
    host: Host,
}

impl SpinsForeverPending {
    async fn wait<T>(&self) -> Result<T> {
        self.host.log(Level::Warning, "waiting");
        std::future::pending().await
    }
}

impl Villain for SpinsForeverPending {
    fn new(host: Host) -> Result<Self> {
        Ok(Self { host })
    }

    async fn get(&self, _key: &TicketKey) -> Result<Raw> {
        self.wait().await
    }

    async fn fetch(&self, _cursor: Option<&Cursor>) -> Result<Page> {
        self.wait().await
    }

    async fn create(&self, _draft: &Draft) -> Result<Created> {
        self.wait().await
    }
}

usher_adapter_sdk::adapter!(Disguised<SpinsForeverPending> = "spins_forever_pending/adapter.toml");
