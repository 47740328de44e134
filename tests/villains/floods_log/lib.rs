//! Logs 200,000 lines in `get`.
//!
//! The host must answer the ticket with bounded memory, and thin the lines out.

use usher_villains::{
    raw::{Call, Reply},
    sdk::boundary::abi::abi_stable::std_types::RStr,
};

const LINES: u32 = 200_000;
const LEVELS: u32 = 5;

async fn answer(call: Call) -> Reply {
    if call.operation == "get" {
        for number in 0..LINES {
            call.host.log(1 + number % LEVELS, RStr::from_str(&format!("flood {number}")));
        }
    }
    call.honest()
}

usher_villains::raw_villain!("floods_log/adapter.toml", answer);
