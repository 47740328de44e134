//! Who is told how far long work has come.

use crate::http::Waiting;

/// Is told how far work has come, while it is being done, from any thread.
///
/// What it does with that is its own: nothing waits for it, so it must not block.
pub trait Progress: Send + Sync {
    /// A page of a list has come: how many tickets of the connection are here by now, and how many there are if the
    /// platform says so.
    fn listed(&self, connection: &str, loaded: u64, total: Option<u64>);

    /// A connection waits before it goes on, such as for `GitHub's search limit`.
    fn waiting(&self, connection: &str, wait: &Waiting<'_>);
}

/// Nobody looks.
#[derive(Debug, Clone, Copy, Default)]
pub struct Unwatched;

impl Progress for Unwatched {
    fn listed(&self, _: &str, _: u64, _: Option<u64>) {}

    fn waiting(&self, _: &str, _: &Waiting<'_>) {}
}
