//! Its library header carries no type layout, as abi_stable allows.
//!
//! The host must report `adapter_refused`: without a layout nothing can be checked.

#![allow(unsafe_code, reason = "the SDK makes only headers with a layout")]

use usher_adapter_sdk::boundary::{
    self, EntryOf,
    abi::{
        AdapterModuleRef,
        abi_stable::{
            library::{CheckTypeLayout, LibHeader, RootModuleResult},
            prefix_type::PrefixRefTrait,
            std_types::ROk,
        },
        linked,
    },
};
use usher_villains::{Disguised, Honest};

const MANIFEST: (&str, &[u8]) = usher_villains::manifest!("no_layout/adapter.toml");

usher_villains::section!(MANIFEST.1);
usher_villains::adapters!(Adapters {
    id: MANIFEST.0,
    record: MANIFEST.1,
    create: boundary::create::<Disguised<Honest>>,
});

extern "C" fn construct() -> RootModuleResult {
    // SAFETY: the reference is only ever cast back to `AdapterModuleRef`, from which it was made.
    ROk(unsafe { linked::<EntryOf<Adapters>>().to_prefix_ref().cast() })
}

/// The header without a layout.
#[unsafe(export_name = concat!("usher_abi1_", env!("CARGO_CRATE_NAME")))]
pub static HEADER: LibHeader =
    // SAFETY: `construct` returns an erased `AdapterModuleRef`, the type named here.
    unsafe { LibHeader::from_constructor::<AdapterModuleRef>(construct, CheckTypeLayout::No) };
