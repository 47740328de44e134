//! Has a good record and an entry symbol of the next ABI, and none of this one.
//!
//! The host must report `adapter_refused` and say that the library was built for ABI 2, without calling anything.

#![allow(unsafe_code, reason = "the SDK exports only the symbol of its own ABI")]

usher_villains::section!(usher_villains::manifest!("abi_major_2/adapter.toml").1);

/// What stands behind the symbol is of an ABI that nobody knows yet.
#[unsafe(export_name = concat!("usher_abi2_", env!("CARGO_CRATE_NAME")))]
pub static HEADER: [u8; 64] = [0xab; 64];
