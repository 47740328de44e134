//! Answers `get` with a body that is no ticket; the number of the key picks the row, from 1.
//!
//! The host must report `response_parse` for every row, print none of it, and store none of it.

use usher_villains::raw::{Call, OK, Reply, reply};

const BODIES: &[&[u8]] = &[
    b"this is not JSON",
    b"",
    b" ",
    b"{}",
    b"[]",
    b"[\"A-1\",\"a list that reads as a struct\"]",
    b"null",
    b"\"text\"",
    b"{\"key\":\"A-1\",\"title\":\"cut o",
    b"{\"key\":\"A-1\",\"title\":\"followed\"}{\"key\":\"A-2\"}",
    b"{\"key\":\"A-1\",\"title\":\"comma\",}",
    b"{\"key\":\"A-1\",\"title\":NaN}",
    b"{\"key\":\"A-1\",\"title\":\"not UTF-8 \xff\xfe\"}",
    b"{\"key\":\"A-1\",\"title\":\"half a pair \\ud800\"}",
    b"{\"key\":\"A-1\",\"title\":\"a control \x1b[2J character\"}",
    b"\xef\xbb\xbf{\"key\":\"A-1\",\"title\":\"byte order mark\"}",
    b"{\"key\":\"A-1\",\"title\":\"closed early\"},\"connection\":\"evil\"}",
];

async fn answer(call: Call) -> Reply {
    match call.operation.as_str() {
        "get" => reply(OK, "{}", call.pick(BODIES)),
        "fetch" => reply(OK, r#"{"count":1}"#, *b"this is not JSON\n"),
        _ => call.honest(),
    }
}

usher_villains::raw_villain!("reply_not_json/adapter.toml", answer);
