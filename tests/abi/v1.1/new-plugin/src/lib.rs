//! An adapter of a later time, built against ABI 1.1 by hand.
//!
//! It uses what 1.1 has where the host has it, and does without where it has not; it knows an operation more, and writes
//! tickets with fields and words, and headers with fields, that 1.0 does not know. A host of 1.0 must load it.

#![allow(unsafe_code, reason = "as `adapter!` does it")]

#[path = "../../../v1.0/old-plugin/src/record.rs"]
mod record;

use serde_json::{Value, json};
use usher_adapter_abi::{
    Adapter, Adapter_TO, AdapterModule, AdapterObject, Entry, HostObject, Reply, STATUS_OK,
    abi_stable::{
        erased_types::TD_Opaque,
        library::LibHeader,
        std_types::{RNone, ROk, ROption, RResult, RSlice, RSome, RStr, RString, RVec},
    },
    async_ffi::{FfiFuture, FutureExt},
    library_header,
};

const TEXTS: [&str; 5] = [
    env!("CARGO_CRATE_NAME"),
    env!("CARGO_PKG_NAME"),
    env!("CARGO_PKG_VERSION"),
    "1.1.0",
    include_str!("../adapter.toml"),
];
const LENGTH: usize = record::length(&TEXTS);

/// The number of the error kind `unsupported`.
const UNSUPPORTED: u32 = 16;

#[used]
#[cfg_attr(not(target_vendor = "apple"), unsafe(link_section = ".usher"))]
#[cfg_attr(target_vendor = "apple", unsafe(link_section = "__DATA,__usher"))]
static RECORD: [u8; LENGTH] = record::encode(&TEXTS);

struct New {
    host: HostObject,
}

impl Adapter for New {
    fn invoke(&self, operation: RStr<'_>, header: RVec<u8>, _body: RVec<u8>) -> FfiFuture<Reply> {
        let answer = match operation.as_str() {
            "get" => self.get(&header),
            "fetch" => self.fetch(),
            "summarize" => reply(STATUS_OK, &json!({}), "What 1.0 cannot ask for"),
            other => unsupported(other),
        };
        std::future::ready(answer).into_ffi()
    }

    fn shutdown(&self) -> FfiFuture<Reply> {
        std::future::ready(reply(STATUS_OK, &json!({}), "")).into_ffi()
    }

    fn health(&self) -> ROption<RString> {
        RSome("well".into())
    }
}

impl New {
    fn get(&self, header: &[u8]) -> Reply {
        let header: Value = serde_json::from_slice(header).unwrap_or_default();
        let key = header["args"]["key"].as_str().unwrap_or("UNREADABLE-1");
        reply(STATUS_OK, &json!({ "etag": "of-1.1", "freshness": { "age_s": 3 } }), &self.ticket(key).to_string())
    }

    fn fetch(&self) -> Reply {
        let lines: String = ["NEW-1", "NEW-2"].map(|key| format!("{}\n", self.ticket(key))).concat();
        reply(STATUS_OK, &json!({ "count": 2, "mood_of_the_page": "grim" }), &lines)
    }

    fn ticket(&self, key: &str) -> Value {
        let region = match self.host.region() {
            RSome(region) => format!("from {region}"),
            RNone => "from a host that does not tell where it is".to_owned(),
        };
        json!({
            "key": key,
            "native_id": key,
            "title": format!("A ticket of 1.1 {region}"),
            "type": { "level": "saga", "native": { "name": "Saga" } },
            "status": { "category": "marinating", "is_open": true, "native": { "name": "Marinating", "since": "noon" } },
            "priority": { "level": "cosmic", "native": { "name": "Cosmic", "colour": "#000" } },
            "sentiment": { "mood": "grim", "votes": [1, 2, 3] },
            "created_at": "2027-01-02T03:04:05Z",
        })
    }
}

fn unsupported(operation: &str) -> Reply {
    let message = format!("this adapter does not know {operation}");
    reply(UNSUPPORTED, &json!({ "kind": "unsupported", "message": message, "blame": "nobody" }), "")
}

fn reply(status: u32, header: &Value, body: &str) -> Reply {
    Reply { status, header: header.to_string().into_bytes().into(), body: body.as_bytes().to_vec().into() }
}

extern "C" fn records() -> RVec<u8> {
    RECORD.to_vec().into()
}

extern "C" fn create(_id: RStr<'_>, _config: RVec<u8>, host: HostObject) -> RResult<AdapterObject, Reply> {
    ROk(Adapter_TO::from_value(New { host }, TD_Opaque))
}

extern "C" fn extension(_name: RStr<'_>, _body: RSlice<'_, u8>) -> ROption<RVec<u8>> {
    RNone
}

extern "C" fn describe() -> RString {
    "An adapter of a later time".into()
}

impl Entry for New {
    fn module() -> AdapterModule {
        AdapterModule { records, create, extension, describe }
    }
}

/// The entry, under the symbol of ABI 1.
#[unsafe(export_name = concat!("usher_abi1_", env!("CARGO_CRATE_NAME")))]
pub static HEADER: LibHeader = library_header::<New>();
