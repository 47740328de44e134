//! Every operation, against recorded answers and against a Redmine that is made up for one test.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod described;
mod list;
mod nonsense;
mod notes;
mod openapi;
mod read;
mod search;
mod server;
mod write;
