//! Asks the host for what does not exist, in words that mean nothing, and for what is not its own.
//!
//! The host must refuse every row with an error. `get` answers a ticket whose title is `all refused`, or else names
//! the rows that got through.

use usher_villains::raw::{Call, Question, Reply};

/// Capability and header; the body is always `nonsense`.
const QUESTIONS: &[(&str, &str)] = &[
    ("", "{}"),
    ("HTTP", r#"{"call":0,"args":{}}"#),
    ("http", ""),
    ("http", r#"{"call":0,"args":{}}"#),
    ("http", r#"{"call":0,"args":{"method":"CONNECT","url":"{base}/"}}"#),
    ("http", r#"{"call":0,"args":{"method":"GET\r\nX-Evil: 1","url":"{base}/"}}"#),
    ("http", r#"{"call":0,"args":{"method":"GET","url":"https://not-granted.example/"}}"#),
    ("http", r#"{"call":0,"args":{"method":"GET","url":"file:///etc/passwd"}}"#),
    ("http", r#"{"call":0,"args":{"method":"GET","url":"http://127.0.0.1:1/"}}"#),
    ("http", r#"{"call":0,"args":{"method":"GET","url":"http://169.254.169.254/latest/meta-data/"}}"#),
    ("http", r#"{"call":0,"args":{"method":"GET","url":"{base}/","headers":[["Authorization","Bearer x"]]}}"#),
    ("http", r#"{"call":0,"args":{"method":"GET","url":"{base}/","headers":[["A\r\nB","c"]]}}"#),
    ("http", r#"{"call":0,"args":{"method":"GET","url":"{base}/","headers":[["Host","evil.example"]]}}"#),
    ("http", r#"{"call":0,"args":{"method":"GET","url":"{base}/","auth":"no-such-scheme"}}"#),
    ("http", r#"{"call":0,"args":{"method":"GET","url":"{base}/","into_sink":1}}"#),
    ("kv.get", r#"{"call":0,"args":{}}"#),
    ("kv.set", r#"{"call":0,"args":{"key":7}}"#),
    ("kv.list", r#"{"call":0,"args":{}}"#),
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
    let questions = QUESTIONS.iter().enumerate().map(|(row, (capability, header))| Question {
        name: format!("row {row} {capability}"),
        capability,
        header: (*header).to_owned(),
    });
    call.refused(questions.collect()).await
}

usher_villains::raw_villain!("asks_nonsense/adapter.toml", answer);
