//! Every operation, against recorded answers and against a Jira that is made up for one test.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod access;
mod list;
mod read;
mod server;
