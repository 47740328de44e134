//! Answers a good ticket under a header that is wrong; the number of the key picks the row, from 1.
//!
//! The host must report `response_parse` for the rows that cannot be read, and must not send the etag of the last
//! one to anybody.

use usher_villains::raw::{Call, OK, Reply, line, reply};

const HEADERS: &[&str] = &[
    "this is not JSON",
    "",
    "[]",
    "null",
    r#"["a list that reads as a struct"]"#,
    r#"{"etag":42}"#,
    "{\"etag\":\"cut o",
    r#"{"etag":"\"a\"\r\nX-Evil: 1"}"#,
];

async fn answer(call: Call) -> Reply {
    match call.operation.as_str() {
        "get" => reply(OK, call.pick(HEADERS), line(&call.key(), "A good ticket")),
        "fetch" => reply(OK, "this is not JSON", line("FETCHED-1", "A good ticket")),
        _ => call.honest(),
    }
}

usher_villains::raw_villain!("reply_not_json_header/adapter.toml", answer);
