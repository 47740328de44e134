//! Blocks forever in the future of `shutdown`; until then it behaves.
//!
//! The host must answer as if nothing were wrong, and end without waiting for it.

use usher_villains::{
    raw::{Call, Reply},
    thread::block_forever,
};

async fn answer(call: Call) -> Reply {
    match call.operation.as_str() {
        "shutdown" => block_forever(),
        _ => call.honest(),
    }
}

usher_villains::raw_villain!("blocks_in_shutdown/adapter.toml", answer);
