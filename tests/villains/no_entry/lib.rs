//! Has a record, but no entry symbol.
//!
//! The host must list it, and report `adapter_refused` when it is loaded: the symbol is missing.

usher_villains::section!(usher_villains::manifest!("no_entry/adapter.toml").1);
