//! Panics while it is made.
//!
//! The host must report `adapter_panicked` with place and message, and go on.

use usher_adapter_sdk::prelude::*;
use usher_villains::{Disguised, Villain};

struct PanicsInCreate;

impl Villain for PanicsInCreate {
    fn new(_host: Host) -> Result<Self> {
        panic!("a panic in create")
    }
}

usher_adapter_sdk::adapter!(Disguised<PanicsInCreate> = "panics_in_create/adapter.toml");
