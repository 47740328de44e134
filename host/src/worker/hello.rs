//! The first words of both sides.

use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use super::confine::{Level, PathGrant};

/// What the host says to a worker that it has started. The manifest record of the adapter follows it.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Hello {
    /// The version of the frames.
    pub(crate) protocol: u32,
    /// What else the host understands; there is nothing yet.
    pub(crate) features: Vec<String>,
    /// A number that comes back in the answer.
    pub(crate) nonce: String,
    /// The adapter's id.
    pub(crate) adapter: String,
    /// The library, a copy in the store.
    pub(crate) library: PathBuf,
    /// The digest of that file.
    pub(crate) sha256: String,
    /// The entry symbol.
    pub(crate) symbol: String,
    /// The capabilities that the host has.
    pub(crate) supports: Vec<String>,
    /// Folders and files that may be touched.
    pub(crate) grants: Vec<PathGrant>,
    /// Whether it may open sockets of its own.
    pub(crate) network: bool,
    /// Whether a process that cannot be confined fully must not open anything.
    pub(crate) require_sandbox: bool,
}

/// What a worker answers when it is confined, before it opens anything.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Welcome {
    /// The version of the frames.
    pub(crate) protocol: u32,
    /// What else the worker understands.
    pub(crate) features: Vec<String>,
    /// The host's number.
    pub(crate) nonce: String,
    /// How far the process is confined.
    pub(crate) sandbox: Level,
    /// Why it is confined no further.
    pub(crate) remarks: Vec<String>,
}
