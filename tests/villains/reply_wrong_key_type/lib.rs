//! Answers `get` with a ticket whose fields have the wrong types; the number of the key picks the row, from 1.
//!
//! The host must report `response_parse` where the key is wrong, and never panic where it decodes a field later:
//! in a filter, a table column, a template.

use usher_villains::raw::{Call, OK, Reply, reply};

const BODIES: &[&str] = &[
    r#"{"key":42,"title":"a number"}"#,
    r#"{"key":null,"title":"null"}"#,
    r#"{"title":"no key"}"#,
    r#"{"key":"","title":"an empty key"}"#,
    r#"{"key":"../../etc/passwd","title":"a path"}"#,
    r#"{"key":"A-1\u0000\u001b[2J\n","title":"control characters"}"#,
    r#"{"key":"A-1","title":{"not":"text"},"labels":"bug","assignees":{},"status":"open"}"#,
    r#"{"key":"A-1","title":"times","created_at":"yesterday","updated_at":1e400,"due":"2026-99-99"}"#,
];

async fn answer(call: Call) -> Reply {
    match call.operation.as_str() {
        "get" => reply(OK, "{}", call.pick(BODIES)),
        "fetch" => reply(OK, r#"{"count":1}"#, format!("{}\n", BODIES[0])),
        _ => call.honest(),
    }
}

usher_villains::raw_villain!("reply_wrong_key_type/adapter.toml", answer);
