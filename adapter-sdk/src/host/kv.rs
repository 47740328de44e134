//! A connection's small memory.

use serde::Serialize;

use super::Host;
use crate::{
    Result, decode,
    wire::{KvArgs, capability},
};

/// A connection's small memory: on disk, 64 KiB in all, whole or not at all, shared by every process.
///
/// It is for what is dear to find out and cheap to lose: a cloud id, a field's name, the edition of a server.
#[derive(Debug, Clone, Copy)]
pub struct Kv<'a>(&'a Host);

impl<'a> Kv<'a> {
    pub(super) fn new(host: &'a Host) -> Self {
        Self(host)
    }

    /// Returns a remembered value.
    pub async fn get(&self, key: &str) -> Result<Option<Vec<u8>>> {
        let (head, body) = self.0.call(capability::KV_GET, &KvArgs { key: key.into() }, Vec::new()).await?;
        let found: KvFound = decode::json(&head)?;
        Ok(found.found.then(|| body.into_vec()))
    }

    /// Remembers a value.
    pub async fn set(&self, key: &str, value: impl Into<Vec<u8>>) -> Result<()> {
        self.0.call(capability::KV_SET, &KvArgs { key: key.into() }, value.into()).await.map(drop)
    }

    /// Forgets a value.
    pub async fn remove(&self, key: &str) -> Result<()> {
        self.0.call(capability::KV_REMOVE, &KvArgs { key: key.into() }, Vec::new()).await.map(drop)
    }
}

/// The header of the answer to `kv.get`.
#[derive(Debug, Clone, Copy, Serialize, serde::Deserialize)]
pub struct KvFound {
    /// Whether there is a value; it is the body.
    pub found: bool,
}
