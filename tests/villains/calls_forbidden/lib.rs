//! Makes some ninety system calls that are no business of an adapter's; with key 2, one by the numbers of 32-bit programs.
//!
//! The host must refuse every one. `get` answers a ticket whose title is `all refused`, or else names those that got
//! through; its body has a line `name=ending` for each. With key 2 the process may also end by a signal.

use usher_villains::{
    raw::{Call, Reply},
    tries::{calls_forbidden, calls_of_32_bits},
};

async fn answer(call: Call) -> Reply {
    if call.operation != "get" {
        return call.honest();
    }
    match call.number_of_key() {
        2 => call.tried(&calls_of_32_bits()),
        _ => call.tried(&calls_forbidden()),
    }
}

usher_villains::raw_villain!("calls_forbidden/adapter.toml", answer);
