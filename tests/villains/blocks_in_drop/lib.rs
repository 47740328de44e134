//! Blocks forever when the adapter is dropped, which is at its shutdown; until then it behaves.
//!
//! The host must print the answer, report `adapter_hung` for `shutdown` beside it,
//! and end without waiting longer.

use usher_adapter_sdk::prelude::*;
use usher_villains::{Disguised, Villain, thread::block_forever};

struct BlocksInDrop;

impl Drop for BlocksInDrop {
    fn drop(&mut self) {
        block_forever()
    }
}

impl Villain for BlocksInDrop {
    fn new(_host: Host) -> Result<Self> {
        Ok(Self)
    }
}

usher_adapter_sdk::adapter!(Disguised<BlocksInDrop> = "blocks_in_drop/adapter.toml");
