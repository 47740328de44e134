//! A connection's credentials: read when the first request needs them, and given only to the hosts they are for.

use std::{
    collections::BTreeMap,
    sync::Arc,
    time::{Duration, Instant},
};

use futures_util::future::try_join_all;
use sha2::{Digest, Sha256};
use tokio::sync::Mutex;
use url::Url;
use usher_adapter_manifest::{AuthPart, AuthScheme, TokenRequest};
use usher_adapter_sdk::{Error, ErrorKind, Result};

use super::{Reach, secrets};
use crate::{
    config::{Auth, STARS, Secret},
    redact,
    transport::{Deadline, Logger},
};

/// The name that a request gives for "no credentials".
const NONE: &str = "none";

/// How long a secret that was read once more, and was the same, is believed: a command may ask somebody for a finger.
const REREAD_PAUSE: Duration = Duration::from_secs(60);

/// How long a secret that could not be read is not read again: a command that asks somebody is not to ask for each request.
const FAILURE_PAUSE: Duration = Duration::from_secs(10);

/// What a connection proves itself with.
pub(crate) struct Credentials {
    connection: String,
    auth: Auth,
    /// The ways to authenticate, each with the addresses that it is for.
    schemes: Vec<(AuthScheme, Reach)>,
    /// Read by one request, while the others wait for it.
    values: Mutex<Known>,
    /// What tells the client certificate from others, where the connection has one.
    certificate: Option<String>,
    logger: Arc<dyn Logger>,
}

/// What came of reading the fields.
#[derive(Default)]
struct Known {
    values: Option<Values>,
    /// Why they could not be read, and when that was.
    failed: Option<(Error, Instant)>,
}

/// The values of all fields, as they were read last.
#[derive(Clone)]
struct Values {
    fields: Arc<BTreeMap<String, Secret>>,
    /// How often they have become others.
    version: u64,
    /// When they were read once more and were the same.
    confirmed: Option<Instant>,
}

/// What a connection proves itself with to one address: a way to authenticate, and the secrets for it.
pub(crate) struct Proof<'a> {
    /// The connection's name.
    pub(crate) connection: &'a str,
    /// The way to authenticate.
    pub(crate) scheme: &'a AuthScheme,
    values: Values,
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
    pub(crate) fn new(
        connection: &str,
        auth: Auth,
        schemes: Vec<(AuthScheme, Reach)>,
        logger: Arc<dyn Logger>,
    ) -> Self {
        let connection = connection.to_owned();
        Self { connection, auth, schemes, values: Mutex::default(), certificate: None, logger }
    }

    /// Adds what tells the connection's client certificate from others.
    #[must_use]
    pub(crate) fn with_certificate(mut self, digest: Option<String>) -> Self {
        self.certificate = digest;
        self
    }

    /// Returns what proves who asks an address: nothing where the credentials do not belong.
    pub(crate) async fn proof(&self, scheme: Option<&str>, url: &Url, deadline: Deadline) -> Result<Option<Proof<'_>>> {
        if scheme == Some(NONE) {
            return Ok(None);
        }
        let Some((scheme, reach)) = self.chosen(scheme) else {
            return scheme.map_or(Ok(None), |unknown| Err(self.unknown(unknown)));
        };
        if reach.check(url).is_err() {
            return Ok(None);
        }
        Ok(Some(Proof { connection: &self.connection, scheme, values: self.values(deadline).await? }))
    }

    /// Reads once more what may have become another secret since, after the platform has refused a version of it. Says
    /// whether there is another one now.
    pub(crate) async fn renew(&self, refused: u64, deadline: Deadline) -> Result<bool> {
        let mut values = self.values.lock().await;
        let Some(known) = values.values.as_mut() else { return Ok(false) };
        if known.version != refused {
            return Ok(true);
        }
        let may_change = self.auth.fields.values().any(|field| secrets::may_change(&field.source));
        let was_just_read = known.confirmed.is_some_and(|at| at.elapsed() < REREAD_PAUSE);
        if !may_change || was_just_read {
            return Ok(false);
        }
        let fields = self.read(deadline).await?;
        let is_same = fields
            .iter()
            .map(|(name, secret)| (name, secret.expose()))
            .eq(known.fields.iter().map(|(name, secret)| (name, secret.expose())));
        if is_same {
            known.confirmed = Some(Instant::now());
            return Ok(false);
        }
        *known = Values { fields: Arc::new(fields), version: known.version + 1, confirmed: None };
        Ok(true)
    }

    /// Returns a name for who asks, from which nobody can tell the secret; it changes with each credential.
    pub(crate) async fn identity(&self, deadline: Deadline) -> Result<String> {
        let mut digest = Sha256::new();
        if let Some(certificate) = &self.certificate {
            digest.update(certificate.as_bytes());
            digest.update([0]);
        }
        for (name, secret) in self.values(deadline).await?.fields.iter() {
            digest.update(name.as_bytes());
            digest.update([0]);
            digest.update(secret.expose().as_bytes());
            digest.update([0]);
        }
        Ok(crate::registry::hex(&digest.finalize()))
    }

    async fn values(&self, deadline: Deadline) -> Result<Values> {
        let mut known = self.values.lock().await;
        if let Some(values) = &known.values {
            return Ok(values.clone());
        }
        if let Some((error, at)) = &known.failed
            && at.elapsed() < FAILURE_PAUSE
        {
            return Err(error.clone());
        }
        match self.read(deadline).await {
            Ok(fields) => {
                let read = Values { fields: Arc::new(fields), version: 0, confirmed: None };
                Ok(known.values.insert(read).clone())
            }
            Err(error) => {
                known.failed = Some((error.clone(), Instant::now()));
                Err(error)
            }
        }
    }

    /// Reads every field, all at once.
    async fn read(&self, deadline: Deadline) -> Result<BTreeMap<String, Secret>> {
        let reading = self.auth.fields.iter().map(async |(name, field)| {
            let found = secrets::read(&field.source, deadline).await;
            let found =
                found.map_err(|error| error.context(format_args!("`{name}` of connection `{}`", self.connection)))?;
            if self.is_secret(name) {
                redact::learn(&found.secret);
            }
            if let Some(warning) = found.warning {
                self.logger.own_line(secrets::WARNING, &self.connection, &warning);
            }
            Ok::<_, Error>((name.clone(), found.secret))
        });
        Ok(try_join_all(reading).await?.into_iter().collect())
    }

    /// Says whether a field is one that the manifest does not call open, such as a user's name.
    fn is_secret(&self, name: &str) -> bool {
        let fields = self.schemes.iter().flat_map(|(scheme, _)| &scheme.fields);
        let mut of_that_name = fields.filter(|field| field.name == name).peekable();
        of_that_name.peek().is_none() || of_that_name.any(|field| field.secret)
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
}

