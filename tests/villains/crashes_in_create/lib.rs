//! Writes to the page at address 0 while it is made.
//!
//! The host must report `adapter_crashed` with the signal; other connections go on.

use usher_adapter_sdk::prelude::*;
use usher_villains::{Disguised, Villain, crash::segfault};

struct CrashesInCreate;

impl Villain for CrashesInCreate {
    fn new(_host: Host) -> Result<Self> {
        segfault()
    }
}

usher_adapter_sdk::adapter!(Disguised<CrashesInCreate> = "crashes_in_create/adapter.toml");
