//! Waits in `get` until it is cancelled, and blocks forever in the end of its future.
//!
//! The host must report `timeout` at the deadline, not later, and `adapter_hung` for what is asked afterwards.

use std::time::Duration;

use usher_adapter_sdk::prelude::*;
use usher_villains::{Disguised, Villain, thread::block_forever};

struct BlocksInDropOfFuture {
    host: Host,
}

struct Anchor;

impl Drop for Anchor {
    fn drop(&mut self) {
        block_forever()
    }
}

impl Villain for BlocksInDropOfFuture {
    fn new(host: Host) -> Result<Self> {
        Ok(Self { host })
    }

    async fn get(&self, _key: &TicketKey) -> Result<Raw> {
        let _anchor = Anchor;
        self.host.sleep(Duration::MAX).await?;
        Err(Error::validation("nobody waits that long"))
    }
}

usher_adapter_sdk::adapter!(Disguised<BlocksInDropOfFuture> = "blocks_in_drop_of_future/adapter.toml");
