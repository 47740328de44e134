//! What every fake platform has: an address, a server, a state behind it, and a list of the requests that its platform does
//! not describe.

use std::{
    sync::{Arc, Mutex, MutexGuard},
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

/// Everything behind a fake's port: what changes, and the site, which does not. It panics in the end if a request was wrong.
pub(super) struct Service<I, S = ()> {
    pub(super) site: S,
    pub(super) violations: Violations,
    inner: Mutex<I>,
}

impl<I, S> Service<I, S> {
    pub(super) fn new(platform: &'static str, site: S, inner: I) -> Arc<Self> {
        let violations = Violations { platform, list: Mutex::default() };
        Arc::new(Self { site, violations, inner: Mutex::new(inner) })
    }

    pub(super) fn inner(&self) -> MutexGuard<'_, I> {
        self.inner.lock().expect("no operation panicked")
    }
}

/// The requests that the platform does not describe, a sentence each. In the end there must be none.
pub(super) struct Violations {
    platform: &'static str,
    list: Mutex<Vec<String>>,
}

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

    fn list(&self) -> MutexGuard<'_, Vec<String>> {
        self.list.lock().expect("nobody panics over the list")
    }
}

impl Drop for Violations {
    fn drop(&mut self) {
        // A test that has failed already has said why.
        if thread::panicking() {
            return;
        }
        let (platform, violations) = (self.platform, self.take());
        assert!(violations.is_empty(), "{platform} does not describe these requests:\n{}", violations.join("\n"));
    }
}
