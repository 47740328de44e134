//! Is never ready in `get`, and wakes itself in every poll.
//!
//! The host must report `timeout` at the deadline; a `fetch` beside it must get its turn.

use std::{future::poll_fn, task::Poll};

use usher_adapter_sdk::prelude::*;
use usher_villains::{Disguised, Villain};

struct WakesItselfForever;

impl Villain for WakesItselfForever {
    fn new(_host: Host) -> Result<Self> {
        Ok(Self)
    }

    async fn get(&self, _key: &TicketKey) -> Result<Raw> {
        poll_fn(|context| {
            context.waker().wake_by_ref();
            Poll::Pending
        })
        .await
    }
}

usher_adapter_sdk::adapter!(Disguised<WakesItselfForever> = "wakes_itself_forever/adapter.toml");
