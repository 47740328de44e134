//! Asks the host for what does not exist, in words that mean nothing, and for what is not its own.
//!
//! The host must refuse every row with an error. `get` answers a ticket whose title is `all refused`, or else names
//! the rows that got through.

use usher_villains::raw::{Call, OK, Reply};

/// Capability and header; the body is always `nonsense`.
const QUESTIONS: &[(&str, &str)] = &[
    ("", "{}"),
    ("HTTP", r#"{"call":0,"args":{}}"#),
    ("http", ""),
    ("http", r#"{"call":0,"args":{}}"#),
    ("http", r#"{"call":0,"args":{"method":"CONNECT","url":"https://example.com/"}}"#),
    ("http", r#"{"call":0,"args":{"method":"GET\r\nX-Evil: 1","url":"https://example.com/"}}"#),
    ("http", r#"{"call":0,"args":{"method":"GET","url":"https://not-granted.example/"}}"#),
    ("http", r#"{"call":0,"args":{"method":"GET","url":"file:///etc/passwd"}}"#),
    ("http", r#"{"call":0,"args":{"method":"GET","url":"http://127.0.0.1:1/"}}"#),
    ("http", r#"{"call":0,"args":{"method":"GET","url":"http://169.254.169.254/latest/meta-data/"}}"#),
    ("http", r#"{"call":0,"args":{"method":"GET","url":"https://example.com/","headers":[["Authorization","Bearer x"]]}}"#),
    ("http", r#"{"call":0,"args":{"method":"GET","url":"https://example.com/","headers":[["A\r\nB","c"]]}}"#),
    ("http", r#"{"call":0,"args":{"method":"GET","url":"https://example.com/","headers":[["Host","evil.example"]]}}"#),
    ("http", r#"{"call":0,"args":{"method":"GET","url":"https://example.com/","auth":"no-such-scheme"}}"#),
    ("http", r#"{"call":0,"args":{"method":"GET","url":"https://example.com/","into_sink":1}}"#),
    ("kv.get", r#"{"call":0,"args":{"key":"../../other-connection"}}"#),
    ("kv.set", r#"{"call":0,"args":{"key":""}}"#),
    ("kv.set", r#"{"call":0,"args":{"key":"a\u0000b"}}"#),
    ("sink.write", r#"{"call":0,"args":{"sink":0}}"#),
    ("sink.write", r#"{"call":0,"args":{"sink":1}}"#),
    ("sink.write", r#"{"call":0,"args":{"sink":18446744073709551615}}"#),
    ("sleep", "not json"),
    ("sleep", r#"{"call":0,"args":{"nanos":-1}}"#),
    ("sleep", r#"{"call":0,"args":{"nanos":1e300}}"#),
    ("sleep", r#"{"call":"0","deadline_ms":"never","args":{"nanos":1}}"#),
    ("source.read", r#"{"call":0,"args":{"source":1,"most":18446744073709551615}}"#),
];

async fn answer(call: Call) -> Reply {
    if call.operation != "get" {
        return call.honest();
    }
    let mut through = Vec::new();
    for (row, (capability, header)) in QUESTIONS.iter().enumerate() {
        if call.ask(capability, header, b"nonsense").await.status == OK {
            through.push(format!("{row} {capability}"));
        }
    }
    match through.as_slice() {
        [] => call.titled("all refused"),
        through => call.titled(&format!("got through: {}", through.join(", "))),
    }
}

usher_villains::raw_villain!("asks_nonsense/adapter.toml", answer);
