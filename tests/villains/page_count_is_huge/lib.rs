//! Says that more tickets follow than any memory holds, of a total that is larger still.
//!
//! The host must report `response_parse`; it must allocate nothing on the word of a header.

use usher_villains::raw::{Call, OK, Reply, line, reply};

async fn answer(call: Call) -> Reply {
    const HEAD: &str = r#"{"count":18446744073709551615,"total":18446744073709551615}"#;
    match call.operation.as_str() {
        "fetch" => reply(OK, HEAD, line("FETCHED-1", "The only one") + "\n"),
        _ => call.honest(),
    }
}

usher_villains::raw_villain!("page_count_is_huge/adapter.toml", answer);
