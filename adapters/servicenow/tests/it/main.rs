//! Tests of the adapter against an instance that lives in the test, and against recorded answers.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod choices;
mod files;
#[allow(dead_code, reason = "the fake server of the end-to-end tests uses what these tests do not")]
mod instance;
mod list;
mod nonsense;
mod notes;
mod read;
mod server;
mod write;
