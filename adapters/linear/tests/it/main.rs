//! Every operation, against recorded answers and against a Linear that is made up for one test.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod choices;
mod create;
#[path = "../../src/documents.rs"]
#[allow(dead_code, unreachable_pub, reason = "the adapter uses what the tests do not")]
mod documents;
mod errors;
mod files;
mod list;
mod markers;
mod nonsense;
mod notes;
mod queries;
mod read;
mod schema;
mod search;
mod server;
mod update;
mod windows;
