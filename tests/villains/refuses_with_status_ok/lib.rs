//! Refuses to be made, with an error whose status says that all is well.
//!
//! The host must report `adapter_refused`: it has no adapter, whatever the status says.

use usher_adapter_sdk::boundary::{
    self, EntryOf,
    abi::{
        AdapterModule, AdapterObject, Entry, HostObject, Reply,
        abi_stable::std_types::{RErr, RResult, RStr, RVec},
    },
};
use usher_villains::{
    Disguised, Honest,
    raw::{OK, reply},
};

const MANIFEST: (&str, &[u8]) = usher_villains::manifest!("refuses_with_status_ok/adapter.toml");

usher_villains::section!(MANIFEST.1);
usher_villains::adapters!(Adapters {
    id: MANIFEST.0,
    record: MANIFEST.1,
    create: boundary::create::<Disguised<Honest>>,
});

struct Refuses;

extern "C" fn create(_id: RStr<'_>, _config: RVec<u8>, _host: HostObject) -> RResult<AdapterObject, Reply> {
    RErr(reply(OK, "{}", ""))
}

impl Entry for Refuses {
    fn module() -> AdapterModule {
        AdapterModule { create, ..EntryOf::<Adapters>::module() }
    }
}

usher_villains::entry!(Refuses);
