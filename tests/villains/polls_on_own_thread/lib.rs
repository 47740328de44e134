//! Polls and drops the host's future on a thread of its own, and wakes the call from there.
//!
//! The host must answer the ticket: its futures work on any thread, and so do its wakers. What is asked on such a
//! thread carries call number 0 and no deadline.

use std::{
    future::poll_fn,
    sync::{Arc, Mutex, PoisonError},
    task::{Poll, Waker},
    thread,
    time::Duration,
};

use usher_adapter_sdk::prelude::*;
use usher_villains::{Disguised, Villain, thread::block_on};

struct PollsOnOwnThread {
    host: Host,
}

#[derive(Default)]
struct Slot {
    outcome: Option<Result<()>>,
    waker: Option<Waker>,
}

impl Villain for PollsOnOwnThread {
    fn new(host: Host) -> Result<Self> {
        Ok(Self { host })
    }

    async fn get(&self, key: &TicketKey) -> Result<Raw> {
        let slot = Arc::new(Mutex::new(Slot::default()));
        let (host, theirs) = (self.host.clone(), Arc::clone(&slot));
        thread::spawn(move || {
            let outcome = block_on(host.sleep(Duration::from_millis(1)));
            let mut slot = theirs.lock().unwrap_or_else(PoisonError::into_inner);
            slot.outcome = Some(outcome);
            if let Some(waker) = slot.waker.take() {
                waker.wake();
            }
        });
        let outcome = poll_fn(|context| {
            let mut slot = slot.lock().unwrap_or_else(PoisonError::into_inner);
            slot.waker = Some(context.waker().clone());
            slot.outcome.take().map_or(Poll::Pending, Poll::Ready)
        });
        outcome.await?;
        Ok(Raw::main(format!("{:?}", key.as_str())))
    }
}

usher_adapter_sdk::adapter!(Disguised<PollsOnOwnThread> = "polls_on_own_thread/adapter.toml");
