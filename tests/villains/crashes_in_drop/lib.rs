//! Writes to the page at address 0 when the adapter is dropped, which is at its shutdown; until then it behaves.
//!
//! The host must print the answer, and end in order; it may report the crash beside it as one of `shutdown`.

use usher_adapter_sdk::prelude::*;
use usher_villains::{Disguised, Villain, crash::segfault};

struct CrashesInDrop;

impl Drop for CrashesInDrop {
    fn drop(&mut self) {
        segfault()
    }
}

impl Villain for CrashesInDrop {
    fn new(_host: Host) -> Result<Self> {
        Ok(Self)
    }
}

usher_adapter_sdk::adapter!(Disguised<CrashesInDrop> = "crashes_in_drop/adapter.toml");
