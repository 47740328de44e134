//! A fork of the ABI: 1.0 with a field of 1.1, ported back to a patch release and put in another place than 1.1 has it.

#![allow(unsafe_code, reason = "as in the original")]
#![allow(non_local_definitions, reason = "`sabi_trait` of abi_stable 0.11 expands to such impls")]
#![allow(missing_docs, reason = "the derives of abi_stable make items that cannot carry a comment")]

pub use abi_stable;
pub use async_ffi;

use abi_stable::{
    StableAbi,
    library::{CheckTypeLayout, LibHeader, RootModule, RootModuleResult},
    package_version_strings,
    prefix_type::{PrefixRefTrait, PrefixTypeTrait},
    sabi_trait,
    sabi_types::VersionStrings,
    std_types::{RBox, ROption, RResult, RSlice, RStr, RString, RVec},
};
use async_ffi::FfiFuture;

/// The major version of this ABI; it is part of the entry symbol's name.
pub const ABI_MAJOR: u32 = 1;

/// What the entry symbol of every adapter library begins with; the crate's name follows.
pub const ENTRY_SYMBOL_PREFIX: &str = "usher_abi1_";

/// The status of a [`Reply`] that is not an error; every other number is an error kind of the SDK.
pub const STATUS_OK: u32 = 0;

/// What comes back over the boundary, in either direction.
#[repr(C)]
#[derive(StableAbi, Debug, Clone)]
pub struct Reply {
    /// [`STATUS_OK`], or the number of an error kind; then `header` is the error as JSON.
    pub status: u32,
    /// JSON: what is small and structured.
    pub header: RVec<u8>,
    /// Bytes that are passed through unread: ticket lines, documents, parts of files.
    pub body: RVec<u8>,
}

/// One adapter, created for one connection.
#[sabi_trait]
pub trait Adapter: Send + Sync + 'static {
    /// Starts the operation named `operation` and returns its future.
    fn invoke(&self, operation: RStr<'_>, header: RVec<u8>, body: RVec<u8>) -> FfiFuture<Reply>;

    /// Ends the adapter's work; it is called once, and nothing follows it.
    #[sabi(last_prefix_field)]
    fn shutdown(&self) -> FfiFuture<Reply>;
}

/// What the host does for one connection's adapter.
#[sabi_trait]
pub trait Host: Send + Sync + 'static {
    /// Asks for a capability (`http`, `sleep`, `kv.get`, …) and returns the future of its answer.
    fn invoke(&self, capability: RStr<'_>, header: RVec<u8>, body: RVec<u8>) -> FfiFuture<Reply>;

    /// Writes one line to the host's log; levels are 1 error, 2 warning, 3 information, 4 debug, 5 trace.
    fn log(&self, level: u32, message: RStr<'_>);

    /// Returns the time in nanoseconds since 1970-01-01T00:00:00Z.
    fn now(&self) -> i64;

    /// Says whether this host knows a capability by that name.
    #[sabi(last_prefix_field)]
    fn supports(&self, capability: RStr<'_>) -> bool;
}

/// An adapter as it crosses the boundary.
pub type AdapterObject = Adapter_TO<RBox<()>>;

/// A host as it crosses the boundary.
pub type HostObject = Host_TO<RBox<()>>;

/// What every adapter library offers.
#[repr(C)]
#[derive(StableAbi)]
#[sabi(kind(Prefix(prefix_ref = AdapterModuleRef, prefix_fields = AdapterModulePrefix)))]
#[sabi(missing_field(panic))]
pub struct AdapterModule {
    /// Returns the manifest records of the library's adapters, as its running code has them.
    pub records: extern "C" fn() -> RVec<u8>,
    /// Creates the adapter with that id for one connection; the bytes are its configuration as JSON.
    pub create: extern "C" fn(RStr<'_>, RVec<u8>, HostObject) -> RResult<AdapterObject, Reply>,
    /// A field of 1.1, where 1.1 does not have it.
    pub describe: extern "C" fn() -> RString,
    /// The door for what this version does not know yet: a name and bytes in, bytes out if it is known.
    #[sabi(last_prefix_field)]
    pub extension: extern "C" fn(RStr<'_>, RSlice<'_, u8>) -> ROption<RVec<u8>>,
}

impl RootModule for AdapterModuleRef {
    abi_stable::declare_root_module_statics! {AdapterModuleRef}
    const BASE_NAME: &'static str = "usher_adapter";
    const NAME: &'static str = "usher adapter";
    const VERSION_STRINGS: VersionStrings = package_version_strings!();
}

/// A crate that offers adapters; implemented by the SDK for the type that `adapter!` declares.
pub trait Entry: 'static {
    /// Returns the module of the crate.
    fn module() -> AdapterModule;
}

/// Returns the module of a crate that is linked in.
pub fn linked<E: Entry>() -> AdapterModuleRef {
    E::module().leak_into_prefix()
}

/// Returns the header that a library exports under its entry symbol.
pub const fn library_header<E: Entry>() -> LibHeader {
    // SAFETY: `construct` returns an erased `AdapterModuleRef`, the type named here.
    unsafe { LibHeader::from_constructor::<AdapterModuleRef>(construct::<E>, CheckTypeLayout::Yes) }
}

extern "C" fn construct<E: Entry>() -> RootModuleResult {
    let module = match std::panic::catch_unwind(linked::<E>) {
        Ok(module) => module.to_prefix_ref(),
        Err(_) => return RResult::RErr(abi_stable::library::RootModuleError::Unwound),
    };
    // SAFETY: the reference is only ever cast back to `AdapterModuleRef`, from which it was made.
    RResult::ROk(unsafe { module.cast() })
}
