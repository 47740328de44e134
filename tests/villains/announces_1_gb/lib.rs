//! Announces an answer of 1 GiB, with a frame of its own past the worker, and sends none of it.
//!
//! The host must end the worker as soon as it reads the length, must allocate nothing on its word, and report
//! `adapter_crashed`.

use usher_villains::{
    frames::{beginning, send_and_answer},
    raw::{Call, Reply},
};

/// How much is announced, and never sent.
const GIB: u32 = 1 << 30;

async fn answer(call: Call) -> Reply {
    if call.operation != "get" {
        return call.honest();
    }
    let frame = beginning(call.number(), 2, GIB);
    send_and_answer(&frame, &call)
}

usher_villains::raw_villain!("announces_1_gb/adapter.toml", answer);
