//! Says that five tickets follow, and sends one.
//!
//! The host must report `response_parse`: a list that may be short of tickets is not shown as whole.

use usher_villains::raw::{Call, OK, Reply, line, reply};

async fn answer(call: Call) -> Reply {
    match call.operation.as_str() {
        "fetch" => reply(OK, r#"{"count":5}"#, line("FETCHED-1", "The only one") + "\n"),
        _ => call.honest(),
    }
}

usher_villains::raw_villain!("page_count_lies/adapter.toml", answer);
