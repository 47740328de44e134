//! Its record names a crate with a nul and a path in it, of which the host makes the entry symbol's name.
//!
//! The host must report `adapter_refused`: such a crate cannot be.

use usher_adapter_sdk::boundary::{self, EntryOf};
use usher_villains::{Disguised, Honest};

const MANIFEST: (&str, &[u8]) = usher_villains::manifest!("odd_crate_name/adapter.toml");
const RECORD: &[u8] = usher_villains::record!(
    crate_name: "odd\0../crate\u{1b}[2Jname",
    version: "1.0.0",
    toml: include_str!("adapter.toml"),
);

usher_villains::section!(RECORD);
usher_villains::adapters!(Adapters { id: MANIFEST.0, record: RECORD, create: boundary::create::<Disguised<Honest>> });
usher_villains::entry!(EntryOf<Adapters>);
