//! Panics when the adapter is dropped, which is at its shutdown; until then it behaves.
//!
//! The host must print the answer, report the panic beside it as one of `shutdown`,
//! and end in order.

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
