//! Every operation, against recorded answers and against a GitHub that is made up for one test.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod changing;
mod choices;
mod create;
mod list;
mod markers;
mod notes;
mod read;
mod search;
mod server;
mod update;
