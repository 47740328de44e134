//! Starts a thread in every `get` that spins for ever, then answers properly.
//!
//! The host must answer the ticket, and whatever else is asked of this and of other adapters; no processor is kept busy
//! once it has ended.

use std::thread;

use usher_villains::raw::{Call, Reply};

async fn answer(call: Call) -> Reply {
    if call.operation == "get" {
        let started = thread::Builder::new().spawn(|| {
            loop {
                std::hint::spin_loop();
            }
        });
        // A confinement may refuse threads; then the villain cannot do its worst, and says so.
        if let Err(error) = started {
            return call.titled(&format!("no thread: {error}"));
        }
    }
    call.honest()
}

usher_villains::raw_villain!("hogs_cpu/adapter.toml", answer);
