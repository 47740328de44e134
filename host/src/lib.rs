//! One host for every ticket system.

pub mod cli;
pub mod config;
mod http;
mod private_folder;
mod redact;
pub mod registry;
pub mod route;
pub mod service;
pub mod telemetry;
pub mod transport;
mod whole_file;
pub mod worker;
