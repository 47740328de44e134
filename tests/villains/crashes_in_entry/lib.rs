//! Writes to the page at address 0 in the constructor of its library header, before it has shown anything.
//!
//! The host must report `adapter_crashed` for the file, and other adapters load meanwhile.

use usher_adapter_sdk::boundary::abi::{AdapterModule, Entry};
use usher_villains::crash::segfault;

struct Crashes;

impl Entry for Crashes {
    fn module() -> AdapterModule {
        segfault()
    }
}

usher_villains::section!(usher_villains::manifest!("crashes_in_entry/adapter.toml").1);
usher_villains::entry!(Crashes);
