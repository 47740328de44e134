//! A well-framed record around a manifest of the next version, which this one cannot read.
//!
//! The host must report `adapter_refused` and say that a newer host is needed, without opening the file.

use usher_adapter_sdk::boundary::{self, EntryOf};
use usher_villains::{Disguised, Honest};

const RECORD: &[u8] = usher_villains::record!(version: "1.0.0", toml: include_str!("adapter.toml"));

usher_villains::section!(RECORD);
usher_villains::adapters!(Adapters {
    id: "villain-future-manifest",
    record: RECORD,
    create: boundary::create::<Disguised<Honest>>,
});
usher_villains::entry!(EntryOf<Adapters>);
