//! A monday.com with state, for tests: boards, items and what hangs on them, tokens, limits, and a check of every request.
//!
//! ```
//! use usher_tests::servers::{Fake, monday::{FakeMonday, Seed}};
//!
//! let monday = FakeMonday::start(Seed::small());
//! let (address, token) = (monday.url(), monday.token("ada"));
//! // … a client talks to it at `{address}/v2` …
//! assert_eq!(monday.server().ledger().committed().len(), 0);
//! # let _ = (address, token);
//! ```
//!
//! A request that monday.com's schema does not allow is answered with 599 and fails the test when the fake is dropped; so does
//! one that asks for something that the schema has and the fake does not. What lives here is monday.com's behaviour; ports,
//! connections and faults are in the folder above, what every GraphQL has in `graphql` beside.

pub mod access;
pub mod limits;
pub mod seed;
pub mod state;

mod arguments;
mod changes;
mod check;
mod cost;
mod fields;
mod filter;
mod places;
mod queries;
mod reply;
mod run;
mod samples;
mod service;
mod values;

use std::sync::Arc;

pub use access::Token;
pub use limits::{Dialect, Limit, MOST_POINTS, Resource};
pub use seed::Seed;
pub use state::{Item, State};

use self::{
    limits::Limits,
    places::Places,
    reply::Refusal,
    service::{Inner, Service},
};
use super::{
    Fake, Faults,
    server::{Port, Server},
};

/// A running monday.com. It ends when it is dropped, and panics then if a request was wrong.
pub struct FakeMonday {
    server: Server,
    service: Arc<Service>,
}

impl FakeMonday {
    /// Starts it.
    pub fn start(seed: Seed) -> Self {
        Self::with_faults(seed, Faults::none())
    }

    /// Starts it, and lets some requests fail.
    pub fn with_faults(seed: Seed, faults: Faults) -> Self {
        let port = Port::take(None);
        let Seed { mut state, tokens } = seed;
        state.address = port.url();
        let inner = Inner { state, tokens, limits: Limits::default(), places: Places::default(), failing: None };
        let service = Service::new("monday.com", (), inner);
        Self { server: port.serve(service.clone(), faults), service }
    }

    /// Returns the first token of a person, by the first word of the name in small letters.
    pub fn token(&self, name: &str) -> String {
        let inner = self.service.inner();
        let is_theirs = |token: &&Token| first_name(&inner.state.users[token.user].name) == name;
        let token = inner.tokens.iter().find(is_theirs);
        token.unwrap_or_else(|| panic!("{name} has no token here")).text.clone()
    }

    /// Returns the requests that monday.com's schema does not allow, and forgets them.
    pub fn violations(&self) -> Vec<String> {
        self.service.violations.take()
    }

    /// Looks at what is kept, or changes it behind the clients' backs.
    pub fn with_state<T>(&self, look: impl FnOnce(&mut State) -> T) -> T {
        look(&mut self.service.inner().state)
    }

    /// Returns an item as it is kept, by its name.
    pub fn item(&self, name: &str) -> Item {
        self.with_state(|state| state.named(name).clone())
    }

    /// Returns the numbers of the boards that hold items, in the order in which they were made.
    pub fn boards(&self) -> Vec<String> {
        self.with_state(|state| {
            let boards = state.boards.iter().filter(|board| board.kind == "board");
            boards.map(|board| board.id.clone()).collect()
        })
    }

    /// Sets a limit for everybody, from the next request on.
    pub fn set_limit(&self, resource: Resource, limit: Limit) {
        self.service.inner().limits.set(resource, limit);
    }

    /// Says how it is said that the points are used up.
    pub fn speak(&self, dialect: Dialect) {
        self.service.inner().limits.dialect = dialect;
    }

    /// Lets a field fail in the next request with a code, wherever it is asked for: the rest is answered, with HTTP 200.
    pub fn fail_field(&self, name: &str, code: &str) {
        let refusal = Refusal::new(code.to_owned(), "It went wrong here");
        self.service.inner().failing = Some((name.to_owned(), refusal));
    }

    /// Lets every place in a list expire that was given out until now.
    pub fn expire_places(&self) {
        self.service.inner().places.expire();
    }

    /// Lets the next places in lists expire, as many as said, when they are asked for.
    pub fn expire_next_places(&self, count: usize) {
        self.service.inner().places.expire_next(count);
    }

    /// Lets something happen behind the clients' backs right after the next page of items.
    pub fn after_next_page(&self, change: impl FnOnce(&mut State) + Send + 'static) {
        self.service.inner().places.after_page(Box::new(change));
    }
}

/// Returns what a person's token is found by.
fn first_name(name: &str) -> String {
    name.split(' ').next().unwrap_or_default().to_lowercase()
}

impl Fake for FakeMonday {
    fn url(&self) -> &str {
        self.server.url()
    }

    fn server(&self) -> &Server {
        &self.server
    }
}
