//! What the host's loader uses of the SDK, and nothing else: an error with a kind and a message.
//!
//! The real SDK depends on the real ABI, and a host of a later time has another. Should the loader use more of the SDK, the
//! compiler says so here.

use std::fmt;

/// The result of everything that the loader does.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// What kind of error it is.
#[derive(Debug, Clone, Copy)]
pub enum ErrorKind {
    /// The adapter could not be loaded.
    AdapterRefused,
}

/// An error of the loader's.
#[derive(Debug)]
pub struct Error {
    kind: ErrorKind,
    message: String,
}

impl Error {
    /// Returns an error of a kind, with what it says to people.
    pub fn new(kind: ErrorKind, message: impl Into<String>) -> Self {
        Self { kind, message: message.into() }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.kind {
            ErrorKind::AdapterRefused => write!(f, "adapter_refused: {}", self.message),
        }
    }
}
