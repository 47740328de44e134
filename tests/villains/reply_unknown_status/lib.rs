//! Answers with a status that no version knows, and a header that is no error.
//!
//! The host must report `response_parse` (what the SDK makes of an error that cannot be read) and name the status.

use usher_villains::raw::{Call, Reply, reply};

async fn answer(_call: Call) -> Reply {
    reply(9999, "\u{1b}[2Jgarbage", *b"\xff\xfe\xfd")
}

usher_villains::raw_villain!("reply_unknown_status/adapter.toml", answer);
