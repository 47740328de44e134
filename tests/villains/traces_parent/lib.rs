//! Traces its parent, reads and writes its memory, takes its descriptors, sends it signals, sets its limits.
//!
//! The host must refuse every one. `get` answers a ticket whose title is `all refused`, or else names those that got
//! through; its body has a line `name=ending` for each.

use usher_villains::{
    raw::{Call, Reply},
    tries::traces_parent,
};

async fn answer(call: Call) -> Reply {
    if call.operation != "get" {
        return call.honest();
    }
    call.tried(&traces_parent())
}

usher_villains::raw_villain!("traces_parent/adapter.toml", answer);
