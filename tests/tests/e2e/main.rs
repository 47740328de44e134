//! The real program with real drop-ins, in a world of its own for every test.

#![allow(missing_docs, clippy::unwrap_used, reason = "these are tests, helpers included")]

mod abi;
mod adapters;
mod browser;
mod commands;
mod configuration;
mod dry_run;
mod effects;
mod faults;
mod forms;
mod full_disk;
mod github;
mod grants;
mod interrupts;
mod linked;
mod lists;
mod monday;
mod network;
mod operations;
mod platforms;
#[cfg(unix)]
mod prompts;
mod reach;
mod real_redmine;
mod real_request_tracker;
mod references;
mod secrets;
mod stand_ins;
mod storm;
mod stranger;
mod supervision;
mod swaps;
mod told_secrets;
mod toolchains;
mod trust;
mod villains;
mod workers;
mod writes;
