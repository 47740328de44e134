//! Is no villain: `get` waits 200 ms for the host and then answers.
//!
//! The host must answer every call that it has taken, also while the adapter is changed for another; where the worker is
//! killed meanwhile, it tries the read once more.

use std::time::Duration;

use usher_adapter_sdk::prelude::*;
use usher_villains::{Disguised, Villain};

struct HonestSleeper {
    host: Host,
}

impl Villain for HonestSleeper {
    fn new(host: Host) -> Result<Self> {
        Ok(Self { host })
    }

    async fn get(&self, key: &TicketKey) -> Result<Raw> {
        self.host.sleep(Duration::from_millis(200)).await?;
        Ok(Raw::main(format!("{:?}", key.as_str())))
    }
}

usher_adapter_sdk::adapter!(Disguised<HonestSleeper> = "honest_sleeper/adapter.toml");
