//! Which platform a link belongs to, and which connection answers for it.

mod connections;
mod reference;

pub use connections::{Connections, Levels, Target};
pub use reference::Resolved;
pub(crate) use reference::resolve;
