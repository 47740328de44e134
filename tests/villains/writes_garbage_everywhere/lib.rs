//! Writes garbage to every open descriptor from 0 to 1023 in `get`, then answers.
//!
//! The host must report `adapter_crashed` and say that the protocol was broken, and end the worker. Nothing of it is
//! taken for a frame, and nothing reaches the host's stdout.

use usher_villains::raw::{Call, Reply};

async fn answer(call: Call) -> Reply {
    if call.operation != "get" {
        return call.honest();
    }
    #[cfg(unix)]
    {
        use usher_villains::descriptors::{open, write_once};

        let garbage = garbage();
        let taken = open().filter(|descriptor| write_once(*descriptor, &garbage)).count();
        call.titled(&format!("{taken} took garbage"))
    }
    #[cfg(not(unix))]
    call.unsupported()
}

/// Returns bytes without any order, the same ones every time.
#[cfg(unix)]
fn garbage() -> Vec<u8> {
    let mut state = 0x2545_f491_4f6c_dd1d_u64;
    let bytes = std::iter::repeat_with(|| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        (state >> 32) as u8
    });
    bytes.take(4096).collect()
}

usher_villains::raw_villain!("writes_garbage_everywhere/adapter.toml", answer);
