//! A connection's credentials: read when the first request needs them, and given only to the hosts they are for.

use std::collections::BTreeMap;

use sha2::{Digest, Sha256};
use tokio::sync::OnceCell;
use url::Url;
use usher_adapter_manifest::{AuthPart, AuthScheme};
use usher_adapter_sdk::{Error, ErrorKind, Result};

use super::{Reach, secrets};
use crate::config::{Auth, Secret};

/// The name that a request gives for "no credentials".
const NONE: &str = "none";

/// What a connection proves itself with.
pub(crate) struct Credentials {
    connection: String,
    auth: Auth,
    /// The ways to authenticate, each with the addresses that it is for.
    schemes: Vec<(AuthScheme, Reach)>,
    values: OnceCell<BTreeMap<String, Secret>>,
}

/// Returns the way to authenticate that the configuration means: the one it names, or the first whose fields are there.
pub(crate) fn chosen_scheme<'a>(auth: &Auth, schemes: impl Iterator<Item = &'a AuthScheme>) -> Option<&'a AuthScheme> {
    let mut schemes = schemes.peekable();
    if let Some(name) = &auth.scheme {
        return schemes.find(|scheme| scheme.scheme == *name);
    }
    if auth.fields.is_empty() {
        return None;
    }
    let first = schemes.peek().copied();
    let has = |name: &str| auth.fields.contains_key(name);
    schemes.find(|scheme| scheme.fields.iter().all(|field| !field.required || has(&field.name))).or(first)
}

impl Credentials {
    /// Returns the credentials of a connection; nothing is read yet.
    pub(crate) fn new(connection: &str, auth: Auth, schemes: Vec<(AuthScheme, Reach)>) -> Self {
        Self { connection: connection.to_owned(), auth, schemes, values: OnceCell::new() }
    }

    /// Returns what a request to an address carries: nothing where the credentials do not belong.
    pub(crate) async fn parts(&self, scheme: Option<&str>, url: &Url) -> Result<Vec<AuthPart>> {
        if scheme == Some(NONE) {
            return Ok(Vec::new());
        }
        let Some((scheme, reach)) = self.chosen(scheme) else {
            return match scheme {
                Some(unknown) => Err(self.unknown(unknown)),
                None => Ok(Vec::new()),
            };
        };
        if reach.check(url).is_err() {
            return Ok(Vec::new());
        }
        let values = self.values().await?;
        let composed = scheme.compose(|field| values.get(field).map(|secret| secret.expose().to_owned()));
        composed.map_err(|missing| self.missing(scheme, &missing))
    }

    /// Returns a name for who asks, from which nobody can tell the secret; it changes with each credential.
    pub(crate) async fn identity(&self) -> Result<String> {
        let mut digest = Sha256::new();
        for (name, secret) in self.values().await? {
            digest.update(name.as_bytes());
            digest.update([0]);
            digest.update(secret.expose().as_bytes());
            digest.update([0]);
        }
        Ok(crate::registry::hex(&digest.finalize()))
    }

    async fn values(&self) -> Result<&BTreeMap<String, Secret>> {
        self.values
            .get_or_try_init(async || {
                let mut values = BTreeMap::new();
                for (name, field) in &self.auth.fields {
                    let secret = secrets::read(&field.source).await;
                    let secret = secret
                        .map_err(|error| error.context(format_args!("`{name}` of connection `{}`", self.connection)))?;
                    values.insert(name.clone(), secret);
                }
                Ok(values)
            })
            .await
    }

    /// Returns the way to authenticate: the one that is named, or the connection's, or the first whose fields are there.
    fn chosen(&self, name: Option<&str>) -> Option<&(AuthScheme, Reach)> {
        let known = || self.schemes.iter().map(|(scheme, _)| scheme);
        let name = name.or_else(|| chosen_scheme(&self.auth, known()).map(|scheme| scheme.scheme.as_str()))?;
        self.schemes.iter().find(|(scheme, _)| scheme.scheme == name)
    }

    fn unknown(&self, scheme: &str) -> Error {
        let names: Vec<&str> = self.schemes.iter().map(|(scheme, _)| scheme.scheme.as_str()).collect();
        Error::new(ErrorKind::Configuration, format!("there is no way to authenticate named `{scheme}`"))
            .with_hint(format!("Valid for connection `{}`: {}.", self.connection, names.join(", ")))
    }

    fn missing(&self, scheme: &AuthScheme, field: &str) -> Error {
        let help = scheme.fields.iter().find(|known| known.name == field).and_then(|known| known.help.clone());
        let message = format!("connection `{}` lacks `{field}`, which `{}` needs", self.connection, scheme.scheme);
        let hint = format!("Write `auth.{field}` below `[connections.{}]`.", self.connection);
        Error::new(ErrorKind::CredentialMissing, message)
            .with_hint(help.map_or(hint.clone(), |help| format!("{hint} {help}")))
    }
}
