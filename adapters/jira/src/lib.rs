//! Jira's rich text; the adapter itself is written beside it.
#![cfg_attr(test, allow(clippy::unwrap_used, reason = "a test fails by panicking"))]
#![allow(dead_code, reason = "the adapter that uses the conversions is written beside them")]

mod text;
