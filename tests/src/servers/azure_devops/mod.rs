//! An Azure DevOps with state, for tests: work items and what hangs on them, tokens, limits, and a check of every request.
//!
//! ```
//! use usher_tests::servers::{Fake, azure_devops::{FakeAzureDevOps, Seed}};
//!
//! let azure = FakeAzureDevOps::services(Seed::small());
//! let (address, organization, token) = (azure.url(), azure.organization(), azure.token("ada"));
//! // … a client talks to it at `{address}/{organization}/_apis` …
//! assert_eq!(azure.server().ledger().committed().len(), 0);
//! # let _ = (address, organization, token);
//! ```
//!
//! A request that Microsoft's documents do not describe is answered with 599 and fails the test when the fake is dropped. What
//! lives here is Azure DevOps' behaviour; ports, connections and faults are in the folder above.

pub mod access;
pub mod documents;
pub mod limits;
pub mod seed;
pub mod state;

mod comments;
mod fields;
mod files;
mod items;
mod options;
mod patch;
mod place;
mod render;
mod reply;
mod routes;
mod samples;
mod service;
mod versions;
mod wiql;

use std::sync::Arc;

pub use access::Token;
pub use limits::RateLimit;
pub use seed::Seed;
pub use state::{State, WorkItem};

use self::{
    limits::Limits,
    render::Site,
    service::{Inner, Service},
};
use super::{
    Certificate, Fake, Faults,
    server::{Port, Server},
};

/// How many work items a query finds at most, unless a test says less.
const QUERY_CAP: usize = 20_000;

/// A running Azure DevOps. It ends when it is dropped, and panics then if a request was wrong.
pub struct FakeAzureDevOps {
    server: Server,
    service: Arc<Service>,
}

/// An Azure DevOps that is not running yet.
pub struct Builder {
    seed: Seed,
    services: bool,
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
    pub fn start(self) -> FakeAzureDevOps {
        let port = Port::take(self.certificate);
        let (prefix, organization) = if self.services { ("", "acme") } else { ("/tfs", "DefaultCollection") };
        let base = format!("{}{prefix}", port.url());
        let site = Site { prefix, organization: organization.to_owned(), base, services: self.services };
        let Seed { state, tokens } = self.seed;
        let inner = Inner { state, tokens, limits: Limits::default(), query_cap: QUERY_CAP };
        let service = Service::new("Azure DevOps", site, inner);
        FakeAzureDevOps { server: port.serve(service.clone(), self.faults), service }
    }
}

impl FakeAzureDevOps {
    /// Starts Services, whose organisation is `acme`.
    pub fn services(seed: Seed) -> Self {
        Self::build_services(seed).start()
    }

    /// Starts a Server under `/tfs`, whose collection is `DefaultCollection`.
    pub fn on_premises(seed: Seed) -> Self {
        Self::build_on_premises(seed).start()
    }

    /// Returns Services that can still be given faults or a certificate.
    pub fn build_services(seed: Seed) -> Builder {
        Builder { seed, services: true, faults: Faults::none(), certificate: None }
    }

    /// Returns a Server that can still be given faults or a certificate.
    pub fn build_on_premises(seed: Seed) -> Builder {
        Builder { services: false, ..Self::build_services(seed) }
    }

    /// Returns the organisation, on Server the collection.
    pub fn organization(&self) -> &str {
        &self.service.site.organization
    }

    /// Returns the personal access token of a user, by the first part of the name to sign in with.
    pub fn token(&self, name: &str) -> String {
        let inner = self.service.inner();
        let sign_in = format!("{name}@example.com");
        let fits = |token: &&Token| inner.state.users[token.user].unique_name == sign_in && !token.bearer;
        inner.tokens.iter().find(fits).unwrap_or_else(|| panic!("{name} has no token here")).text.clone()
    }

    /// Returns the requests that Microsoft does not describe, and forgets them.
    pub fn violations(&self) -> Vec<String> {
        self.service.violations.take()
    }

    /// Looks at what is kept, or changes it behind the clients' backs.
    pub fn with_state<T>(&self, look: impl FnOnce(&mut State) -> T) -> T {
        look(&mut self.service.inner().state)
    }

    /// Returns a work item as it is kept.
    pub fn item(&self, id: u64) -> WorkItem {
        self.with_state(|state| state.item(id).clone())
    }

    /// Lets the next requests meet a limit.
    pub fn rate_limit(&self, limit: RateLimit, times: usize) {
        self.service.inner().limits.add(limit, times);
    }

    /// Sets how many work items a query finds at most, so that a test needs no twenty thousand.
    pub fn set_query_cap(&self, cap: usize) {
        self.service.inner().query_cap = cap;
    }
}

impl Fake for FakeAzureDevOps {
    fn url(&self) -> &str {
        &self.service.site.base
    }

    fn server(&self) -> &Server {
        &self.server
    }
}
