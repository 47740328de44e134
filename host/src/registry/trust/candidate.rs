//! A file that the operator is asked about: read once, so that what is shown is what is approved.

use std::{
    fs, io,
    path::{Path, PathBuf},
    time::{SystemTime, UNIX_EPOCH},
};

use usher_adapter_sdk::{Error, ErrorKind, Result, model::Time};

use super::{Approval, LockFile, Request, Waiting, changed, signature};
use crate::{
    config::{AdapterFolder, Trust},
    registry::{Adapter, Image, scan, store},
};

/// A file with the adapters in it, its digest and who has signed it.
pub struct Candidate {
    /// The file.
    pub file: PathBuf,
    /// The digest of the bytes that were read.
    pub sha256: String,
    /// The id of the key that has signed them, where the folder requires a signature.
    pub signer: Option<String>,
    /// The adapters in it.
    pub adapters: Vec<Adapter>,
}

impl Candidate {
    /// Reads a file, which is refused for the same reasons as when it is looked for. The folders say whether it has to be
    /// signed.
    pub fn read(file: &Path, folders: &[AdapterFolder]) -> Result<Self> {
        let refused = |reason: String| {
            Error::new(ErrorKind::AdapterRefused, format!("{} {reason}", file.display()))
                .with_hint("Approving does not help here: the file has to be another, or elsewhere.")
        };
        let metadata = fs::metadata(file).map_err(|error| unreadable(file, &error))?;
        if !metadata.is_file() {
            return Err(refused("is not a regular file".to_owned()));
        }
        if let Some(reason) = scan::exposed(file) {
            return Err(refused(reason));
        }
        let bytes = fs::read(file).map_err(|error| unreadable(file, &error))?;
        let image = Image::of(&bytes).map_err(|error| refused(error.to_string()))?;
        let adapters = scan::of_image(file, &image);
        let adapters = adapters.map_err(|error| Error::new(ErrorKind::AdapterRefused, error.to_string()))?;
        let signed = folders.iter().find(|folder| folder.trust == Trust::Signed && holds(folder, file));
        let signed = signed.map(|folder| signature::verify_read(file, &bytes, &folder.keys)).transpose();
        let signer = signed.map_err(refused)?.map(|signed| signed.signer);
        Ok(Self { file: file.to_owned(), sha256: store::digest(&bytes), signer, adapters })
    }

    /// Returns how an adapter in it differs from what was approved before; nothing if it is what was approved.
    pub fn waiting(&self, adapter: &Adapter, lock: &LockFile) -> Option<Waiting> {
        match lock.of(adapter.id()) {
            None => Some(Waiting::New),
            Some(approval) if approval.sha256 == self.sha256 => None,
            Some(approval) => Some(changed(approval, &adapter.manifest, &adapter.version)),
        }
    }

    /// Returns what is written when it is approved now.
    pub fn approvals(&self) -> Vec<Approval> {
        let approved_at = now();
        let approval = |adapter: &Adapter| Approval {
            id: adapter.id().to_owned(),
            version: adapter.version.clone(),
            sha256: self.sha256.clone(),
            signer: self.signer.clone(),
            request: Request::of(&adapter.manifest),
            approved_at,
        };
        self.adapters.iter().map(approval).collect()
    }
}

fn unreadable(file: &Path, error: &io::Error) -> Error {
    Error::new(ErrorKind::InvalidReference, format!("{} cannot be read: {error}", file.display()))
        .with_hint("Name an adapter by its id or a file; `usher adapter list` shows both.")
}

/// Tells whether a folder is the one that a file lies in.
fn holds(folder: &AdapterFolder, file: &Path) -> bool {
    let parent = file.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
    matches!((parent.canonicalize(), folder.path.canonicalize()), (Ok(parent), Ok(folder)) if parent == folder)
}

/// Returns the time in whole seconds: nobody approves more often.
fn now() -> Time {
    let seconds = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_secs();
    i64::try_from(seconds).ok().and_then(Time::from_unix_seconds).unwrap_or(Time::from_unix_nanos(0))
}
