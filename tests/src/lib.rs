//! End-to-end tests of usher.
