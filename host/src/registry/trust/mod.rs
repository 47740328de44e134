//! Whether a file may be loaded: what its folder requires of it, and what the operator has approved.
//!
//! | file | what it knows |
//! |---|---|
//! | `request` | what an adapter asks for, and what is more than before |
//! | `lock` | what was approved |
//! | `signature` | who has signed a file |
//! | `candidate` | what the operator is asked about |
//! | `grants` | what an adapter gets of what it asks for |
//!
//! Nothing here opens a library: manifests are read, bytes are hashed.

mod candidate;
pub mod grants;
mod lock;
mod request;
mod signature;

use std::{fmt, path::Path};

use usher_adapter_manifest::Manifest;
use usher_adapter_sdk::model::Time;

pub use candidate::Candidate;
pub use lock::{Approval, LOCK_FILE, LockFile};
pub use request::{Difference, Request};

use super::{Adapter, store::Store};
use crate::config::{AdapterFolder, Trust};

/// What was established about a file when it was found, by the level of its folder.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Seal {
    /// How far its folder is trusted.
    pub trust: Trust,
    /// The digest of the bytes that were judged; nothing where nothing had to be.
    pub sha256: Option<String>,
    /// The id of the key that has signed them.
    pub signer: Option<String>,
}

/// Why an adapter waits for the operator.
#[derive(Debug, Clone, PartialEq)]
pub enum Waiting {
    /// It has never been approved.
    New,
    /// Another file of it was.
    Changed {
        /// When that was.
        approved_at: Time,
        /// How they differ.
        difference: Difference,
    },
}

impl fmt::Display for Waiting {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::New => f.write_str("is not approved yet"),
            Self::Changed { approved_at, difference } => {
                write!(f, "changed since it was approved on {approved_at}: {difference}")
            }
        }
    }
}

/// Looks at a file as its folder requires, or says why it may not be used in words that follow its name.
pub(super) fn seal(folder: &AdapterFolder, file: &Path, store: Option<&Store>) -> Result<Seal, String> {
    match folder.trust {
        Trust::Open => Ok(Seal::default()),
        Trust::Pinned => {
            let sha256 = digest(store, file)?;
            Ok(Seal { trust: Trust::Pinned, sha256: Some(sha256), signer: None })
        }
        Trust::Signed => {
            let signed = signature::verify(file, &folder.keys, store)?;
            Ok(Seal { trust: Trust::Signed, sha256: Some(signed.sha256), signer: Some(signed.signer) })
        }
    }
}

/// Says whether an adapter in a sealed file has to wait for the operator.
pub(super) fn waiting(seal: &Seal, manifest: &Manifest, version: &str, lock: &LockFile) -> Option<Waiting> {
    if seal.trust == Trust::Open {
        return None;
    }
    let Some(approval) = lock.of(&manifest.id) else {
        return (seal.trust == Trust::Pinned).then_some(Waiting::New);
    };
    if Some(&approval.sha256) == seal.sha256.as_ref() {
        return None;
    }
    let changed = changed(approval, manifest, version);
    // Who has signed an update vouches for it; that it may do more than before is not theirs to say.
    match &changed {
        Waiting::Changed { difference, .. } if seal.trust == Trust::Signed && difference.more.is_empty() => None,
        _ => Some(changed),
    }
}

/// Returns what the operator has approved that an adapter in the file with that digest may have: by approving exactly this
/// file, or one before it of which this is a signed update that asks for no more.
pub(super) fn approved<'a>(adapter: &Adapter, sha256: &str, lock: &'a LockFile) -> Option<&'a Request> {
    let Adapter { seal, manifest, version, .. } = adapter;
    let approval = lock.of(adapter.id())?;
    let is_update = seal.trust == Trust::Signed
        && seal.sha256.as_deref() == Some(sha256)
        && waiting(seal, manifest, version, lock).is_none();
    (approval.sha256 == sha256 || is_update).then_some(&approval.request)
}

/// Returns how an adapter differs from what was approved under its id.
fn changed(approval: &Approval, manifest: &Manifest, version: &str) -> Waiting {
    let asked = Request::of(manifest);
    let difference = Difference::between((&approval.version, &approval.request), (version, &asked));
    Waiting::Changed { approved_at: approval.approved_at, difference }
}

/// Returns the digest of a file, through the notes of the store if there is one.
pub(super) fn digest(store: Option<&Store>, file: &Path) -> Result<String, String> {
    match store {
        Some(store) => store.digest(file),
        None => super::store::sha256(file).map_err(|error| format!("cannot be read: {error}")),
    }
}
