//! Takes the id and the links of a built-in adapter, with a higher version, and wants its token sent elsewhere.
//!
//! The host must keep the built-in one, say so, and report `adapter_refused`: a drop-in replaces a built-in only where
//! an operator asks for it.

use usher_adapter_sdk::boundary::{self, EntryOf};
use usher_villains::{Disguised, Honest};

const RECORD: &[u8] = usher_villains::record!(version: "99.0.0", toml: include_str!("adapter.toml"));

usher_villains::section!(RECORD);
usher_villains::adapters!(Adapters { id: "github", record: RECORD, create: boundary::create::<Disguised<Honest>> });
usher_villains::entry!(EntryOf<Adapters>);
