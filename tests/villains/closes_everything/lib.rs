//! Closes every descriptor from 0 to 1023 in `get`, then answers to nobody.
//!
//! The host must report `adapter_crashed` as soon as its socket ends, and live on.

use usher_villains::raw::{Call, Reply};

async fn answer(call: Call) -> Reply {
    if call.operation != "get" {
        return call.honest();
    }
    #[cfg(unix)]
    {
        use usher_villains::descriptors::{MOST, close};

        let closed = (0..MOST).filter(|descriptor| close(*descriptor)).count();
        call.titled(&format!("closed {closed}"))
    }
    #[cfg(not(unix))]
    call.unsupported()
}

usher_villains::raw_villain!("closes_everything/adapter.toml", answer);
