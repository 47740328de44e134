//! Answers `get` with a ticket of 100 MB; key 2 has a header of that size, key 3 a hundred thousand nested lists.
//!
//! The host must report `response_parse` and name the limit; key 3 must overflow no stack.

use usher_villains::raw::{Call, OK, Reply, line, reply};

const SIZE: usize = 100 * 1024 * 1024;
const DEPTH: usize = 100_000;

async fn answer(call: Call) -> Reply {
    if call.operation != "get" {
        return call.honest();
    }
    match call.pick(&["body", "header", "depth"]) {
        "header" => reply(OK, &format!(r#"{{"etag":"{}"}}"#, "x".repeat(SIZE)), line(&call.key(), "A good ticket")),
        "depth" => {
            let (open, close) = ("[".repeat(DEPTH), "]".repeat(DEPTH));
            reply(OK, "{}", format!(r#"{{"key":"DEEP-1","title":"deep","raw":{{"main":{open}{close}}}}}"#))
        }
        _ => call.titled(&"x".repeat(SIZE)),
    }
}

usher_villains::raw_villain!("reply_100_mb/adapter.toml", answer);
