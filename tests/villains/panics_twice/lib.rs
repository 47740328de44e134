//! Panics in `get` and again while the first panic unwinds, which ends a Rust program.
//!
//! The host must report `adapter_crashed` with the signal and live on.

use usher_adapter_sdk::prelude::*;
use usher_villains::{Disguised, Villain};

struct PanicsTwice;

/// Panics when it is dropped.
struct Second;

impl Drop for Second {
    fn drop(&mut self) {
        panic!("the second panic")
    }
}

impl Villain for PanicsTwice {
    fn new(_host: Host) -> Result<Self> {
        Ok(Self)
    }

    async fn get(&self, _key: &TicketKey) -> Result<Raw> {
        let _second = Second;
        panic!("the first panic")
    }
}

usher_adapter_sdk::adapter!(Disguised<PanicsTwice> = "panics_twice/adapter.toml");
