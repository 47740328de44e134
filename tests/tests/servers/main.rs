//! The servers that other tests rely on do what they say.

mod answers;
mod client;
mod github;
mod ledger;
mod limits;
mod search;
mod violations;
mod writes;
