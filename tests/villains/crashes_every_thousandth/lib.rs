//! Answers `get` honestly, but aborts on every key whose number can be divided by 1000.
//!
//! The host must report `adapter_crashed` for these and for no other, and answer everything else, for as long as anybody
//! asks. A read that is tried once more aborts once more.

use usher_adapter_sdk::prelude::*;
use usher_villains::{Disguised, Villain};

struct CrashesEveryThousandth;

impl Villain for CrashesEveryThousandth {
    fn new(_host: Host) -> Result<Self> {
        Ok(Self)
    }

    async fn get(&self, key: &TicketKey) -> Result<Raw> {
        if key.as_str().ends_with("000") {
            std::process::abort()
        }
        Ok(Raw::main(format!("{:?}", key.as_str())))
    }
}

usher_adapter_sdk::adapter!(Disguised<CrashesEveryThousandth> = "crashes_every_thousandth/adapter.toml");
