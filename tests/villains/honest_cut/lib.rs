//! Is no villain: its list goes on in three chains, and says of the first that the platform gives no more of it.
//!
//! The host must read the other two to their ends, and say that the list is cut, why, and at which page.

use usher_villains::raw::{Call, OK, Reply, line, reply};

async fn answer(call: Call) -> Reply {
    if call.operation != "fetch" {
        return call.honest();
    }
    let cursor = call.cursor();
    let (rest, number) = match cursor.as_deref() {
        None => (r#","next":["cut","short","long"]"#, 1),
        Some("cut") => (r#","cut":{"loaded":1,"reason":"cap"}"#, 2),
        Some("short") => ("", 3),
        Some("long") => (r#","next":["long-end"]"#, 4),
        Some(_) => ("", 5),
    };
    reply(OK, &format!(r#"{{"count":1{rest}}}"#), format!("{}\n", line(&format!("CUT-{number}"), "A link")))
}

usher_villains::raw_villain!("honest_cut/adapter.toml", answer);
