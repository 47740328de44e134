//! Starts programs: a shell, the program that runs, and its own library, in its own place and beside it.
//!
//! The host must refuse every one. `get` answers a ticket whose title is `all refused`, or else names those that got
//! through; its body has a line `name=ending` for each.

use usher_villains::{
    raw::{Call, Reply},
    tries::execs,
};

async fn answer(call: Call) -> Reply {
    if call.operation != "get" {
        return call.honest();
    }
    call.tried(&execs())
}

usher_villains::raw_villain!("execs/adapter.toml", answer);
