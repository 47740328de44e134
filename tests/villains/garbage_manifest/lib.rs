//! Its section holds the beginning of a record, cut off.
//!
//! The host must report `adapter_refused` without opening the file.

use usher_adapter_sdk::boundary::{self, EntryOf};
use usher_villains::{Disguised, Honest};

const MANIFEST: (&str, &[u8]) = usher_villains::manifest!("garbage_manifest/adapter.toml");

usher_villains::section!(MANIFEST.1.split_at(MANIFEST.1.len() / 2).0);
usher_villains::adapters!(Adapters {
    id: MANIFEST.0,
    record: MANIFEST.1,
    create: boundary::create::<Disguised<Honest>>,
});
usher_villains::entry!(EntryOf<Adapters>);
