//! Names the same cursor at the end of every page, with the same ticket on each.
//!
//! The host must stop at a cursor that it has already followed, and report the list as cut by an error.

use usher_villains::raw::{Call, OK, Reply, line, reply};

async fn answer(call: Call) -> Reply {
    match call.operation.as_str() {
        "fetch" => reply(OK, r#"{"count":1,"next":["again"]}"#, line("FETCHED-1", "Once more") + "\n"),
        _ => call.honest(),
    }
}

usher_villains::raw_villain!("endless_pages/adapter.toml", answer);
