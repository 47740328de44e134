//! Every operation, against recorded answers and against a Request Tracker that is made up for one test.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod described;
mod list;
mod nonsense;
mod read;
mod requests;
mod server;
mod write;
