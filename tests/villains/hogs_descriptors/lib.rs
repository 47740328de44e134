//! Copies a descriptor in `get` until it is refused, and keeps the copies.
//!
//! The host must answer the ticket, whose title says how many there were, and have as many descriptors as before itself.

use usher_villains::raw::{Call, Reply};

#[cfg(unix)]
fn take() -> usize {
    use std::{
        os::fd::{AsFd, OwnedFd},
        sync::Mutex,
    };

    const MOST: usize = 1 << 20;
    static TAKEN: Mutex<Vec<OwnedFd>> = Mutex::new(Vec::new());

    let Ok(mut taken) = TAKEN.lock() else {
        return 0;
    };
    while taken.len() < MOST {
        match std::io::stderr().as_fd().try_clone_to_owned() {
            Ok(copy) => taken.push(copy),
            Err(_) => break,
        }
    }
    taken.len()
}

/// Elsewhere there are no descriptors.
#[cfg(not(unix))]
fn take() -> usize {
    0
}

async fn answer(call: Call) -> Reply {
    if call.operation != "get" {
        return call.honest();
    }
    match take() {
        0 => call.unsupported(),
        taken => call.titled(&format!("took {taken} descriptors")),
    }
}

usher_villains::raw_villain!("hogs_descriptors/adapter.toml", answer);
