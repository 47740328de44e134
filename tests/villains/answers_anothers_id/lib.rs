//! Answers a call that does not exist, with a frame of its own past the worker, and then its own properly.
//!
//! The host must end the worker, for it broke the protocol, and report `adapter_crashed`; no other call may get the answer.

use usher_villains::{
    frames::{send_and_answer, ticket},
    raw::{Call, Reply},
};

async fn answer(call: Call) -> Reply {
    if call.operation != "get" {
        return call.honest();
    }
    let frame = ticket(call.number() + 1_000_000, &call.key(), "somebody else's answer");
    send_and_answer(&frame, &call)
}

usher_villains::raw_villain!("answers_anothers_id/adapter.toml", answer);
