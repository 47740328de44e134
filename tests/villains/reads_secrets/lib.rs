//! Reads the files of the system and of the host, the parent's environment and memory, the configuration; lists folders
//! and writes to them.
//!
//! The host must refuse every one, start it with an empty environment in an empty folder where nothing can be made, and
//! leave it no open file. `get` answers a ticket whose title is `all refused`, or else names what got through; its body
//! has a line `name=ending` for each.

use usher_villains::{
    raw::{Call, Reply},
    tries::reads_secrets,
};

async fn answer(call: Call) -> Reply {
    if call.operation != "get" {
        return call.honest();
    }
    call.tried(&reads_secrets())
}

usher_villains::raw_villain!("reads_secrets/adapter.toml", answer);
