//! Servers for tests: fake platforms with state, and one that does everything wrong that a server can do wrong.
//!
//! All run in the test's own process, on a port of their own, and end with the value that started them. What lives here is
//! the servers; the tests of them are in `tests/servers`, and what they stand for is written down in `data/`.

pub mod exchange;
pub mod fake;
pub mod fault;
pub mod faulty;
pub mod ledger;
pub mod proxy;
pub mod rule;
pub mod script;
pub mod server;
pub mod tls;

pub mod azure_devops;
pub mod github;
pub mod jira;
pub mod linear;
pub mod monday;
pub mod servicenow;
pub mod trello;

mod connection;
mod form;
mod graphql;
mod indexed;
mod query;

/// Requests against the vendors' documents: the tests of adapters use it too.
pub use usher_openapi as openapi;

pub use exchange::{Answer, Request};
pub use fake::{Fake, VIOLATION};
pub use fault::Fault;
pub use faulty::FaultServer;
pub use ledger::{Entry, Ledger};
pub use proxy::ProxyServer;
pub use rule::{Arrival, Faults};
pub use tls::Certificate;
