//! Panics with a value that is no text and panics again when it is dropped; `fetch` throws it past the panic hook.
//!
//! The host must report `adapter_panicked`. The message of `fetch` must not name the place of an earlier panic.

use std::panic;

use usher_adapter_sdk::prelude::*;
use usher_villains::{Disguised, Villain};

struct PanicsWithStrangePayload;

struct Strange;

impl Drop for Strange {
    fn drop(&mut self) {
        panic!("a panic in the end of a panic")
    }
}

impl Villain for PanicsWithStrangePayload {
    fn new(_host: Host) -> Result<Self> {
        Ok(Self)
    }

    async fn get(&self, _key: &TicketKey) -> Result<Raw> {
        panic::panic_any(Strange)
    }

    async fn fetch(&self, _cursor: Option<&Cursor>) -> Result<Page> {
        let _ = panic::catch_unwind(|| panic!("an innocent panic, caught by the adapter itself"));
        panic::resume_unwind(Box::new(Strange))
    }
}

usher_adapter_sdk::adapter!(Disguised<PanicsWithStrangePayload> = "panics_with_strange_payload/adapter.toml");
