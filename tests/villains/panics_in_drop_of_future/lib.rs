//! Holds a value whose end panics: `get` waits with it until it is cancelled, `fetch` ends with it.
//!
//! For `get` the host must report `timeout` and survive what follows; for `fetch` it must report `adapter_panicked`.

use std::time::Duration;

use usher_adapter_sdk::prelude::*;
use usher_villains::{Disguised, Villain};

struct PanicsInDropOfFuture {
    host: Host,
}

struct Trap;

impl Drop for Trap {
    fn drop(&mut self) {
        panic!("a panic in the end of a future")
    }
}

impl Villain for PanicsInDropOfFuture {
    fn new(host: Host) -> Result<Self> {
        Ok(Self { host })
    }

    async fn get(&self, _key: &TicketKey) -> Result<Raw> {
        let _trap = Trap;
        self.host.sleep(Duration::MAX).await?;
        Err(Error::validation("nobody waits that long"))
    }

    async fn fetch(&self, _cursor: Option<&Cursor>) -> Result<Page> {
        let _trap = Trap;
        Ok(Page::new())
    }
}

usher_adapter_sdk::adapter!(Disguised<PanicsInDropOfFuture> = "panics_in_drop_of_future/adapter.toml");
