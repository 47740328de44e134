//! Panics in a poll without the SDK around it: async-ffi turns that into a panic of whoever polls, which is the host.
//!
//! The host must catch it around the poll and report `adapter_panicked`.

use usher_villains::raw::{Call, Reply};

async fn answer(call: Call) -> Reply {
    match call.operation.as_str() {
        "get" => panic!("a panic that no guard of the SDK sees"),
        _ => call.honest(),
    }
}

usher_villains::raw_villain!("panics_without_sdk/adapter.toml", answer);
