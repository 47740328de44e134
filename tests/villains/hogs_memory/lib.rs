//! Takes memory in `get` and never gives it back: key 1 until it is refused, key 2 without asking whether there is any.
//!
//! The host must answer key 1 with a title that says how much there was, or report `adapter_crashed`; key 2 it must
//! report as `adapter_crashed`. Other keys are answered. It takes no more than 16 GiB.

use std::sync::Mutex;

use usher_villains::raw::{Call, Reply};

const BLOCK: usize = 64 << 20;
const MOST: usize = (16 << 30) / BLOCK;

static TAKEN: Mutex<Vec<Vec<u8>>> = Mutex::new(Vec::new());

async fn answer(call: Call) -> Reply {
    let Ok(mut taken) = TAKEN.lock() else {
        return call.honest();
    };
    match (call.operation.as_str(), call.number_of_key()) {
        ("get", 1) => {
            while taken.len() < MOST {
                let mut block = Vec::new();
                if block.try_reserve_exact(BLOCK).is_err() {
                    break;
                }
                // Memory is there only once it is written to.
                block.resize(BLOCK, 1);
                taken.push(block);
            }
            call.titled(&format!("took {} MiB", (taken.len() * BLOCK) >> 20))
        }
        ("get", 2) => {
            while taken.len() < MOST {
                taken.push(vec![1; BLOCK]);
            }
            call.titled("took everything")
        }
        _ => call.honest(),
    }
}

usher_villains::raw_villain!("hogs_memory/adapter.toml", answer);
