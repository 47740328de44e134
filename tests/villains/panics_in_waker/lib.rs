//! Waits for the host with a waker of its own that panics when it is woken.
//!
//! The host must report `adapter_crashed`, `adapter_panicked` or `timeout`, and live on: no call of another adapter ends
//! with it.

use std::{
    future::Future,
    pin::{Pin, pin},
    sync::Arc,
    task::{Context, Poll, Wake, Waker},
    time::Duration,
};

use usher_adapter_sdk::prelude::*;
use usher_villains::{Disguised, Villain};

struct PanicsInWaker {
    host: Host,
}

struct Panics;

impl Wake for Panics {
    fn wake(self: Arc<Self>) {
        panic!("a panic in a waker")
    }
}

/// Polls a future with a waker that panics.
struct Touchy<F>(F);

impl<F: Future + Unpin> Future for Touchy<F> {
    type Output = F::Output;

    fn poll(mut self: Pin<&mut Self>, _context: &mut Context<'_>) -> Poll<F::Output> {
        let waker = Waker::from(Arc::new(Panics));
        Pin::new(&mut self.0).poll(&mut Context::from_waker(&waker))
    }
}

impl Villain for PanicsInWaker {
    fn new(host: Host) -> Result<Self> {
        Ok(Self { host })
    }

    async fn get(&self, key: &TicketKey) -> Result<Raw> {
        Touchy(pin!(self.host.sleep(Duration::from_millis(10)))).await?;
        Ok(Raw::main(format!("{:?}", key.as_str())))
    }
}

usher_adapter_sdk::adapter!(Disguised<PanicsInWaker> = "panics_in_waker/adapter.toml");
