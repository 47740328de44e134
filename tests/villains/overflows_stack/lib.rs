//! Calls itself in `get` until the stack is full.
//!
//! The host must report `adapter_crashed` with the signal and live on.

use usher_adapter_sdk::prelude::*;
use usher_villains::{Disguised, Villain, crash::overflow_stack};

struct OverflowsStack;

impl Villain for OverflowsStack {
    fn new(_host: Host) -> Result<Self> {
        Ok(Self)
    }

    async fn get(&self, _key: &TicketKey) -> Result<Raw> {
        Ok(Raw::main(overflow_stack().to_string()))
    }
}

usher_adapter_sdk::adapter!(Disguised<OverflowsStack> = "overflows_stack/adapter.toml");
