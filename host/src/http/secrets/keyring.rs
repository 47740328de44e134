//! `keyring:SERVICE/USER`: the system's own store of passwords.
//!
//! Asked on a thread of its own: the libraries wait, and a keyring that shows a prompt waits for somebody who may have gone
//! home. The thread is left behind then; it holds nothing but its question.

use std::{sync::Arc, thread, time::Instant};

use keyring_core::{Entry, Error as StoreError, api::CredentialStore};
use tokio::sync::oneshot;
use usher_adapter_sdk::{Error, ErrorKind, Result};

use super::secret;
use crate::config::Secret;

/// The service of an entry that names none.
const SERVICE: &str = "usher";

/// What to do where there is no keyring.
const INSTEAD: &str =
    "Unlock it, or keep the secret elsewhere: `file:PATH`, `${NAME}`, `usher connection add --no-keyring`.";

/// Returns the secret of an entry.
pub(super) async fn get(entry: &str, until: Instant) -> Result<Secret> {
    let name = entry.to_owned();
    let password = ask(entry, until, move || open(&name)?.get_password()).await?;
    secret(password.into_bytes(), &format!("the keyring's entry `{entry}`"))
}

/// Writes the secret of an entry, in place of one that is there.
pub(crate) async fn set(entry: &str, secret: &Secret, until: Instant) -> Result<()> {
    let (name, secret) = (entry.to_owned(), secret.clone());
    ask(entry, until, move || open(&name)?.set_password(secret.expose())).await
}

/// Asks the keyring something, and waits no longer than that.
async fn ask<T: Send + 'static>(
    entry: &str,
    until: Instant,
    question: impl FnOnce() -> Result<T, StoreError> + Send + 'static,
) -> Result<T> {
    let (answer, answered) = oneshot::channel();
    let asking = thread::Builder::new().name("keyring".to_owned()).spawn(move || {
        // Whoever has stopped waiting needs no answer.
        let _ = answer.send(question());
    });
    asking.map_err(|error| unreachable(entry, &format!("no thread for it: {error}")))?;
    match tokio::time::timeout_at(until.into(), answered).await {
        Ok(Ok(answer)) => answer.map_err(|error| refused(entry, &error)),
        Ok(Err(_)) => Err(unreachable(entry, "its library failed")),
        Err(_) => Err(unreachable(entry, "it did not answer in time; it may be locked, and ask on a screen")),
    }
}

fn open(name: &str) -> Result<Entry, StoreError> {
    let (service, user) = name.split_once('/').unwrap_or((SERVICE, name));
    Entry::new_in_store(&store()?, service, user)
}

/// Opens the store anew each time: one that could not be reached when the host started may have come up since.
#[cfg(all(unix, not(target_os = "macos"), not(test)))]
fn store() -> Result<Arc<CredentialStore>, StoreError> {
    Ok(zbus_secret_service_keyring_store::Store::new()?)
}

#[cfg(all(target_os = "macos", not(test)))]
fn store() -> Result<Arc<CredentialStore>, StoreError> {
    Ok(apple_native_keyring_store::keychain::Store::new()?)
}

#[cfg(all(windows, not(test)))]
fn store() -> Result<Arc<CredentialStore>, StoreError> {
    Ok(windows_native_keyring_store::Store::new()?)
}

/// A keyring that lives in the tests' process: nobody's own is asked.
#[cfg(test)]
fn store() -> Result<Arc<CredentialStore>, StoreError> {
    static STORE: std::sync::LazyLock<Result<Arc<keyring_core::mock::Store>, StoreError>> =
        std::sync::LazyLock::new(keyring_core::mock::Store::new);
    match &*STORE {
        Ok(store) => Ok(store.clone()),
        Err(error) => Err(StoreError::Invalid("mock".to_owned(), error.to_string())),
    }
}

fn refused(entry: &str, error: &StoreError) -> Error {
    match error {
        StoreError::NoEntry => {
            let message = format!("the keyring has no entry `{entry}`");
            Error::new(ErrorKind::CredentialMissing, message)
                .with_hint("`usher connection add … --force` writes it again; or point elsewhere.")
        }
        // What comes with these is the secret itself.
        StoreError::BadEncoding(_) | StoreError::BadDataFormat(..) => {
            let message = format!("the keyring's entry `{entry}` is not text");
            Error::new(ErrorKind::CredentialMissing, message).with_hint("Write it again, as text.")
        }
        error => unreachable(entry, &error.to_string()),
    }
}

fn unreachable(entry: &str, why: &str) -> Error {
    let message = format!("the keyring cannot be asked for `{entry}`: {why}");
    Error::new(ErrorKind::CredentialMissing, message).with_hint(INSTEAD)
}
