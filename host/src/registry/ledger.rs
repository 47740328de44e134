//! What is known about a file.
use crate::config::Isolation;
use std::path::Path;
pub struct Ledger;
pub enum Standing {
    Unknown,
    Ready { sandbox: Option<String> },
    Refused { reason: String },
    Quarantined { reason: String, since: String },
}
impl Ledger {
    pub fn new(_: Option<&Path>) -> Self {
        Self
    }
    pub fn standing(&self, _: &str) -> Standing {
        Standing::Unknown
    }
    pub fn probing(&self, _: &str, _: Isolation) {}
    pub fn ready(&self, _: &str, _: &str) {}
    pub fn refused(&self, _: &str, _: &str) {}
    pub fn failed(&self, _: &str, _: &str) -> Option<String> {
        None
    }
    pub fn quarantine(&self, _: &str, _: &str) {}
}
