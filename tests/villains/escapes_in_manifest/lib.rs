//! Its manifest is valid and carries terminal escapes, a nul, and text that runs backwards, in name and description.
//!
//! The host must refuse the manifest, or print none of these characters in `adapter list` and `adapter show`.

use usher_adapter_sdk::boundary::{self, EntryOf};
use usher_villains::{Disguised, Honest};

const RECORD: &[u8] = usher_villains::record!(version: "1.0.0", toml: include_str!("adapter.toml"));

usher_villains::section!(RECORD);
usher_villains::adapters!(Adapters {
    id: "villain-escapes-in-manifest",
    record: RECORD,
    create: boundary::create::<Disguised<Honest>>,
});
usher_villains::entry!(EntryOf<Adapters>);