impl Proof<'_> {
    /// Returns the version of the secrets, for [`Credentials::renew`].
    pub(crate) fn version(&self) -> u64 {
        self.values.version
    }

    /// Returns the value of a field, if it has one.
    pub(crate) fn field(&self, name: &str) -> Option<&str> {
        self.values.fields.get(name).map(Secret::expose)
    }

    /// Returns the value of a field that is needed.
    pub(crate) fn required(&self, name: &str) -> Result<&str> {
        self.field(name).ok_or_else(|| self.missing(name))
    }

    /// Returns what a request carries, with the token that was fetched for it where the scheme has one.
    pub(crate) fn compose(&self, access_token: Option<&Secret>) -> Result<Vec<AuthPart>> {
        let parts = self.composed(access_token.map(Secret::expose))?;
        for part in &parts {
            match part {
                AuthPart::Header { value, .. } | AuthPart::Query { value, .. } => redact::learn_composed(value),
                _ => {}
            }
        }
        Ok(parts)
    }

    /// Returns what a request would carry, for those who show it with stars: no token is fetched for that.
    pub(crate) fn preview(&self) -> Result<Vec<AuthPart>> {
        match self.scheme.token {
            Some(_) => self.composed(Some(STARS)),
            None => self.compose(None),
        }
    }

    fn composed(&self, access_token: Option<&str>) -> Result<Vec<AuthPart>> {
        let is_fetched = |name: &str| self.scheme.token.is_some() && name == TokenRequest::YIELDS;
        let value = |name: &str| if is_fetched(name) { access_token } else { self.field(name) };
        let composed = self.scheme.compose(|name| value(name).map(str::to_owned));
        composed.map_err(|missing| self.missing(&missing))
    }

    fn missing(&self, field: &str) -> Error {
        let Self { connection, scheme, .. } = self;
        let help = scheme.fields.iter().find(|known| known.name == field).and_then(|known| known.help.clone());
        let message = format!("connection `{connection}` lacks `{field}`, which `{}` needs", scheme.scheme);
        let hint = format!("Write `auth.{field}` below `[connections.{connection}]`.");
        Error::new(ErrorKind::CredentialMissing, message)
            .with_hint(help.map_or(hint.clone(), |help| format!("{hint} {help}")))
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;
    use crate::{
        config::{AuthField, SecretSource},
        http::testing::Silence,
    };

    fn credentials(source: SecretSource) -> Credentials {
        let field = AuthField { source, shown: String::new(), literal: false };
        let auth = Auth { scheme: None, fields: BTreeMap::from([("token".to_owned(), field)]) };
        Credentials::new("work", auth, Vec::new(), Arc::new(Silence))
    }

    fn deadline() -> Deadline {
        Deadline::after(Duration::from_secs(5))
    }

    #[tokio::test]
    async fn a_secret_that_cannot_be_read_is_not_read_again_by_each_request() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("token");
        let credentials = credentials(SecretSource::File(file.clone()));
        let error = credentials.identity(deadline()).await.unwrap_err();
        fs::write(&file, "it-is-there-now").unwrap();
        assert_eq!(credentials.identity(deadline()).await, Err(error));
    }

    #[tokio::test]
    async fn who_shows_another_certificate_is_somebody_else() {
        let mut seen = std::collections::BTreeSet::new();
        for certificate in [None, Some("one"), Some("two")] {
            let credentials = credentials(SecretSource::Value(Secret::new("the-same-token")));
            let credentials = credentials.with_certificate(certificate.map(str::to_owned));
            seen.insert(credentials.identity(deadline()).await.unwrap());
        }
        assert_eq!(seen.len(), 3);
    }
}
