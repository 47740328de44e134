//! What every fake platform has: an address, a server, and a list of the requests that its platform does not describe.

use std::{
    sync::{Mutex, MutexGuard},
    thread,
};

use super::{Answer, Request, server::Server};

/// The status of an answer to a request that the platform does not describe. No other server has it.
pub const VIOLATION: u16 = 599;

/// A running fake platform.
pub trait Fake {
    /// Returns the address that a connection is given, without a slash at its end.
    fn url(&self) -> &str;

    /// Returns the server, for its ledger, its delay and its faults.
    fn server(&self) -> &Server;
}

/// The requests that the platform does not describe, a sentence each.
#[derive(Debug, Default)]
pub(super) struct Violations(Mutex<Vec<String>>);

impl Violations {
    /// Writes a wrong request down, and returns the answer to it.
    pub(super) fn refuse(&self, request: &Request, complaints: &[String]) -> Answer {
        let message = format!("{} {}: {}", request.method, request.target(), complaints.join("; "));
        let body = serde_json::json!({ "message": message }).to_string();
        self.list().push(message);
        Answer::json(VIOLATION, body)
    }

    /// Returns them, and forgets them.
    pub(super) fn take(&self) -> Vec<String> {
        std::mem::take(&mut *self.list())
    }

    /// Panics if there are any, unless the test has failed already.
    pub(super) fn expect_none(&self, platform: &str) {
        if thread::panicking() {
            return;
        }
        let violations = self.take();
        assert!(violations.is_empty(), "{platform} does not describe these requests:\n{}", violations.join("\n"));
    }

    fn list(&self) -> MutexGuard<'_, Vec<String>> {
        self.0.lock().expect("nobody panics over the list")
    }
}
