//! A Trello with state, for tests: boards, cards and what hangs on them, tokens, limits, and a check of every request.
//!
//! ```
//! use usher_tests::servers::{Fake, trello::{FakeTrello, Seed}};
//!
//! let trello = FakeTrello::start(Seed::small());
//! let (address, key, token) = (trello.url(), trello.key(), trello.token("ada"));
//! // … a client talks to it at `{address}/boards/…` …
//! assert_eq!(trello.server().ledger().committed().len(), 0);
//! # let _ = (address, key, token);
//! ```
//!
//! A request that Trello does not describe is answered with 599 and fails the test when the fake is dropped. What lives here
//! is Trello's behaviour; ports, connections and faults are in the folder above.

pub mod access;
pub mod documents;
pub mod limits;
pub mod seed;
pub mod state;

mod boards;
mod cards;
mod changes;
mod files;
mod reply;
mod routes;
mod search;
mod service;

use std::sync::Arc;

pub use access::Token;
pub use limits::RateLimit;
pub use seed::Seed;
pub use state::{Card, State};

use self::{
    limits::Limits,
    service::{Inner, Service},
};
use super::{
    Fake, Faults,
    server::{Port, Server},
};

/// Where the API begins below the server's address.
const PREFIX: &str = "/1";

/// A running Trello. It ends when it is dropped, and panics then if a request was wrong.
pub struct FakeTrello {
    server: Server,
    service: Arc<Service>,
    url: String,
}

impl FakeTrello {
    /// Starts it.
    pub fn start(seed: Seed) -> Self {
        Self::with_faults(seed, Faults::none())
    }

    /// Starts it, and lets some requests fail.
    pub fn with_faults(seed: Seed, faults: Faults) -> Self {
        let port = Port::take(None);
        let url = format!("{}{PREFIX}", port.url());
        let Seed { state, tokens } = seed;
        let inner = Inner { state, tokens, limits: Limits::default() };
        let service = Service::new("Trello", (), inner);
        Self { server: port.serve(service.clone(), faults), service, url }
    }

    /// Returns the API key, which all accounts share.
    pub fn key(&self) -> &'static str {
        access::KEY
    }

    /// Returns the token of a member, by the username.
    pub fn token(&self, name: &str) -> String {
        let inner = self.service.inner();
        let fits = |token: &&Token| inner.state.members[token.member]["username"] == name && token.may_write;
        inner.tokens.iter().find(fits).unwrap_or_else(|| panic!("{name} has no token here")).text.clone()
    }

    /// Returns the requests that Trello does not describe, and forgets them.
    pub fn violations(&self) -> Vec<String> {
        self.service.violations.take()
    }

    /// Looks at what is kept, or changes it behind the clients' backs.
    pub fn with_state<T>(&self, look: impl FnOnce(&mut State) -> T) -> T {
        look(&mut self.service.inner().state)
    }

    /// Lets the next requests meet a limit.
    pub fn rate_limit(&self, limit: RateLimit, times: usize) {
        self.service.inner().limits.add(limit, times);
    }
}

impl Fake for FakeTrello {
    fn url(&self) -> &str {
        &self.url
    }

    fn server(&self) -> &Server {
        &self.server
    }
}
