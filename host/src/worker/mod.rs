//! The process of its own in which a drop-in runs.
//!
//! Here lives what happens in that process. What a call means and how long it may take is not decided here.

pub mod confine;
