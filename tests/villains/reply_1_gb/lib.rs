//! Answers `get` with a ticket of 1 GiB.
//!
//! The host must report `response_parse` and name the limit, or `adapter_crashed` where the worker had not enough memory
//! for it; its own memory must not grow by that much.

use usher_villains::raw::{Call, OK, Reply, line, reply};

const SIZE: usize = 1 << 30;

async fn answer(call: Call) -> Reply {
    if call.operation != "get" {
        return call.honest();
    }
    // In one piece, for a copy of it may be more than there is.
    let around = line(&call.key(), "");
    let (end, beginning) = (r#""}"#, around.len() - 2);
    let mut body = Vec::with_capacity(SIZE + around.len());
    body.extend_from_slice(&around.as_bytes()[..beginning]);
    body.resize(SIZE, b'x');
    body.extend_from_slice(end.as_bytes());
    reply(OK, "{}", body)
}

usher_villains::raw_villain!("reply_1_gb/adapter.toml", answer);
