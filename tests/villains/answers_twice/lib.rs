//! Answers `get` twice: with a frame of its own past the worker, and then properly.
//!
//! The host must hand on one answer only, whichever it is, and must take the other for no other call's: it ends the worker
//! for breaking the protocol.

use usher_villains::{
    frames::{send_and_answer, ticket},
    raw::{Call, Reply},
};

async fn answer(call: Call) -> Reply {
    if call.operation != "get" {
        return call.honest();
    }
    let frame = ticket(call.number(), &call.key(), "the first answer");
    send_and_answer(&frame, &call)
}

usher_villains::raw_villain!("answers_twice/adapter.toml", answer);
