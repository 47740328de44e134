//! Every operation, against recorded answers and against a Trello that is made up for one test.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod check;
mod choices;
mod create;
mod files;
mod list;
mod markers;
mod never_panics;
mod notes;
mod read;
mod search;
mod server;
mod update;
