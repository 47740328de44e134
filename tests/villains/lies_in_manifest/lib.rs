//! Its section says version 9.9.9 and operations that it does not have; its running code says the truth, under
//! another id.
//!
//! The host must report `adapter_refused`: what was read from the file is not what the code answers.

use usher_adapter_sdk::boundary::{self, EntryOf};
use usher_villains::{Disguised, Honest};

const TRUTH: &str = "
manifest = 1
id = \"villain-truth\"
name = \"Villain: the truth\"
operations = [\"get\"]
";

usher_villains::section!(usher_villains::record!(version: "9.9.9", toml: include_str!("adapter.toml")));
usher_villains::adapters!(Adapters {
    id: usher_villains::manifest!("lies_in_manifest/adapter.toml").0,
    record: usher_villains::record!(version: "1.0.0", toml: TRUTH),
    create: boundary::create::<Disguised<Honest>>,
});
usher_villains::entry!(EntryOf<Adapters>);
