//! Keeps the waker of every call and wakes it when the call is long over: from the next call, from a thread of its
//! own, and from its own end.
//!
//! The host must answer every ticket; a late wake must wake nothing and touch nothing that is gone.

use std::{
    future::poll_fn,
    sync::{Mutex, PoisonError},
    task::{Poll, Waker},
    thread,
};

use usher_adapter_sdk::prelude::*;
use usher_villains::{Disguised, Villain};

struct WakesAfterTheEnd {
    kept: Mutex<Vec<Waker>>,
}

impl WakesAfterTheEnd {
    fn wake_all(&self) {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner).iter().for_each(Waker::wake_by_ref);
    }
}

impl Villain for WakesAfterTheEnd {
    fn new(_host: Host) -> Result<Self> {
        Ok(Self { kept: Mutex::default() })
    }

    async fn get(&self, key: &TicketKey) -> Result<Raw> {
        self.wake_all();
        thread::scope(|scope| scope.spawn(|| self.wake_all()).join().is_ok());
        let waker = poll_fn(|context| Poll::Ready(context.waker().clone())).await;
        self.kept.lock().unwrap_or_else(PoisonError::into_inner).push(waker);
        Ok(Raw::main(format!("{:?}", key.as_str())))
    }
}

impl Drop for WakesAfterTheEnd {
    fn drop(&mut self) {
        self.wake_all();
        let kept = std::mem::take(&mut *self.kept.lock().unwrap_or_else(PoisonError::into_inner));
        thread::spawn(move || kept.into_iter().for_each(Waker::wake));
    }
}

usher_adapter_sdk::adapter!(Disguised<WakesAfterTheEnd> = "wakes_after_the_end/adapter.toml");
