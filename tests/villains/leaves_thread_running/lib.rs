//! Starts a thread in every `get` that sleeps for ever and is never joined, then answers properly.
//!
//! The host must answer the ticket, end in order, and leave no process behind.

use std::thread;

use usher_villains::raw::{Call, Reply};

async fn answer(call: Call) -> Reply {
    if call.operation == "get" {
        let started = thread::Builder::new().spawn(|| {
            loop {
                thread::sleep(std::time::Duration::from_secs(1));
            }
        });
        // A confinement may refuse threads; then the villain cannot do its worst, and says so.
        if let Err(error) = started {
            return call.titled(&format!("no thread: {error}"));
        }
    }
    call.honest()
}

usher_villains::raw_villain!("leaves_thread_running/adapter.toml", answer);
