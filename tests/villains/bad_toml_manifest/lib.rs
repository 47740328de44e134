//! A well-framed record around a manifest that breaks the schema.
//!
//! The host must report `adapter_refused` with the line of the fault, without opening the file.

use usher_adapter_sdk::boundary::{self, EntryOf};
use usher_villains::{Disguised, Honest};

const RECORD: &[u8] = usher_villains::record!(version: "1.0.0", toml: include_str!("adapter.toml"));

usher_villains::section!(RECORD);
usher_villains::adapters!(Adapters {
    id: "villain-bad-toml-manifest",
    record: RECORD,
    create: boundary::create::<Disguised<Honest>>,
});
usher_villains::entry!(EntryOf<Adapters>);
