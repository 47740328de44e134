//! Lists the same two tickets on both pages that follow the first, known by their native ids.
//!
//! The host must list each ticket once.

use usher_villains::raw::{Call, OK, Reply, line, reply};

async fn answer(call: Call) -> Reply {
    if call.operation != "fetch" {
        return call.honest();
    }
    let head = match call.cursor() {
        None => r#"{"count":2,"next":["second","third"]}"#,
        Some(_) => r#"{"count":2}"#,
    };
    reply(OK, head, format!("{}\n{}\n", line("FETCHED-1", "The first"), line("FETCHED-2", "The second")))
}

usher_villains::raw_villain!("page_same_tickets/adapter.toml", answer);
