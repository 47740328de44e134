//! Secrets are read where they are, when the first request needs them.
//!
//! Each kind of source is a file here: [`file`], [`command`], [`keyring`]. What a reference means is `config`'s, when one
//! is read is `credentials`', and what hides the values is `redact`'s.

mod command;
mod file;
pub(crate) mod keyring;

use std::time::Duration;

use usher_adapter_sdk::{Error, ErrorKind, Result};

use crate::{
    config::{Secret, SecretSource},
    redact,
    transport::{Deadline, Logger},
};

/// The longest that a command or a keyring may take: whoever asks for a ticket waits for it.
const LONGEST_WAIT: Duration = Duration::from_secs(10);

/// The greatest secret that is read. Keys of several kilobytes exist; more is a wrong path.
const LARGEST: usize = 64 << 10;

/// What was read, and what is worth a warning.
pub(crate) struct Found {
    /// The secret.
    pub(crate) secret: Secret,
    /// What whoever runs this host should look at.
    pub(crate) warning: Option<String>,
}

impl From<Secret> for Found {
    fn from(secret: Secret) -> Self {
        Self { secret, warning: None }
    }
}

/// The level of a warning in the log.
pub(super) const WARNING: u32 = 2;

/// Reads a secret of a connection that nobody may see, and from here on is replaced by stars.
pub(super) async fn read_for(
    connection: &str,
    name: &str,
    source: &SecretSource,
    logger: &dyn Logger,
    deadline: Deadline,
) -> Result<Secret> {
    let found = read(source, deadline).await;
    let found = found.map_err(|error| error.context(format_args!("`{name}` of connection `{connection}`")))?;
    redact::learn(&found.secret);
    if let Some(warning) = found.warning {
        logger.own_line(WARNING, connection, &warning);
    }
    Ok(found.secret)
}

/// Reads a secret from where it is kept, within that time.
pub(crate) async fn read(source: &SecretSource, deadline: Deadline) -> Result<Found> {
    let until = deadline.instant().min(Deadline::after(LONGEST_WAIT).instant());
    match source {
        SecretSource::Value(secret) => Ok(secret.clone().into()),
        SecretSource::File(path) => file::read(path).await,
        SecretSource::Command(line) => command::run(line.expose(), until).await.map(Found::from),
        SecretSource::Keyring(entry) => keyring::get(entry, until).await.map(Found::from),
    }
}

/// Says whether a secret may be another one by now, without this host having been told.
pub(crate) fn may_change(source: &SecretSource) -> bool {
    !matches!(source, SecretSource::Value(_))
}

/// Returns what was read as a secret: text, without the line end that editors and programs put there.
fn secret(bytes: Vec<u8>, origin: &str) -> Result<Secret> {
    if bytes.len() > LARGEST {
        let message = format!("{origin} is longer than 64 KiB, which is no secret");
        return Err(Error::new(ErrorKind::CredentialMissing, message).with_hint("Check what the reference points to."));
    }
    let text = String::from_utf8(bytes).map_err(|_| {
        Error::new(ErrorKind::CredentialMissing, format!("{origin} is not text in UTF-8"))
            .with_hint("Check what the reference points to; a key that is binary is kept as base64.")
    })?;
    let text = text.strip_suffix('\n').unwrap_or(&text);
    let text = text.strip_suffix('\r').unwrap_or(text);
    if text.is_empty() {
        return Err(Error::new(ErrorKind::CredentialMissing, format!("{origin} is empty"))
            .with_hint("Put the secret there, or point elsewhere."));
    }
    Ok(Secret::new(text))
}

#[cfg(test)]
mod tests;
