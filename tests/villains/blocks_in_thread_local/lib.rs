//! Leaves a thread-local value on the thread that polls `get`; the end of that thread blocks forever.
//!
//! The host must answer the ticket, and end without joining the thread.

use usher_adapter_sdk::prelude::*;
use usher_villains::{Disguised, Villain, thread::block_forever};

struct BlocksInThreadLocal;

struct Anchor;

impl Drop for Anchor {
    fn drop(&mut self) {
        block_forever()
    }
}

thread_local! {
    static ANCHOR: Anchor = const { Anchor };
}

impl Villain for BlocksInThreadLocal {
    fn new(_host: Host) -> Result<Self> {
        Ok(Self)
    }

    async fn get(&self, key: &TicketKey) -> Result<Raw> {
        ANCHOR.with(|_| ());
        Ok(Raw::main(format!("{:?}", key.as_str())))
    }
}

usher_adapter_sdk::adapter!(Disguised<BlocksInThreadLocal> = "blocks_in_thread_local/adapter.toml");
