//! Its section is in order, but its running code answers with bytes that are no records.
//!
//! The host must report `adapter_refused`.

use usher_adapter_sdk::boundary::{self, EntryOf};
use usher_villains::{Disguised, Honest};

const MANIFEST: (&str, &[u8]) = usher_villains::manifest!("answers_no_records/adapter.toml");

usher_villains::section!(MANIFEST.1);
usher_villains::adapters!(Adapters {
    id: MANIFEST.0,
    record: b"these are no records",
    create: boundary::create::<Disguised<Honest>>,
});
usher_villains::entry!(EntryOf<Adapters>);
