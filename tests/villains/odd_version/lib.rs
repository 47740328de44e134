//! Its record names a version that is none: a huge number, a line break and a terminal escape.
//!
//! The host must report `adapter_refused`, and must not take it for the newest of all versions.

use usher_adapter_sdk::boundary::{self, EntryOf};
use usher_villains::{Disguised, Honest};

const RECORD: &[u8] =
    usher_villains::record!(version: "99999999999999999999.0.0\n\u{1b}[2J", toml: include_str!("adapter.toml"));

usher_villains::section!(RECORD);
usher_villains::adapters!(Adapters {
    id: "villain-odd-version",
    record: RECORD,
    create: boundary::create::<Disguised<Honest>>
});
usher_villains::entry!(EntryOf<Adapters>);
