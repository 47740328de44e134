//! Blocks forever when its running code is asked for its records.
//!
//! The host must report `adapter_hung` within the deadline for loading; other adapters load meanwhile.

use usher_adapter_sdk::boundary::{
    self, EntryOf,
    abi::{AdapterModule, Entry, abi_stable::std_types::RVec},
};
use usher_villains::{Disguised, Honest, thread::block_forever};

const MANIFEST: (&str, &[u8]) = usher_villains::manifest!("blocks_in_records/adapter.toml");

usher_villains::adapters!(Adapters {
    id: MANIFEST.0,
    record: MANIFEST.1,
    create: boundary::create::<Disguised<Honest>>,
});

struct Blocks;

extern "C" fn records() -> RVec<u8> {
    block_forever()
}

impl Entry for Blocks {
    fn module() -> AdapterModule {
        AdapterModule { records, ..EntryOf::<Adapters>::module() }
    }
}

usher_villains::section!(MANIFEST.1);
usher_villains::entry!(Blocks);
