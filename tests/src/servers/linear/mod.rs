//! A Linear with state, for tests: issues and what hangs on them, keys, limits, and a check of every request.
//!
//! ```
//! use usher_tests::servers::{Fake, linear::{FakeLinear, Seed}};
//!
//! let linear = FakeLinear::start(Seed::small());
//! let (address, key) = (linear.url(), linear.token("ada"));
//! // … a client talks to it at `{address}/graphql` …
//! assert_eq!(linear.server().ledger().committed().len(), 0);
//! # let _ = (address, key);
//! ```
//!
//! A request that Linear's schema does not allow is answered with 599 and fails the test when the fake is dropped; so does one
//! that asks for something that the schema has and the fake does not. What lives here is Linear's behaviour; ports,
//! connections and faults are in the folder above.

pub mod access;
pub mod limits;
pub mod seed;
pub mod state;

mod changes;
mod check;
mod cost;
mod details;
mod fields;
mod filter;
mod index;
mod input;
mod pages;
mod queries;
mod reply;
mod run;
mod samples;
mod search;
mod service;

use std::sync::Arc;

pub use access::{Token, TokenKind};
pub use limits::{Limit, MOST_POINTS, Resource};
pub use seed::Seed;
pub use state::{Issue, State};

use self::{
    limits::Limits,
    service::{Inner, Service},
};
use super::{
    Certificate, Fake, Faults,
    indexed::Indexed,
    server::{Port, Server},
};

/// A running Linear. It ends when it is dropped, and panics then if a request was wrong.
pub struct FakeLinear {
    server: Server,
    service: Arc<Service>,
}

/// A Linear that is not running yet.
pub struct Builder {
    seed: Seed,
    faults: Faults,
    certificate: Option<Certificate>,
}

impl Builder {
    /// Lets some requests fail.
    #[must_use]
    pub fn with_faults(mut self, faults: Faults) -> Self {
        self.faults = faults;
        self
    }

    /// Lets it speak TLS.
    #[must_use]
    pub fn https(mut self, certificate: Certificate) -> Self {
        self.certificate = Some(certificate);
        self
    }

    /// Starts it.
    pub fn start(self) -> FakeLinear {
        let port = Port::take(self.certificate);
        let Seed { state, tokens } = self.seed;
        let inner = Inner { state: Indexed::new(state), tokens, limits: Limits::default(), failing: None };
        let service = Service::new("Linear", (), inner);
        FakeLinear { server: port.serve(service.clone(), self.faults), service }
    }
}

impl FakeLinear {
    /// Starts one that does everything right.
    pub fn start(seed: Seed) -> Self {
        Self::build(seed).start()
    }

    /// Returns one that can still be given faults or a certificate.
    pub fn build(seed: Seed) -> Builder {
        Builder { seed, faults: Faults::none(), certificate: None }
    }

    /// Returns the first key of a user, by their display name.
    pub fn token(&self, user: &str) -> String {
        let inner = self.service.inner();
        let token = inner.tokens.iter().find(|token| token.user == user);
        token.unwrap_or_else(|| panic!("{user} has no key here")).text.clone()
    }

    /// Returns the requests that Linear's schema does not allow, and forgets them.
    pub fn violations(&self) -> Vec<String> {
        self.service.violations.take()
    }

    /// Looks at what is kept, or changes it behind the clients' backs.
    pub fn with_state<T>(&self, look: impl FnOnce(&mut State) -> T) -> T {
        look(&mut self.service.inner().state)
    }

    /// Returns an issue as it is kept, by its identifier.
    pub fn issue(&self, identifier: &str) -> Issue {
        self.with_state(|state| state.issue(identifier).clone())
    }

    /// Sets a limit for everybody, from the next request on.
    pub fn set_limit(&self, resource: Resource, limit: Limit) {
        self.service.inner().limits.set(resource, limit);
    }

    /// Lets a field fail in the next request, wherever it is asked for: the rest is answered, with HTTP 200.
    pub fn fail_field(&self, name: &str) {
        self.service.inner().failing = Some(name.to_owned());
    }
}

impl Fake for FakeLinear {
    fn url(&self) -> &str {
        self.server.url()
    }

    fn server(&self) -> &Server {
        &self.server
    }
}
