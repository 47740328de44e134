//! Logs on levels that do not exist, with control characters, lines that look like the host's, much too much, and
//! bytes without end.
//!
//! The host must answer the ticket; each message is one line on stderr, cut to a length, without control characters
//! and under the adapter's name, and a flood is thinned out.

use usher_villains::{
    raw::{Call, Reply},
    sdk::boundary::abi::abi_stable::std_types::RStr,
};

const LEVELS: &[u32] = &[0, 1, 6, 99, u32::MAX];

const MESSAGES: &[&str] = &[
    "",
    "\u{1b}[2J\u{1b}]0;owned\u{7}cleared your screen",
    "first line\nerror: configuration: everything is lost\r\nthird line",
    "\u{202e}sdrawkcab\u{0}\u{8}\u{8}\u{7f}",
];

async fn answer(call: Call) -> Reply {
    for level in LEVELS {
        for message in MESSAGES {
            call.host.log(*level, RStr::from_str(message));
        }
    }
    for number in 0..10_000 {
        call.host.log(1, RStr::from_str(&format!("flood {number}")));
    }
    call.host.log(1, RStr::from_str(&"endless ".repeat(1 << 20)));
    call.honest()
}

usher_villains::raw_villain!("logs_nonsense/adapter.toml", answer);
