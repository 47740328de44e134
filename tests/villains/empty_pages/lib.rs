//! Lists pages without a ticket, each of which names a cursor that was never seen before.
//!
//! The host must stop by itself, at a cap of pages or of time, and report the list as cut.

use usher_villains::raw::{Call, OK, Reply, reply};

async fn answer(call: Call) -> Reply {
    if call.operation != "fetch" {
        return call.honest();
    }
    let page = call.cursor().and_then(|cursor| cursor.parse::<u64>().ok()).unwrap_or(0);
    reply(OK, &format!(r#"{{"count":0,"next":["{}"]}}"#, page + 1), "")
}

usher_villains::raw_villain!("empty_pages/adapter.toml", answer);
