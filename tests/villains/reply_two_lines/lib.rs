//! Answers `get` with more than one line; the number of the key picks the row, from 1.
//!
//! The host must print one line for one ticket: it reports `response_parse`, or rewrites the first three rows as the
//! one ticket that they are. The last two are two tickets and always refused.

use usher_villains::raw::{Call, OK, Reply, reply};

const BODIES: &[&str] = &[
    "{\"key\":\"A-1\",\n\"title\":\"a line break inside\"}",
    "{\"key\":\"A-1\",\r\"title\":\"a carriage return inside\"}",
    "\n\n{\"key\":\"A-1\",\"title\":\"empty lines before\"}\n\n",
    "{\"key\":\"A-1\",\"title\":\"first\"}\n{\"key\":\"A-2\",\"title\":\"second\"}",
    "{\"key\":\"A-1\",\"title\":\"first\"}\n{\"errors\":[],\"completeness\":[]}\n",
];

async fn answer(call: Call) -> Reply {
    match call.operation.as_str() {
        "get" => reply(OK, "{}", call.pick(BODIES)),
        "fetch" => reply(OK, r#"{"count":1}"#, format!("{}\n", BODIES[0])),
        _ => call.honest(),
    }
}

usher_villains::raw_villain!("reply_two_lines/adapter.toml", answer);
