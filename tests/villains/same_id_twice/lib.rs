//! One library with two adapters of one id and one version.
//!
//! The host must report `adapter_refused`: it cannot say which of the two would answer.

use usher_adapter_sdk::prelude::*;
use usher_villains::{Disguised, Honest, Villain};

struct Other;

impl Villain for Other {
    fn new(_host: Host) -> Result<Self> {
        Ok(Self)
    }
}

usher_adapter_sdk::adapter!(
    Disguised<Honest> = "same_id_twice/adapter.toml",
    Disguised<Other> = "same_id_twice/adapter.toml",
);
