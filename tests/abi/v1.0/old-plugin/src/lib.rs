//! An adapter as it was built when there was only 1.0, by hand and without the SDK. FROZEN, like the ABI beside it.
//!
//! It answers `get` and `fetch` with JSON as of 1.0, and to every other operation that it does not know it. Every later
//! host must load it.

#![allow(unsafe_code, reason = "as `adapter!` does it")]

mod record;

use serde_json::{Value, json};
use usher_adapter_abi::{
    Adapter, Adapter_TO, AdapterModule, AdapterObject, Entry, HostObject, Reply, STATUS_OK,
    abi_stable::{
        erased_types::TD_Opaque,
        library::LibHeader,
        std_types::{RNone, ROk, ROption, RResult, RSlice, RStr, RVec},
    },
    async_ffi::{FfiFuture, FutureExt},
    library_header,
};

const TEXTS: [&str; 5] = [
    env!("CARGO_CRATE_NAME"),
    env!("CARGO_PKG_NAME"),
    env!("CARGO_PKG_VERSION"),
    "1.0.0",
    include_str!("../adapter.toml"),
];
const LENGTH: usize = record::length(&TEXTS);

/// The number of the error kind `unsupported`.
const UNSUPPORTED: u32 = 16;

#[used]
#[cfg_attr(not(target_vendor = "apple"), unsafe(link_section = ".usher"))]
#[cfg_attr(target_vendor = "apple", unsafe(link_section = "__DATA,__usher"))]
static RECORD: [u8; LENGTH] = record::encode(&TEXTS);

struct Old;

impl Adapter for Old {
    fn invoke(&self, operation: RStr<'_>, header: RVec<u8>, _body: RVec<u8>) -> FfiFuture<Reply> {
        let answer = match operation.as_str() {
            "get" => get(&header),
            "fetch" => fetch(),
            other => unsupported(other),
        };
        std::future::ready(answer).into_ffi()
    }

    fn shutdown(&self) -> FfiFuture<Reply> {
        std::future::ready(reply(STATUS_OK, &json!({}), "")).into_ffi()
    }
}

fn get(header: &[u8]) -> Reply {
    let header: Value = serde_json::from_slice(header).unwrap_or_default();
    let key = header["args"]["key"].as_str().unwrap_or("UNREADABLE-1");
    reply(STATUS_OK, &json!({ "etag": "of-1.0" }), &ticket(key).to_string())
}

fn fetch() -> Reply {
    let lines: String = ["OLD-1", "OLD-2"].map(|key| format!("{}\n", ticket(key))).concat();
    reply(STATUS_OK, &json!({ "count": 2 }), &lines)
}

fn ticket(key: &str) -> Value {
    json!({
        "key": key,
        "native_id": key,
        "title": "A ticket as of 1.0",
        "status": { "category": "in_progress", "is_open": true, "native": { "name": "Doing" } },
        "labels": ["old"],
        "created_at": "2025-11-03T09:00:00Z",
    })
}

fn unsupported(operation: &str) -> Reply {
    let message = format!("this adapter does not know {operation}");
    reply(UNSUPPORTED, &json!({ "kind": "unsupported", "message": message }), "")
}

fn reply(status: u32, header: &Value, body: &str) -> Reply {
    Reply { status, header: header.to_string().into_bytes().into(), body: body.as_bytes().to_vec().into() }
}

extern "C" fn records() -> RVec<u8> {
    RECORD.to_vec().into()
}

extern "C" fn create(_id: RStr<'_>, _config: RVec<u8>, _host: HostObject) -> RResult<AdapterObject, Reply> {
    ROk(Adapter_TO::from_value(Old, TD_Opaque))
}

extern "C" fn extension(_name: RStr<'_>, _body: RSlice<'_, u8>) -> ROption<RVec<u8>> {
    RNone
}

impl Entry for Old {
    fn module() -> AdapterModule {
        AdapterModule { records, create, extension }
    }
}

/// The entry, under the symbol of ABI 1.
#[unsafe(export_name = concat!("usher_abi1_", env!("CARGO_CRATE_NAME")))]
pub static HEADER: LibHeader = library_header::<Old>();
