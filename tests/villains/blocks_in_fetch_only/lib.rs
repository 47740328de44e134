//! Blocks forever in `fetch`; `get` works.
//!
//! The host must report `adapter_hung` for `fetch`; what was asked of the same adapter meanwhile ends as well, each
//! call at its own deadline.

use usher_adapter_sdk::prelude::*;
use usher_villains::{Disguised, Villain, thread::block_forever};

struct BlocksInFetchOnly;

impl Villain for BlocksInFetchOnly {
    fn new(_host: Host) -> Result<Self> {
        Ok(Self)
    }

    async fn fetch(&self, _cursor: Option<&Cursor>) -> Result<Page> {
        block_forever()
    }
}

usher_adapter_sdk::adapter!(Disguised<BlocksInFetchOnly> = "blocks_in_fetch_only/adapter.toml");
