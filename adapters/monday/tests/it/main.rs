//! Every operation, against recorded answers and against a monday.com that is made up for one test.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod create;
#[path = "../../src/documents.rs"]
#[allow(dead_code, unreachable_pub, reason = "the adapter uses what the tests do not")]
mod documents;
mod errors;
mod files;
mod list;
mod nonsense;
mod notes;
mod queries;
mod read;
mod schema;
mod server;
mod update;
