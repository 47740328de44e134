//! `[connections.NAME.http]`: the time allowed for a request, and how the platform is reached (`tls`, `proxy`).

use std::path::Path;
use std::time::Duration;

use schemars::JsonSchema;
use serde::Deserialize;

use super::duration::{Span, longer_than};
use super::error::Problem;
use super::located::{Elsewhere, Located, Node};
use super::paths::Environment;
use super::proxy::{Proxy, RawProxy};
use super::secret::{self, AuthField, LiteralSecret, Reference};
use super::tls::{Files, RawTls, Tls, TlsVersion, Verify};

/// Time allowed for a request, certificates and proxy.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "Http")]
pub(super) struct RawHttp {
    /// Time to open a connection.
    #[schemars(extend("default" = "10s"))]
    connect: Option<Located<Span>>,
    /// Longest silence while an answer arrives; never more than `total`.
    #[schemars(extend("default" = "30s"))]
    read: Option<Located<Span>>,
    /// Time for everything together, retries included.
    #[schemars(extend("default" = "1m"))]
    total: Option<Located<Span>>,
    /// PEM files with authorities that are believed beside the system's; relative ones start at the folder of this file.
    ca_file: Option<Located<Files>>,
    /// PEM file with a certificate for a platform that asks who we are. Only the connection's own addresses are shown it.
    client_certificate: Option<Located<String>>,
    /// Its key in PEM form, as a reference to a secret; absent where the key stands in the same file.
    #[expect(dead_code, reason = "read by `Secrets::read`, so that serde never holds a secret")]
    client_key: Option<Elsewhere<Reference>>,
    /// Oldest version of TLS that is spoken.
    #[schemars(extend("default" = "1.2"))]
    min_tls: Option<TlsVersion>,
    /// Whether the platform has to prove who it is. `danger-no-verification` lets whoever is in between read and change
    /// everything, credentials included; it holds for the connection's own addresses only.
    #[schemars(extend("default" = "full"))]
    verify: Option<Located<Verify>>,
    /// Address of a proxy (http, https, socks5 or socks5h), `none`, or `system` for what the environment says.
    #[schemars(extend("default" = "system"))]
    proxy: Option<Located<String>>,
    /// Who we are to the proxy, as a reference to a secret.
    #[expect(dead_code, reason = "read by `Secrets::read`")]
    proxy_user: Option<Elsewhere<Reference>>,
    /// The password for it, as a reference to a secret.
    #[expect(dead_code, reason = "read by `Secrets::read`")]
    proxy_password: Option<Elsewhere<Reference>>,
    /// Hosts that are asked without the proxy: names with all below them, addresses, networks.
    no_proxy: Option<Vec<Located<String>>>,
}

/// The keys that hold references to secrets.
pub(super) const SECRET_KEYS: [&str; 3] = ["client_key", "proxy_user", "proxy_password"];

/// How a platform is reached.
#[derive(Debug, Clone, Default)]
pub struct Network {
    /// Who is believed, and how we prove who we are.
    pub tls: Tls,
    /// The way there.
    pub proxy: Proxy,
}

impl Network {
    /// Returns the references to secrets in it, by their keys.
    pub fn secrets(&self) -> impl Iterator<Item = (&'static str, &AuthField)> {
        let key = self.tls.client.as_ref().and_then(|client| client.key.as_ref());
        let (user, password) = match &self.proxy {
            Proxy::Through(server) => (server.user.as_ref(), server.password.as_ref()),
            Proxy::System | Proxy::Direct => (None, None),
        };
        SECRET_KEYS.into_iter().zip([key, user, password]).filter_map(|(name, field)| Some((name, field?)))
    }

    /// Resolves certificates and proxy, and says what is worth a warning.
    pub(super) fn resolve(
        raw: &mut RawHttp,
        secrets: Secrets,
        folder: &Path,
        environment: &dyn Environment,
    ) -> Result<(Self, Option<Problem>), Problem> {
        let Secrets { client_key, proxy_user, proxy_password } = secrets;
        let (authorities, certificate) = (raw.ca_file.take(), raw.client_certificate.take());
        let (minimum, verify) = (raw.min_tls, raw.verify.take());
        let tls = RawTls { authorities, certificate, key: client_key, minimum, verify };
        let (tls, warning) = Tls::resolve(tls, folder, environment)?;
        let (proxy, except) = (raw.proxy.take(), raw.no_proxy.take());
        let proxy = Proxy::resolve(RawProxy { proxy, user: proxy_user, password: proxy_password, except })?;
        Ok((Self { tls, proxy }, warning))
    }
}

/// The references to secrets in the table.
#[derive(Debug, Default)]
pub(super) struct Secrets {
    client_key: Option<Located<AuthField>>,
    proxy_user: Option<Located<AuthField>>,
    proxy_password: Option<Located<AuthField>>,
}

impl Secrets {
    /// Reads them from the table as it is written, and says which secrets are written out.
    pub(super) fn read(
        table: &Node,
        folder: &Path,
        environment: &dyn Environment,
    ) -> Result<(Self, Vec<LiteralSecret>), Problem> {
        let read = |key: &str| match table.get(key) {
            Some(node) => secret::reference(node, folder, environment).map_err(|problem| problem.under(key)),
            None => Ok(None),
        };
        let [client_key, proxy_user, proxy_password] = SECRET_KEYS.map(read);
        let secrets = Self { client_key: client_key?, proxy_user: proxy_user?, proxy_password: proxy_password? };
        // A user's name is open.
        let literals = [("client_key", &secrets.client_key), ("proxy_password", &secrets.proxy_password)];
        let literals = literals.into_iter().filter_map(|(key, field)| {
            let Located { offset, .. } = field.as_ref().filter(|field| field.value.literal)?;
            Some(LiteralSecret { field: key.to_owned(), offset: *offset })
        });
        let literals = literals.collect();
        Ok((secrets, literals))
    }
}

/// Time allowed for a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Http {
    /// Time to open a connection.
    pub connect: Duration,
    /// Longest silence while an answer arrives.
    pub read: Duration,
    /// Time for everything together, retries included.
    pub total: Duration,
}

impl Default for Http {
    fn default() -> Self {
        Http { connect: Duration::from_secs(10), read: Duration::from_secs(30), total: Duration::from_secs(60) }
    }
}

impl Http {
    /// Resolves the timeouts. A default gives way to a shorter `total`; two written values that disagree are an error.
    pub(super) fn resolve(raw: RawHttp) -> Result<Self, Problem> {
        let defaults = Http::default();
        for (name, written) in [("connect", &raw.connect), ("read", &raw.read), ("total", &raw.total)] {
            if let Some(written) = written.as_ref().filter(|written| written.value.0.is_zero()) {
                return Err(Problem::new("a timeout of zero would let nothing through").at(written.offset).under(name));
            }
        }
        let total = raw.total.as_ref().map_or(defaults.total, |total| total.value.0);
        let within_total = |name: &str, written: Option<Located<Span>>, default: Duration| match written {
            Some(limit) if limit.value.0 > total => Err(longer_than("total", limit, total).under(name)),
            Some(limit) => Ok(limit.value.0),
            None => Ok(default.min(total)),
        };
        Ok(Http {
            connect: within_total("connect", raw.connect, defaults.connect)?,
            read: within_total("read", raw.read, defaults.read)?,
            total,
        })
    }
}
