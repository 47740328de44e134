//! A Jira with state, for tests: Cloud or Data Center, with issues and what hangs on them, tokens, and a check of every request.
//!
//! ```
//! use usher_tests::servers::{Fake, jira::{FakeJira, Seed}};
//!
//! let jira = FakeJira::cloud(Seed::small_cloud());
//! let (address, (user, token)) = (jira.url(), jira.credentials("ada"));
//! // … a client talks to it …
//! assert_eq!(jira.server().ledger().committed().len(), 0);
//! # let _ = (address, user, token);
//! ```
//!
//! A request that Jira's documents do not describe is answered with 599 and fails the test when the fake is dropped; so does
//! one that gives credentials to the files' server. What lives here is Jira's behaviour; ports, connections and faults are in
//! the folder above.

pub mod access;
pub mod limits;
pub mod seed;
pub mod service;
pub mod state;

mod adf;
mod attachments;
mod change;
mod comments;
mod desk;
mod details;
mod fields;
mod index;
mod issues;
mod jql;
mod meta;
mod options;
mod page;
mod place;
mod profiles;
mod render;
mod reply;
mod routes;
mod samples;
mod search;
mod transitions;

use std::sync::Arc;

pub use access::{Token, TokenKind};
pub use limits::RateLimit;
pub use seed::Seed;
pub use service::CLOUD_ID;
pub use state::{Issue, State};

use self::{
    limits::Limits,
    render::Site,
    service::{Inner, Media, Service, Switches},
};
use super::{
    Certificate, Fake, Faults, Ledger,
    indexed::Indexed,
    server::{Port, Server},
};

/// A running Jira. It ends when it is dropped, and panics then if a request was wrong.
pub struct FakeJira {
    server: Server,
    media: Server,
    service: Arc<Service>,
}

/// A Jira that is not running yet.
pub struct Builder {
    seed: Seed,
    cloud: bool,
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

    /// Starts it, and the files' server beside it.
    pub fn start(self) -> FakeJira {
        let (port, media) = (Port::take(self.certificate), Port::take(None));
        let site = Site { base: port.url(), media: media.url(), cloud: self.cloud };
        let Seed { state, tokens, .. } = self.seed;
        let (limits, switches) = (Limits::default(), Switches::default());
        let inner = Inner { state: Indexed::new(state), tokens, limits, switches };
        let service = Service::new("Jira", site, inner);
        let media = media.serve(Arc::new(Media(Arc::clone(&service))), Faults::none());
        FakeJira { server: port.serve(service.clone(), self.faults), media, service }
    }
}

impl FakeJira {
    /// Starts a Cloud site that does everything right.
    pub fn cloud(seed: Seed) -> Self {
        Self::build_cloud(seed).start()
    }

    /// Starts a Data Center that does everything right.
    pub fn data_center(seed: Seed) -> Self {
        Self::build_data_center(seed).start()
    }

    /// Returns a Cloud site that can still be given faults or a certificate.
    pub fn build_cloud(seed: Seed) -> Builder {
        Builder { seed, cloud: true, faults: Faults::none(), certificate: None }
    }

    /// Returns a Data Center that can still be given faults or a certificate.
    pub fn build_data_center(seed: Seed) -> Builder {
        Builder { cloud: false, ..Self::build_cloud(seed) }
    }

    /// Returns the address by which the gateway knows this site, without a slash at its end.
    pub fn gateway_url(&self) -> String {
        format!("{}/ex/jira/{CLOUD_ID}", self.server.url())
    }

    /// Returns the address or the name of a user, and their first token of a kind. Users are named by their login.
    pub fn token(&self, name: &str, kind: TokenKind) -> (String, String) {
        let inner = self.service.inner();
        let fits = |token: &&Token| inner.state.users[token.user].name == name && token.kind == kind;
        let token = inner.tokens.iter().find(fits).unwrap_or_else(|| panic!("{name} has no such token here"));
        let user = &inner.state.users[token.user];
        let login = if self.service.site.cloud { &user.email } else { &user.name };
        (login.clone(), token.text.clone())
    }

    /// Returns what a user logs in with: their address or name, and a token.
    pub fn credentials(&self, name: &str) -> (String, String) {
        self.token(name, TokenKind::Basic)
    }

    /// Returns what arrived at the files' server.
    pub fn media_ledger(&self) -> &Ledger {
        self.media.ledger()
    }

    /// Returns the requests that Jira does not describe, and forgets them.
    pub fn violations(&self) -> Vec<String> {
        self.service.violations.take()
    }

    /// Looks at what is kept, or changes it behind the clients' backs.
    pub fn with_state<T>(&self, look: impl FnOnce(&mut State) -> T) -> T {
        look(&mut self.service.inner().state)
    }

    /// Returns an issue as it is kept, by its key.
    pub fn issue(&self, key: &str) -> Issue {
        self.with_state(|state| state.issue(key).clone())
    }

    /// Lets the next requests meet a limit.
    pub fn rate_limit(&self, limit: RateLimit, times: usize) {
        self.service.inner().limits.add(limit, times);
    }

    /// Lets answers say that little is left.
    pub fn set_near_limit(&self, near: bool) {
        self.service.inner().limits.near = near;
    }

    /// Lets pages of searches by token be empty, short and full in turn.
    pub fn use_uneven_pages(&self) {
        self.service.inner().switches.uneven_pages = true;
    }

    /// Lets searches know nothing of what is written from now on, but where an issue is reconciled.
    pub fn let_search_lag(&self) {
        self.service.inner().state.lagging = true;
    }

    /// Lets searches know everything again.
    pub fn let_search_catch_up(&self) {
        let state = &mut self.service.inner().state;
        state.lagging = false;
        state.stale.clear();
    }

    /// Answers wrong credentials with status 200 and nothing, as some Data Centers do.
    pub fn use_silent_refusals(&self) {
        self.service.inner().switches.silent_refusals = true;
    }
}

impl Fake for FakeJira {
    fn url(&self) -> &str {
        self.server.url()
    }

    fn server(&self) -> &Server {
        &self.server
    }
}
