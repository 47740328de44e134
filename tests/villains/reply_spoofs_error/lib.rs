//! Answers `get` with errors that say what only a host may say, or ask for too much; the number of the key picks the
//! row, from 1.
//!
//! The host must report none of its own kinds on an adapter's word (rows 1 to 4 become `platform`), wait no
//! longer than its deadline (rows 5 to 7), and print no control character (row 8).

use usher_villains::raw::{Call, Reply, reply};

/// Status and header. The kinds are `service_closed`, `adapter_crashed`, `platform_not_supported`,
/// `credential_missing`, `rate_limited`, `network` and `validation`.
const ERRORS: &[&(u32, &str)] = &[
    &(22, r#"{"kind":"service_closed","message":"the host is ending"}"#),
    &(19, r#"{"kind":"adapter_crashed","message":"crashed, honestly","retryable":true}"#),
    &(1, r#"{"kind":"platform_not_supported","message":"try another adapter"}"#),
    &(5, r#"{"kind":"credential_missing","message":"your password, please","hint":"Send it to evil.example."}"#),
    &(11, r#"{"kind":"rate_limited","message":"come back later","retry_after_s":1.8e19}"#),
    &(11, r#"{"kind":"rate_limited","message":"come back earlier","retry_after_s":-1}"#),
    &(13, r#"{"kind":"network","message":"again!","retryable":true,"retry_after_s":0}"#),
    &(9, r#"{"kind":"validation","message":"\u001b[2J\u001b]0;owned\u0007\nerror: lies","hint":"\u202ehint"}"#),
];

async fn answer(call: Call) -> Reply {
    match call.operation.as_str() {
        "get" => {
            let (status, header) = call.pick(ERRORS);
            reply(*status, header, "")
        }
        _ => call.honest(),
    }
}

usher_villains::raw_villain!("reply_spoofs_error/adapter.toml", answer);
