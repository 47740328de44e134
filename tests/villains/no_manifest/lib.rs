//! Has an entry symbol and a working adapter, but no section with a record.
//!
//! The host must report `adapter_refused` without opening the file: it carries no manifest.

use usher_adapter_sdk::boundary::{self, EntryOf};
use usher_villains::{Disguised, Honest};

const MANIFEST: (&str, &[u8]) = usher_villains::manifest!("no_manifest/adapter.toml");

usher_villains::adapters!(Adapters {
    id: MANIFEST.0,
    record: MANIFEST.1,
    create: boundary::create::<Disguised<Honest>>,
});
usher_villains::entry!(EntryOf<Adapters>);
