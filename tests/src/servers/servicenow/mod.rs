//! A ServiceNow with state, for tests: an instance behind a port, with an account that signs in by
//! name and password, and an OAuth application that acts for it.
//!
//! ```
//! use usher_tests::servers::{Fake, servicenow::FakeServiceNow};
//!
//! let instance = FakeServiceNow::start(3);
//! let (address, (user, password)) = (instance.url(), instance.credentials());
//! // … a client talks to it at `{address}/api/now/table/incident` …
//! assert_eq!(instance.server().ledger().committed().len(), 0);
//! # let _ = (address, user, password);
//! ```
//!
//! There is no schema to compare with: the instance itself lives with its adapter's tests and says in words what ServiceNow's
//! pages do not describe. Such a request is answered with 599 and fails the test when the fake is dropped.

mod oauth;
mod service;

#[allow(dead_code, reason = "the adapter's own tests use what the fake does not")]
#[path = "../../../../adapters/servicenow/tests/it/instance/mod.rs"]
mod instance;

use std::sync::Arc;

use self::{
    instance::Instance,
    oauth::Tokens,
    service::{Inner, Service},
};
use super::{
    Fake, Faults,
    server::{Port, Server},
};

/// The name that the only account signs in with, and its password.
const ACCOUNT: (&str, &str) = ("ada", "correct horse");

/// A running instance. It ends when it is dropped, and panics then if a request was wrong.
pub struct FakeServiceNow {
    server: Server,
    service: Arc<Service>,
}

impl FakeServiceNow {
    /// Starts one with so many incidents that does everything right.
    pub fn start(incidents: u64) -> Self {
        Self::with_faults(incidents, Faults::none())
    }

    /// Starts one that lets some requests fail.
    pub fn with_faults(incidents: u64, faults: Faults) -> Self {
        let inner = Inner { instance: Instance::with_incidents(incidents), tokens: Tokens::default() };
        let service = Service::new("ServiceNow", (), inner);
        Self { server: Port::take(None).serve(service.clone(), faults), service }
    }

    /// Returns name and password of the account.
    pub fn credentials(&self) -> (&'static str, &'static str) {
        ACCOUNT
    }

    /// Returns id and secret of the OAuth application.
    pub fn client(&self) -> (&'static str, &'static str) {
        oauth::CLIENT
    }

    /// Lets the next token of the application be good for so many requests.
    pub fn expire_next_token_after(&self, requests: u64) {
        self.service.inner().tokens.next_is_good_for = Some(requests);
    }

    /// Gives the application a page in place of a token.
    pub fn give_pages_for_tokens(&self) {
        self.service.inner().tokens.is_a_page = true;
    }

    /// Lets the instance sleep, or wakes it up: it answers every request with a page then.
    pub fn set_asleep(&self, asleep: bool) {
        self.service.inner().instance.asleep = asleep;
    }

    /// Lets the next requests be too many.
    pub fn limit(&self, requests: u32, wait_seconds: u64) {
        self.service.inner().instance.too_many = Some((requests, wait_seconds));
    }

    /// Forbids a table to the account.
    pub fn close_table(&self, table: &str) {
        self.service.inner().instance.closed_tables.insert(table.to_owned());
    }

    /// Hides an incident from the account: it is counted, and not shown.
    pub fn hide(&self, number: &str) {
        let instance = &mut self.service.inner().instance;
        let sys_id = instance.numbered(number)["sys_id"].clone();
        instance.hidden_rows.insert(sys_id);
    }

    /// Returns the requests that ServiceNow's pages do not describe, and forgets them.
    pub fn violations(&self) -> Vec<String> {
        self.service.violations.take()
    }
}

impl Fake for FakeServiceNow {
    fn url(&self) -> &str {
        self.server.url()
    }

    fn server(&self) -> &Server {
        &self.server
    }
}
