//! Blocks forever in the future of `shutdown`; until then it behaves.
//!
//! The host must print the answer, report `adapter_hung` for `shutdown` beside it,
//! and end without waiting longer.

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
