//! Has a record, but no entry symbol.
//!
//! The host must report `adapter_refused` without opening the file: the symbol is missing.

usher_villains::section!(usher_villains::manifest!("no_entry/adapter.toml").1);
