//! Ends its process with `abort` in `get`.
//!
//! The host must report `adapter_crashed` with the signal and live on.

use usher_adapter_sdk::prelude::*;
use usher_villains::{Disguised, Villain};

struct Aborts;

impl Villain for Aborts {
    fn new(_host: Host) -> Result<Self> {
        Ok(Self)
    }

    async fn get(&self, _key: &TicketKey) -> Result<Raw> {
        std::process::abort()
    }
}

usher_adapter_sdk::adapter!(Disguised<Aborts> = "aborts/adapter.toml");
