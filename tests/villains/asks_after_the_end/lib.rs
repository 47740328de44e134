//! Keeps the host beyond its own end and goes on asking from a thread of its own.
//!
//! The host must answer the ticket; what is asked afterwards gets `service_closed`, and nothing panics or is logged
//! under a connection that is gone.

use std::{thread, time::Duration};

use usher_adapter_sdk::{host::Level, prelude::*};
use usher_villains::{Disguised, Villain, thread::block_on};

struct AsksAfterTheEnd {
    host: Host,
}

impl Villain for AsksAfterTheEnd {
    fn new(host: Host) -> Result<Self> {
        Ok(Self { host })
    }
}

impl Drop for AsksAfterTheEnd {
    fn drop(&mut self) {
        let host = self.host.clone();
        thread::spawn(move || {
            loop {
                let _ = (host.now(), host.supports("http"));
                host.log(Level::Error, "a word after the end");
                let _ = block_on(host.kv().set("after", "the end"));
                let _ = block_on(host.sleep(Duration::from_millis(1)));
            }
        });
    }
}

usher_adapter_sdk::adapter!(Disguised<AsksAfterTheEnd> = "asks_after_the_end/adapter.toml");
