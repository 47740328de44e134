//! Writes a change in two requests, and reports the second one's refusal as if nothing had been written.
//!
//! The host must report `outcome_unknown`, since the first was done, with the refusal in it; only where the first is
//! refused nothing was written. In a dry run it shows the first and sends none.

use usher_adapter_sdk::{
    host::Request,
    message::{Change, Updated},
    prelude::*,
};
use usher_villains::{Disguised, Villain};

struct WritesInTwo {
    host: Host,
}

impl Villain for WritesInTwo {
    fn new(host: Host) -> Result<Self> {
        Ok(Self { host })
    }

    async fn update(&self, key: &TicketKey, change: &Change) -> Result<Updated> {
        for part in ["first", "second"] {
            let url = format!("{}/{part}", self.host.base_url()?.trim_end_matches('/'));
            let response = self.host.http(Request::post(url).body(b"{}".to_vec())).await?;
            if !response.is_success() {
                return Err(Error::validation(format!("the {part} part was refused")).with_status(response.status));
            }
        }
        Ok(Updated::new(key.clone(), change.asked()))
    }
}

usher_adapter_sdk::adapter!(Disguised<WritesInTwo> = "writes_in_two/adapter.toml");
