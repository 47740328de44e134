//! Panics when the adapter is dropped; until then it behaves.
//!
//! The host must answer as if nothing were wrong, and end in order.

use usher_adapter_sdk::prelude::*;
use usher_villains::{Disguised, Villain};

struct PanicsInDrop;

impl Drop for PanicsInDrop {
    fn drop(&mut self) {
        panic!("a panic in the end of an adapter")
    }
}

impl Villain for PanicsInDrop {
    fn new(_host: Host) -> Result<Self> {
        Ok(Self)
    }
}

usher_adapter_sdk::adapter!(Disguised<PanicsInDrop> = "panics_in_drop/adapter.toml");
