//! Answers `get` with what the host answered to a question of its own: the host polls its own future through the
//! adapter, and reads its own reply as a ticket.
//!
//! The host must report `response_parse`: the body of that reply is no ticket.

use usher_villains::raw::{Call, Reply};

async fn answer(call: Call) -> Reply {
    match call.operation.as_str() {
        "get" => call.ask("sleep", r#"{"call":0,"args":{"nanos":1}}"#, b"").await,
        _ => call.honest(),
    }
}

usher_villains::raw_villain!("hands_back_host_future/adapter.toml", answer);
