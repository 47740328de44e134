//! Makes processes in every way there is: by system calls and by the C library.
//!
//! The host must refuse every one. `get` answers a ticket whose title is `all refused`, or else names those that got
//! through; its body has a line `name=ending` for each.

use usher_villains::{
    raw::{Call, Reply},
    tries::forks,
};

async fn answer(call: Call) -> Reply {
    if call.operation != "get" {
        return call.honest();
    }
    call.tried(&forks())
}

usher_villains::raw_villain!("forks/adapter.toml", answer);
