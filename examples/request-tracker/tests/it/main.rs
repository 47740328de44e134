//! Every operation, against recorded answers and against a Request Tracker that is made up for one test.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod list;
mod read;
mod server;
mod write;
