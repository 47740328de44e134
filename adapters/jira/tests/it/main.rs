//! Every operation, against recorded answers and against a Jira that is made up for one test.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod access;
mod choices;
mod create;
mod files;
mod list;
mod markers;
mod notes;
mod read;
mod search;
mod server;
mod update;
