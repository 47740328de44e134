//! A host of a later time: opens the library that is named, asks the adapter of that id a little, and prints what came back.
//!
//! The loader is the real one, compiled against ABI 1.1. Everything else here is as small as it can be.

#[path = "../../../../../host/src/registry/loader.rs"]
mod loader;

use std::{
    env, fs,
    path::Path,
    pin::pin,
    sync::Arc,
    task::{Context, Poll, Wake, Waker},
    thread::{self, Thread},
};

use serde_json::json;
use usher_adapter_abi::{
    ENTRY_SYMBOL_PREFIX, Host, Host_TO, HostObject, Reply,
    abi_stable::{
        erased_types::TD_Opaque,
        std_types::{RErr, ROk, ROption, RSome, RStr, RString, RVec},
    },
    async_ffi::{FfiFuture, FutureExt},
};
use usher_adapter_sdk::{Error, ErrorKind, Result};

/// What a manifest record begins with.
const MAGIC: &[u8] = b"USHERMF1";

/// The number of the error kind `unsupported`.
const UNSUPPORTED: u32 = 16;

fn main() {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let code = match arguments.as_slice() {
        [library, id, key] => match run(Path::new(library), id, key) {
            Ok(()) => 0,
            Err(error) => {
                eprintln!("{error}");
                9
            }
        },
        _ => {
            eprintln!("usage: new-host LIBRARY ID KEY");
            2
        }
    };
    // Foreign code was loaded: its handlers for the end of the process do not run.
    loader::exit_without_cleanup(code);
}

fn run(library: &Path, id: &str, key: &str) -> Result<()> {
    let bytes = fs::read(library).map_err(|error| refused(format!("{} cannot be read: {error}", library.display())))?;
    let record = record(&bytes).ok_or_else(|| refused("carries no manifest record"))?;
    let crate_name = text(&record[MAGIC.len() + 4..]).ok_or_else(|| refused("its record names no crate"))?;
    let symbol = format!("{ENTRY_SYMBOL_PREFIX}{crate_name}");
    let opened = loader::Library::open(library).map_err(|error| refused(error.to_string()))?;
    let module = opened.load(&symbol, record)?;
    println!("describe: {}", module.describe().map_or_else(|| "not offered".to_owned(), |describe| describe().into()));

    let config = json!({
        "wire_version": 1,
        "host_version": "1.1.0",
        "connection": { "name": "work" },
        "options": {},
        "of_a_later_time": true,
    });
    let host: HostObject = Host_TO::from_value(NewHost, TD_Opaque);
    let adapter = match module.create()(RStr::from_str(id), bytes_of(&config), host) {
        ROk(adapter) => adapter,
        RErr(reply) => return Err(refused(format!("cannot be made: {}", String::from_utf8_lossy(&reply.header)))),
    };
    let health = adapter.health();
    println!("health: {}", health.map_or_else(|| "not told".to_owned(), String::from));
    for (number, operation) in ["get", "summarize"].into_iter().enumerate() {
        let header = json!({ "call": number, "args": { "key": key, "include": {} }, "of_a_later_time": true });
        let reply = wait(adapter.invoke(RStr::from_str(operation), bytes_of(&header), RVec::new()));
        show(operation, &reply);
    }
    show("shutdown", &wait(adapter.shutdown()));
    Ok(())
}

fn show(operation: &str, reply: &Reply) {
    let (header, body) = (String::from_utf8_lossy(&reply.header), String::from_utf8_lossy(&reply.body));
    println!("{operation}: {} {header} {body}", reply.status);
}

/// Returns the first record in a file, wherever it stands.
fn record(bytes: &[u8]) -> Option<&[u8]> {
    let place = bytes.windows(MAGIC.len()).position(|window| window == MAGIC)?;
    let length = bytes.get(place + MAGIC.len()..)?.first_chunk::<4>()?;
    bytes.get(place..place + MAGIC.len() + 4 + u32::from_le_bytes(*length) as usize)
}

/// Returns the text that stands behind its length.
fn text(bytes: &[u8]) -> Option<&str> {
    let (length, rest) = bytes.split_first_chunk::<4>()?;
    std::str::from_utf8(rest.get(..u32::from_le_bytes(*length) as usize)?).ok()
}

fn bytes_of(value: &serde_json::Value) -> RVec<u8> {
    value.to_string().into_bytes().into()
}

fn refused(reason: impl Into<String>) -> Error {
    Error::new(ErrorKind::AdapterRefused, reason)
}

/// A host that has what 1.1 appends, and no capability.
struct NewHost;

impl Host for NewHost {
    fn invoke(&self, _capability: RStr<'_>, _header: RVec<u8>, _body: RVec<u8>) -> FfiFuture<Reply> {
        let header = bytes_of(&json!({ "kind": "unsupported", "message": "this host has no capabilities" }));
        std::future::ready(Reply { status: UNSUPPORTED, header, body: RVec::new() }).into_ffi()
    }

    fn log(&self, level: u32, message: RStr<'_>) {
        eprintln!("{level} {message}");
    }

    fn now(&self) -> i64 {
        0
    }

    fn supports(&self, _capability: RStr<'_>) -> bool {
        false
    }

    fn region(&self) -> ROption<RString> {
        RSome("the north".into())
    }
}

struct Unpark(Thread);

impl Wake for Unpark {
    fn wake(self: Arc<Self>) {
        self.0.unpark();
    }
}

/// Waits for a future on this thread.
fn wait<T>(future: impl Future<Output = T>) -> T {
    let mut future = pin!(future);
    let waker = Waker::from(Arc::new(Unpark(thread::current())));
    loop {
        if let Poll::Ready(value) = future.as_mut().poll(&mut Context::from_waker(&waker)) {
            return value;
        }
        thread::park();
    }
}
