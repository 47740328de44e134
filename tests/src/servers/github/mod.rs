//! A GitHub with state, for tests: issues and what hangs on them, tokens, limits, and a check of every request.
//!
//! ```
//! use usher_tests::servers::github::{FakeGithub, Seed};
//!
//! let github = FakeGithub::start(Seed::small());
//! let (address, token) = (github.url(), github.token("octocat"));
//! // … a client talks to it …
//! assert_eq!(github.ledger().committed().len(), 0);
//! # let _ = (address, token);
//! ```
//!
//! A request that GitHub's OpenAPI document does not describe is answered with 599 and fails the test when the fake is
//! dropped. What lives here is GitHub's behaviour; ports, connections and faults are in the folder above.

pub mod access;
pub mod limits;
pub mod seed;
pub mod service;
pub mod state;

mod change;
mod details;
mod filter;
mod issues;
mod options;
mod pages;
mod place;
mod profiles;
mod query;
mod relations;
mod render;
mod reply;
mod respond;
mod routes;
mod samples;
mod search;

use std::{collections::BTreeMap, sync::Arc, time::Duration};

pub use access::{Access, Token, TokenKind};
pub use limits::{Limit, Resource, SecondaryLimit};
pub use seed::Seed;
pub use service::VIOLATION;
pub use state::{Issue, State};

use self::{
    limits::Limits,
    render::Site,
    service::{Inner, Service, Switches},
};
use super::{
    Certificate, Fake, Fault, Faults, Ledger,
    server::{Port, Server},
};

/// A running GitHub. It ends when it is dropped, and panics then if a request was wrong.
pub struct FakeGithub {
    server: Server,
    service: Arc<Service>,
}

/// A GitHub that is not running yet.
pub struct Builder {
    seed: Seed,
    enterprise: bool,
    faults: Faults,
    certificate: Option<Certificate>,
}

impl Builder {
    /// Makes it an Enterprise Server: under `/api/v3`, with a version, and with what an older server lacks.
    #[must_use]
    pub fn enterprise(mut self) -> Self {
        self.enterprise = true;
        self
    }

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
    pub fn start(self) -> FakeGithub {
        let port = Port::take(self.certificate);
        let (api, html) = match self.enterprise {
            true => (format!("{}/api/v3", port.url()), port.url()),
            false => (port.url(), "https://github.com".to_owned()),
        };
        let site = Site { api, html, enterprise: self.enterprise };
        let Seed { state, tokens } = self.seed;
        let (limits, switches) = (Limits::default(), Switches::default());
        let inner = Inner { state, tokens, limits, switches };
        let service = Service::new("GitHub", site, inner);
        FakeGithub { server: port.serve(service.clone(), self.faults), service }
    }
}

impl FakeGithub {
    /// Starts one that does everything right.
    pub fn start(seed: Seed) -> Self {
        Self::build(seed).start()
    }

    /// Returns one that can still be given faults, a certificate, or a version.
    pub fn build(seed: Seed) -> Builder {
        Builder { seed, enterprise: false, faults: Faults::none(), certificate: None }
    }

    /// Returns the address of the API, without a slash at its end.
    pub fn url(&self) -> &str {
        &self.service.site.api
    }

    /// Returns the first token of a user.
    pub fn token(&self, login: &str) -> String {
        let inner = self.service.inner();
        let token = inner.tokens.iter().find(|token| token.login == login);
        token.unwrap_or_else(|| panic!("{login} has no token here")).text.clone()
    }

    /// Returns what arrived and what was done about it.
    pub fn ledger(&self) -> &Ledger {
        self.server.ledger()
    }

    /// Returns how many requests came to each method, path and status.
    pub fn requests(&self) -> BTreeMap<(String, Option<u16>), usize> {
        self.ledger().counts()
    }

    /// Returns the server, for its address, its delay and its faults.
    pub fn server(&self) -> &Server {
        &self.server
    }

    /// Gives the next request a fault.
    pub fn next_fault(&self, fault: Fault) {
        self.server.faults().next(fault);
    }

    /// Lets every request wait so long before anything is done about it.
    pub fn set_delay(&self, delay: Duration) {
        self.server.set_delay(delay);
    }

    /// Returns the requests that GitHub does not describe, and forgets them.
    pub fn violations(&self) -> Vec<String> {
        self.service.violations.take()
    }

    /// Looks at what is kept, or changes it behind the clients' backs.
    pub fn with_state<T>(&self, look: impl FnOnce(&mut State) -> T) -> T {
        let inner = &mut *self.service.inner();
        let result = look(&mut inner.state);
        for repository in &mut inner.state.repositories {
            repository.forget_rendered();
        }
        result
    }

    /// Returns an issue as it is kept.
    pub fn issue(&self, repository: &str, number: u64) -> Issue {
        self.service.inner().state.repository(repository).issue(number).clone()
    }

    /// Writes every issue's JSON now, so that a benchmark does not wait for it later.
    pub fn warm_up(&self) {
        let inner = &*self.service.inner();
        for repository in &inner.state.repositories {
            for issue in repository.issues() {
                self.service.site.whole_issue(&inner.state, repository, issue);
            }
        }
    }

    /// Sets a limit for everybody, from the next request on.
    pub fn set_limit(&self, resource: Resource, limit: Limit) {
        self.service.inner().limits.set(resource, limit);
    }

    /// Turns limits off, as they are on most Enterprise Servers.
    pub fn turn_limits_off(&self) {
        self.service.inner().limits.turn_off();
    }

    /// Lets the next requests meet the secondary limit.
    pub fn secondary_limit(&self, limit: SecondaryLimit, times: usize) {
        self.service.inner().limits.add_secondary(limit, times);
    }

    /// Pages lists of issues by an opaque cursor.
    pub fn use_cursors(&self) {
        self.service.inner().switches.cursors = true;
    }

    /// Lets searches say whether they gave up early.
    pub fn set_incomplete_results(&self, incomplete: bool) {
        self.service.inner().switches.incomplete_results = incomplete;
    }

    /// Refuses a create or an update that names an unknown assignee, where it is otherwise done without them.
    pub fn refuse_unknown_assignees(&self) {
        self.service.inner().switches.refuse_unknown_assignees = true;
    }
}

impl Fake for FakeGithub {
    fn url(&self) -> &str {
        self.url()
    }

    fn server(&self) -> &Server {
        self.server()
    }
}
