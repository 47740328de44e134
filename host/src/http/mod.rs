//! HTTP on behalf of adapters: one stack of layers per connection, around one client.
//!
//! What lives here: everything between an adapter's request and the network. What does not: what a request means
//! (the adapter's), and which operation it belongs to (`transport`'s capabilities).

mod body;
mod cache;
mod client;
mod connection;
mod credentials;
mod exchange;
mod failure;
mod layers;
mod limits;
mod reach;
mod rehearsal;
pub(crate) mod secrets;
mod settings;
mod stack;
mod tally;
mod tape;
#[cfg(test)]
pub(crate) mod testing;
mod tokens;
mod trail;
mod written;

pub(crate) use body::Body;
pub(crate) use client::before as proxy_before;
pub(crate) use connection::{Connection, Shared};
pub(crate) use credentials::{Credentials, Proof, chosen_scheme};
pub(crate) use exchange::{Call, Exchange, Request, Response};
pub(crate) use failure::{Again, Failure, Seen};
pub use limits::Waiting;
pub(crate) use limits::{ALL, retry_after};
pub(crate) use reach::Reach;
pub(crate) use rehearsal::Rehearsal;
pub use rehearsal::{HeldBack, HeldBody, HeldPart};
pub use settings::Settings;
pub use tally::Asked;
pub(crate) use tally::Tally;
pub(crate) use tokens::Tokens;
pub(crate) use trail::Trail;
pub(crate) use written::Written;
