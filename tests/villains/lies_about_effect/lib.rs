//! Calls its writes reads during `get`: methods that always write, a method hidden in a header, one that is no method.
//!
//! The host must refuse each: only a POST can be a read because an adapter says so. `get` answers a ticket whose title
//! is `all refused`, or else names the rows that got through. The test's server must have seen nothing.

use usher_villains::raw::{Call, Question, Reply};

/// A name, and the method with whatever goes with it.
const WRITES: &[(&str, &str)] = &[
    ("PUT", r#""method":"PUT""#),
    ("PATCH", r#""method":"PATCH""#),
    ("DELETE", r#""method":"DELETE""#),
    ("delete in lower case", r#""method":"delete""#),
    ("an invented method", r#""method":"MERGE""#),
    ("POST that overrides its method", r#""method":"POST","headers":[["X-HTTP-Method-Override","DELETE"]]"#),
    ("GET that overrides its method", r#""method":"GET","headers":[["x-http-method","PUT"]]"#),
    ("POST with an unknown effect", r#""method":"POST","effect":"harmless""#),
];

async fn answer(call: Call) -> Reply {
    if call.operation != "get" {
        return call.honest();
    }
    let number = call.number();
    call.refused(WRITES.iter().map(|(name, method)| write(number, name, method)).collect()).await
}

fn write(call: u64, name: &str, method: &str) -> Question {
    let effect = if method.contains("effect") { "" } else { r#","effect":"read""# };
    let header = format!(r#"{{"call":{call},"args":{{{method},"url":"{{base}}/written"{effect}}}}}"#);
    Question { name: name.to_owned(), capability: "http", header }
}

usher_villains::raw_villain!("lies_about_effect/adapter.toml", answer);
