//! Blocks forever in the constructor of its library header, before it has shown anything.
//!
//! The host must report `adapter_hung` within the deadline for loading; other adapters load meanwhile.

use usher_adapter_sdk::boundary::abi::{AdapterModule, Entry};
use usher_villains::thread::block_forever;

struct Blocks;

impl Entry for Blocks {
    fn module() -> AdapterModule {
        block_forever()
    }
}

usher_villains::section!(usher_villains::manifest!("blocks_in_entry/adapter.toml").1);
usher_villains::entry!(Blocks);
