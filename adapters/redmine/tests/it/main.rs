//! Every operation, against recorded answers and against a Redmine that is made up for one test.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod list;
mod nonsense;
mod notes;
mod read;
mod server;
mod write;
