//! Blocks forever while it is made.
//!
//! The host must report `adapter_hung` at the deadline; other connections go on.

use usher_adapter_sdk::prelude::*;
use usher_villains::{Disguised, Villain, thread::block_forever};

struct BlocksInCreate;

impl Villain for BlocksInCreate {
    fn new(_host: Host) -> Result<Self> {
        block_forever()
    }
}

usher_adapter_sdk::adapter!(Disguised<BlocksInCreate> = "blocks_in_create/adapter.toml");
