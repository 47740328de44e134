//! Polls the host's future again after it was ready.
//!
//! Whatever that poll gives (async-ffi makes a panic of the host's a panic of the adapter's), the host must report
//! `adapter_panicked` or answer the ticket, and go on; its own futures should stay pending instead of panicking.

use std::{future::poll_fn, pin::pin, task::Poll};

use usher_villains::raw::{Call, Reply};

async fn answer(call: Call) -> Reply {
    if call.operation != "get" {
        return call.honest();
    }
    let mut sleep = pin!(call.ask("sleep", r#"{"call":0,"args":{"nanos":1}}"#, b""));
    sleep.as_mut().await;
    let again = poll_fn(|context| Poll::Ready(sleep.as_mut().poll(context))).await;
    call.titled(if again.is_ready() { "Ready twice" } else { "Ready once" })
}

usher_villains::raw_villain!("polls_after_completion/adapter.toml", answer);
