//! Waits for the host with a waker of its own that sleeps 3 s whenever it is woken or dropped.
//!
//! The host must report `adapter_hung` at the deadline, however short, and no thread but the adapter's own may sleep.

use std::{
    future::Future,
    pin::{Pin, pin},
    sync::Arc,
    task::{Context, Poll, Wake, Waker},
    thread,
    time::Duration,
};

use usher_adapter_sdk::prelude::*;
use usher_villains::{Disguised, Villain};

const NAP: Duration = Duration::from_secs(3);

struct SleepingWaker {
    host: Host,
}

/// Hands on a call to wake, much later.
struct Sleepy(Waker);

impl Wake for Sleepy {
    fn wake(self: Arc<Self>) {
        thread::sleep(NAP);
        self.0.wake_by_ref();
    }
}

impl Drop for Sleepy {
    fn drop(&mut self) {
        thread::sleep(NAP);
    }
}

/// Polls a future with a sleepy waker.
struct Drowsy<F>(F);

impl<F: Future + Unpin> Future for Drowsy<F> {
    type Output = F::Output;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<F::Output> {
        let waker = Waker::from(Arc::new(Sleepy(context.waker().clone())));
        Pin::new(&mut self.0).poll(&mut Context::from_waker(&waker))
    }
}

impl Villain for SleepingWaker {
    fn new(host: Host) -> Result<Self> {
        Ok(Self { host })
    }

    async fn get(&self, key: &TicketKey) -> Result<Raw> {
        Drowsy(pin!(self.host.sleep(Duration::from_millis(10)))).await?;
        Ok(Raw::main(format!("{:?}", key.as_str())))
    }
}

usher_adapter_sdk::adapter!(Disguised<SleepingWaker> = "sleeping_waker/adapter.toml");
