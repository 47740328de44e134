//! Names two new cursors at the end of every page: every round has twice as many as the one before.
//!
//! The host must stop at its cap of tickets, pages or time, with memory that is bounded, and say why the list is cut.

use usher_villains::raw::{Call, OK, Reply, line, reply};

async fn answer(call: Call) -> Reply {
    if call.operation != "fetch" {
        return call.honest();
    }
    let here = call.cursor().unwrap_or_default();
    let head = format!(r#"{{"count":1,"next":["{here}0","{here}1"]}}"#);
    reply(OK, &head, line(&format!("FETCHED-{here}"), "One of very many") + "\n")
}

usher_villains::raw_villain!("pages_multiply/adapter.toml", answer);
