//! Tests of the adapter against an instance that lives in the test, and against recorded answers.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod choices;
mod files;
mod instance;
mod list;
mod nonsense;
mod notes;
mod read;
mod server;
mod write;
