//! Writes during a read, under every number that another call might have, and grants itself a later deadline.
//!
//! The host must refuse each write: what a call may do follows from the call that runs, and a number that an adapter
//! writes proves nothing. It must wait no longer than its own deadline. `get` answers a ticket whose title is
//! `all refused`, or else names the numbers that got through; `fetch` must end in `timeout`.

use usher_villains::raw::{Call, Question, Reply};

const WRITE: &str = r#"{"method":"POST","url":"{base}/forged","effect":"write"}"#;
const NUMBERS: u64 = 64;

async fn answer(call: Call) -> Reply {
    match call.operation.as_str() {
        "get" => call.refused((0..NUMBERS).chain([u64::MAX]).map(write_as).collect()).await,
        "fetch" => call.ask("sleep", &header(0, r#"{"nanos":86400000000000}"#), b"").await,
        _ => call.honest(),
    }
}

fn write_as(call: u64) -> Question {
    Question { name: format!("call {call}"), capability: "http", header: header(call, WRITE) }
}

fn header(call: u64, args: &str) -> String {
    format!(r#"{{"call":{call},"deadline_ms":{},"args":{args}}}"#, i64::MAX)
}

usher_villains::raw_villain!("forges_call_header/adapter.toml", answer);
