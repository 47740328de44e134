//! A drop-in's own process: this program, started again, confined, with one library and one connection.
//!
//! What lives here: what both ends of the socket say (`frame`, `socket`, `hello`) and the worker's own end (`child`), and how
//! it is confined (`confine`). What does not: starting, watching and replacing workers, which is the host's side (`transport/worker`).
//!
//! | kind | from | means |
//! |---|---|---|
//! | `hello` | both | what is to be opened and under which limits; how far the process is confined |
//! | `call`, `result` | host, worker | one operation and its one answer, told apart by their number |
//! | `host_call`, `host_result` | worker, host | what the adapter asks of the host |
//! | `cancel` | both | whoever asked has gone away |
//! | `log` | worker | a line of the adapter's |
//! | `ping` | both | is anybody there |
//! | `bye` | host | the worker is needed no longer |

#[cfg(unix)]
mod child;
pub mod confine;
#[cfg(unix)]
pub(crate) mod frame;
#[cfg(unix)]
pub(crate) mod hello;
#[cfg(unix)]
pub(crate) mod socket;

#[cfg(unix)]
pub use child::run_if_asked;

/// The first argument of a program that is to be a worker.
#[cfg(unix)]
pub(crate) const ARGUMENT: &str = "__worker";

/// Calls that no operation of an adapter is named after: they have a dot.
#[cfg(unix)]
pub(crate) mod step {
    /// Opens the library.
    pub(crate) const OPEN: &str = "worker.open";
    /// Makes the adapter; the message's header is its `CreateConfig`.
    pub(crate) const MAKE: &str = "worker.make";
    /// Ends the adapter.
    pub(crate) const END: &str = "worker.end";
}
