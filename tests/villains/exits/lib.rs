//! Ends its process with `exit(0)` in `get`, as if all were well.
//!
//! The host must report `adapter_crashed`: a worker that leaves with a call open has crashed, whatever number it leaves with.

use usher_adapter_sdk::prelude::*;
use usher_villains::{Disguised, Villain};

struct Exits;

impl Villain for Exits {
    fn new(_host: Host) -> Result<Self> {
        Ok(Self)
    }

    async fn get(&self, _key: &TicketKey) -> Result<Raw> {
        std::process::exit(0)
    }
}

usher_adapter_sdk::adapter!(Disguised<Exits> = "exits/adapter.toml");
