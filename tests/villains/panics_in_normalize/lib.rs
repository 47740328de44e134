//! Panics in `normalize`, for its own answers and for those of other routes.
//!
//! The host must report `adapter_panicked`.

use usher_adapter_sdk::prelude::*;
use usher_villains::{Disguised, Villain};

struct PanicsInNormalize;

impl Villain for PanicsInNormalize {
    fn new(_host: Host) -> Result<Self> {
        Ok(Self)
    }

    fn normalize(&self, _raw: &Raw) -> Result<Ticket> {
        panic!("a panic in normalize")
    }
}

usher_adapter_sdk::adapter!(Disguised<PanicsInNormalize> = "panics_in_normalize/adapter.toml");
