//! Is no villain: after the first page its list goes on in two chains of two pages, of which one page is empty.
//!
//! The host must follow each chain to its end, and list the tickets in the order of the cursors.

use usher_villains::raw::{Call, OK, Reply, line, reply};

async fn answer(call: Call) -> Reply {
    if call.operation != "fetch" {
        return call.honest();
    }
    let cursor = call.cursor();
    let (next, number) = match cursor.as_deref() {
        None => (r#","next":["left","right"]"#, Some(1)),
        Some("left") => (r#","next":["left-end"]"#, Some(2)),
        Some("right") => (r#","next":["right-end"]"#, None),
        Some("left-end") => ("", Some(3)),
        Some(_) => ("", Some(4)),
    };
    let lines = number.map(|number| format!("{}\n", line(&format!("CHAIN-{number}"), "A link"))).unwrap_or_default();
    reply(OK, &format!(r#"{{"count":{}{next}}}"#, u8::from(number.is_some())), lines)
}

usher_villains::raw_villain!("honest_chains/adapter.toml", answer);
