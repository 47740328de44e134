//! Opens sockets of every kind, connects and listens.
//!
//! The host must refuse every one. `get` answers a ticket whose title is `all refused`, or else names those that got
//! through; its body has a line `name=ending` for each.

use usher_villains::{
    raw::{Call, Reply},
    tries::opens_sockets,
};

async fn answer(call: Call) -> Reply {
    if call.operation != "get" {
        return call.honest();
    }
    call.tried(&opens_sockets())
}

usher_villains::raw_villain!("opens_sockets/adapter.toml", answer);
