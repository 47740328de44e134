//! `file:PATH`: the content of a regular file.

use std::path::Path;

use tokio::{fs, io::AsyncReadExt as _};
use usher_adapter_sdk::{Error, ErrorKind, Result};

use super::{Found, LARGEST, secret};

/// Reads a secret from a file.
pub(super) async fn read(path: &Path) -> Result<Found> {
    let shown = path.display();
    let failed = |error: std::io::Error| {
        Error::new(ErrorKind::CredentialMissing, format!("{shown} cannot be read: {error}"))
            .with_hint("Put the secret there, or point elsewhere; a relative path starts at the configuration's folder.")
    };
    let metadata = fs::metadata(path).await.map_err(failed)?;
    // Looked at before it is opened: opening a pipe would wait for its other end.
    if !metadata.is_file() {
        return Err(Error::new(ErrorKind::CredentialMissing, format!("{shown} is not a regular file"))
            .with_hint("Name a file that holds nothing but the secret, or use `command:LINE`."));
    }
    let file = fs::File::open(path).await.map_err(failed)?;
    let mut bytes = Vec::new();
    file.take(LARGEST as u64 + 1).read_to_end(&mut bytes).await.map_err(failed)?;
    let warning = others_can_read(&metadata)
        .then(|| format!("{shown} holds a secret and can be read by others; `chmod 600` makes it yours alone"));
    Ok(Found { secret: secret(bytes, &shown.to_string())?, warning })
}

#[cfg(unix)]
fn others_can_read(metadata: &std::fs::Metadata) -> bool {
    use std::os::unix::fs::PermissionsExt as _;
    metadata.permissions().mode() & 0o044 != 0
}

/// Elsewhere rights are not bits, and are not judged.
#[cfg(not(unix))]
fn others_can_read(_: &std::fs::Metadata) -> bool {
    false
}
