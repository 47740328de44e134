//! Which platform a link belongs to, and which connection answers for it.

mod connections;
mod id;
mod link;
mod reference;
mod refusal;
#[cfg(test)]
mod tests;

pub use connections::{Connections, Levels, Target};
pub use reference::Resolved;
pub(crate) use reference::resolve;
