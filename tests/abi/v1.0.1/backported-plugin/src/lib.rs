//! An adapter that was built against a fork of the ABI: 1.0 with a field of 1.1 in another place.
//!
//! Every host must refuse it after the layout check, before anything is called: `describe` stands where `extension` is.

#![allow(unsafe_code, reason = "as `adapter!` does it")]

#[path = "../../../v1.0/old-plugin/src/record.rs"]
mod record;

use usher_adapter_abi::{
    Adapter, Adapter_TO, AdapterModule, AdapterObject, Entry, HostObject, Reply, STATUS_OK,
    abi_stable::{
        erased_types::TD_Opaque,
        library::LibHeader,
        std_types::{RNone, ROk, ROption, RResult, RSlice, RStr, RString, RVec},
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

#[used]
#[cfg_attr(not(target_vendor = "apple"), unsafe(link_section = ".usher"))]
#[cfg_attr(target_vendor = "apple", unsafe(link_section = "__DATA,__usher"))]
static RECORD: [u8; LENGTH] = record::encode(&TEXTS);

struct Backported;

impl Adapter for Backported {
    fn invoke(&self, _operation: RStr<'_>, _header: RVec<u8>, _body: RVec<u8>) -> FfiFuture<Reply> {
        std::future::ready(reply()).into_ffi()
    }

    fn shutdown(&self) -> FfiFuture<Reply> {
        std::future::ready(reply()).into_ffi()
    }
}

fn reply() -> Reply {
    let body = br#"{"key":"BACKPORTED-1","title":"Nobody should read this"}"#;
    Reply { status: STATUS_OK, header: b"{}".to_vec().into(), body: body.to_vec().into() }
}

extern "C" fn records() -> RVec<u8> {
    RECORD.to_vec().into()
}

extern "C" fn create(_id: RStr<'_>, _config: RVec<u8>, _host: HostObject) -> RResult<AdapterObject, Reply> {
    ROk(Adapter_TO::from_value(Backported, TD_Opaque))
}

extern "C" fn extension(_name: RStr<'_>, _body: RSlice<'_, u8>) -> ROption<RVec<u8>> {
    RNone
}

extern "C" fn describe() -> RString {
    "Nobody should call this".into()
}

impl Entry for Backported {
    fn module() -> AdapterModule {
        AdapterModule { records, create, describe, extension }
    }
}

/// The entry, under the symbol of the real ABI.
#[unsafe(export_name = concat!("usher_abi1_", env!("CARGO_CRATE_NAME")))]
pub static HEADER: LibHeader = library_header::<Backported>();
