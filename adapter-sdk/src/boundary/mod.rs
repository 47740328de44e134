//! The adapter's side of the boundary: envelopes in, trait methods called, envelopes out.
//!
//! Nothing here is for authors; it is public for the code that `adapter!` writes and for the host.

mod dispatch;
mod guard;

use std::{cell::Cell, sync::Arc};

use usher_adapter_abi::{
    Adapter_TO, AdapterModule, AdapterModuleRef, AdapterObject, Entry, HostObject, Reply, STATUS_OK,
    abi_stable::{
        erased_types::TD_Opaque,
        std_types::{RNone, ROption, RResult, RSlice, RStr, RVec},
    },
};

pub use guard::{Guarded, catch, install_hook};
pub use inventory;
pub use usher_adapter_abi as abi;
pub use usher_adapter_macros::manifest_record;

use crate::{
    Error, ErrorKind, Result, TicketSystemAdapter, decode,
    host::Host,
    wire::{self, CreateConfig},
};

/// The operation that is being polled on this thread.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct CurrentCall {
    /// The call's number.
    pub id: u64,
    /// When it must be over.
    pub deadline_ms: Option<i64>,
}

thread_local! {
    static CURRENT: Cell<Option<CurrentCall>> = const { Cell::new(None) };
}

/// Returns the operation that is being polled on this thread.
pub(crate) fn current_call() -> Option<CurrentCall> {
    CURRENT.get()
}

/// Makes a call the current one while something runs.
pub(crate) fn with_call<T>(call: CurrentCall, run: impl FnOnce() -> T) -> T {
    struct Restore(Option<CurrentCall>);
    impl Drop for Restore {
        fn drop(&mut self) {
            CURRENT.set(self.0);
        }
    }
    let _restore = Restore(CURRENT.replace(Some(call)));
    run()
}

/// The adapters of one crate, as `adapter!` declares them.
pub trait AdapterSet: 'static {
    /// Each adapter's id, its manifest record, and how it is made.
    const ADAPTERS: &'static [AdapterEntry];
}

/// One adapter of a crate.
#[derive(Clone, Copy)]
pub struct AdapterEntry {
    /// The id from its manifest.
    pub id: &'static str,
    /// Its manifest record.
    pub record: &'static [u8],
    /// Its manifest as the build checked it, for the program that it is linked into; see `Manifest::from_binary`.
    pub checked: &'static [u8],
    /// Makes it for one connection.
    pub create: fn(&[u8], HostObject) -> Result<AdapterObject>,
}

/// A crate of adapters that is linked into the running program.
pub struct BuiltIn {
    /// Each adapter's id, its manifest record, and how it is made.
    pub adapters: &'static [AdapterEntry],
    /// The module, the same that a library of the crate would export.
    pub module: fn() -> AdapterModuleRef,
}

inventory::collect!(BuiltIn);

/// The entry of the crate that declared the set.
pub struct EntryOf<S>(std::marker::PhantomData<S>);

impl<S: AdapterSet> Entry for EntryOf<S> {
    fn module() -> AdapterModule {
        install_hook();
        AdapterModule { records: records::<S>, create: create_by_id::<S>, extension }
    }
}

extern "C" fn records<S: AdapterSet>() -> RVec<u8> {
    S::ADAPTERS.iter().flat_map(|adapter| adapter.record.iter().copied()).collect()
}

extern "C" fn create_by_id<S: AdapterSet>(
    id: RStr<'_>,
    config: RVec<u8>,
    host: HostObject,
) -> RResult<AdapterObject, Reply> {
    let created = match S::ADAPTERS.iter().find(|adapter| adapter.id == id.as_str()) {
        Some(adapter) => catch("create", || (adapter.create)(&config, host)).and_then(|created| created),
        None => Err(Error::new(ErrorKind::AdapterRefused, format!("this library has no adapter `{id}`"))),
    };
    match created {
        Ok(adapter) => RResult::ROk(adapter),
        Err(error) => RResult::RErr(reply_of(&error)),
    }
}

/// There is no extension yet: every name is unknown.
extern "C" fn extension(_name: RStr<'_>, _body: RSlice<'_, u8>) -> ROption<RVec<u8>> {
    RNone
}

/// Makes an adapter for one connection.
pub fn create<A: TicketSystemAdapter>(config: &[u8], host: HostObject) -> Result<AdapterObject> {
    let config: CreateConfig = decode::json(config)?;
    let host = Host::new(host, config.connection);
    let name = host.connection().name.clone();
    let options: A::Config = config.options.decode().map_err(|error| {
        Error::new(ErrorKind::Configuration, format!("options of connection `{name}`: {}", error.message()))
            .with_hint(format!("Look at `[connections.{name}.options]`."))
    })?;
    let adapter = A::new(options, host.clone())?;
    let instance = dispatch::Instance::new(Arc::new(adapter), host);
    Ok(Adapter_TO::from_value(instance, TD_Opaque))
}

/// Returns an error as it crosses the boundary.
pub fn reply_of(error: &Error) -> Reply {
    Reply { status: error.kind().number(), header: wire::to_json(error).into(), body: RVec::new() }
}

/// Returns a success as it crosses the boundary.
pub fn reply_ok(header: Vec<u8>, body: Vec<u8>) -> Reply {
    Reply { status: STATUS_OK, header: header.into(), body: body.into() }
}

/// Reads an error that crossed the boundary; the number decides its kind.
pub fn error_of(status: u32, header: &[u8]) -> Error {
    match decode::json::<Error>(header) {
        Ok(error) if error.kind().number() == status => error,
        Ok(error) => {
            let kind = ErrorKind::from_number(status).unwrap_or(ErrorKind::Platform);
            Error::new(kind, error.message())
        }
        Err(_) => Error::new(
            ErrorKind::ResponseParse,
            format!("the other side of the boundary answered status {status} without a readable error"),
        ),
    }
}
