//! Blocks forever in a poll of `get`.
//!
//! The host must report `adapter_hung` at the deadline, and at once from then on.

use usher_adapter_sdk::prelude::*;
use usher_villains::{Disguised, Villain, thread::block_forever};

struct BlocksInPoll;

impl Villain for BlocksInPoll {
    fn new(_host: Host) -> Result<Self> {
        Ok(Self)
    }

    async fn get(&self, _key: &TicketKey) -> Result<Raw> {
        block_forever()
    }
}

usher_adapter_sdk::adapter!(Disguised<BlocksInPoll> = "blocks_in_poll/adapter.toml");
