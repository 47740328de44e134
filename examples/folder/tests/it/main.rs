//! Every operation, on folders that live as long as their test.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod attachments;
mod broken;
mod concurrency;
mod create;
mod listing;
mod notes;
mod samples;
mod shelf;
mod update;
