//! Panics in `get` before anything is awaited, which is at the first poll: the body of an `async fn` runs no sooner.
//!
//! The host must report `adapter_panicked`; the next call reaches the same adapter again.

use usher_adapter_sdk::prelude::*;
use usher_villains::{Disguised, Villain};

struct PanicsInCall;

impl Villain for PanicsInCall {
    fn new(_host: Host) -> Result<Self> {
        Ok(Self)
    }

    async fn get(&self, key: &TicketKey) -> Result<Raw> {
        panic!("a panic in get {key}")
    }
}

usher_adapter_sdk::adapter!(Disguised<PanicsInCall> = "panics_in_call/adapter.toml");
