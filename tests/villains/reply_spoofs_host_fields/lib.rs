//! Writes what is the host's to say into its ticket; the number of the key picks the row, from 1.
//!
//! The host must answer with its own `uid`, `platform`, `connection`, `provenance` and `schema_version`, each exactly
//! once, however their names were spelled, or report `response_parse`.

use usher_villains::raw::{Call, OK, Reply, reply};

const BODIES: &[&str] = &[
    r#"{"connection":"evil","uid":"evil:A-1","platform":"evil","schema_version":99,"key":"A-1","title":"first"}"#,
    r#"{"key":"A-1","title":"last","connection":"evil","uid":"evil:A-1","provenance":{"adapter":"evil"}}"#,
    r#"{"key":"A-1","title":"escaped","connec\u0074ion":"evil","\u0075id":"evil:A-1"}"#,
    r#"{"key":"A-1","title":"spaced" , "connection" : "evil" , "uid":"evil:A-1"}"#,
    r#"{"connection":"evil","connection":"worse","key":"A-1","title":"twice"}"#,
    r#"{"key":"A-1","title":"taken away","connection":null,"uid":null,"platform":null,"provenance":null}"#,
    r#"{"key":"A-1","key":"A-2","title":"two keys"}"#,
    r#"{"key":"A-1","title":"the host's own answer","answer":{"cache":"hit"},"errors":[],"completeness":{}}"#,
];

async fn answer(call: Call) -> Reply {
    match call.operation.as_str() {
        "get" => reply(OK, "{}", call.pick(BODIES)),
        "fetch" => reply(OK, r#"{"count":1}"#, format!("{}\n", BODIES[0])),
        _ => call.honest(),
    }
}

usher_villains::raw_villain!("reply_spoofs_host_fields/adapter.toml", answer);
