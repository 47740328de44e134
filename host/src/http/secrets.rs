//! Secrets are read where they are, when the first request needs them.

use usher_adapter_sdk::{Error, ErrorKind, Result};

use crate::config::{Secret, SecretSource};

/// Reads a secret from where it is kept.
pub(crate) async fn read(source: &SecretSource) -> Result<Secret> {
    match source {
        SecretSource::Value(secret) => Ok(secret.clone()),
        SecretSource::File(path) => {
            let text = tokio::fs::read_to_string(path).await.map_err(|error| {
                Error::new(ErrorKind::CredentialMissing, format!("{} cannot be read: {error}", path.display()))
            })?;
            Ok(Secret::new(text.trim_end_matches(['\r', '\n'])))
        }
        SecretSource::Command(_) | SecretSource::Keyring(_) => {
            Err(Error::unsupported("a secret from a command or the keyring"))
        }
    }
}
