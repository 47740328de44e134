//! Every operation, against recorded answers and against a Linear that is made up for one test.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

#[path = "../../src/documents.rs"]
#[allow(dead_code, reason = "the adapter uses what the tests do not")]
mod documents;
mod queries;
mod read;
mod schema;
mod server;
