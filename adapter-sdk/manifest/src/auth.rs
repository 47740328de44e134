//! Ways to authenticate, as data: which fields, which header, how composed, for which hosts.

use crate::grants::HostGrant;
use crate::template::Template;
use crate::token::TokenRequest;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::fmt;

/// One way to authenticate.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct AuthScheme {
    /// Its name, as in `auth.scheme = "…"` of a connection.
    pub scheme: String,
    /// Where to get such credentials, for people.
    pub help: Option<String>,
    /// The keys of `[connections.NAME.auth]`, in the order in which they are written.
    pub fields: Vec<AuthField>,
    /// Texts composed from the fields, to be used in `headers` and `query`.
    pub values: BTreeMap<String, Template>,
    /// The headers to send.
    pub headers: BTreeMap<String, Template>,
    /// The query parameters to send, for platforms that know no header.
    pub query: BTreeMap<String, Template>,
    /// The only hosts that get the credentials.
    pub hosts: Vec<HostGrant>,
    /// How the host fetches `{access_token}`, where the fields are what entitles to one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub token: Option<TokenRequest>,
}

/// One key of `[connections.NAME.auth]`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct AuthField {
    /// The key.
    pub name: String,
    /// What to enter, for people.
    pub help: Option<String>,
    /// Whether it prints as stars.
    pub secret: bool,
    /// Whether the scheme is of no use without it.
    pub required: bool,
}

/// What an authenticated request carries.
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum AuthPart {
    /// A header.
    Header {
        /// Its name as the manifest writes it.
        name: String,
        /// Its composed value, which is secret.
        value: String,
    },
    /// A query parameter, not yet encoded.
    Query {
        /// Its name.
        name: String,
        /// Its composed value, which is secret.
        value: String,
    },
}

impl AuthScheme {
    /// Returns what to send, or the name of the required field that has no value.
    ///
    /// Of a scheme with a token request, `access_token` is asked for like a field.
    pub fn compose(&self, field: impl Fn(&str) -> Option<String>) -> Result<Vec<AuthPart>, String> {
        let missing = self.fields.iter().find(|known| known.required && field(&known.name).is_none());
        if let Some(missing) = missing {
            return Err(missing.name.clone());
        }
        let value = |name: &str| match self.values.get(name) {
            Some(template) => template.render(&field),
            None => field(name),
        };
        // A part whose optional field is absent is left out.
        let headers = self.headers.iter().filter_map(|(name, template)| {
            let (name, value) = (name.clone(), template.render(value)?);
            Some(AuthPart::Header { name, value })
        });
        let query = self.query.iter().filter_map(|(name, template)| {
            let (name, value) = (name.clone(), template.render(value)?);
            Some(AuthPart::Query { name, value })
        });
        Ok(headers.chain(query).collect())
    }
}

impl fmt::Debug for AuthPart {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Header { name, .. } => write!(f, "Header({name}: ***)"),
            Self::Query { name, .. } => write!(f, "Query({name}=***)"),
        }
    }
}

/// A field as it is written, without its name.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct AuthFieldSource {
    help: Option<String>,
    #[serde(default = "yes")]
    secret: bool,
    #[serde(default = "yes")]
    pub(crate) required: bool,
}

impl AuthFieldSource {
    pub(crate) fn named(self, name: String) -> AuthField {
        AuthField { name, help: self.help, secret: self.secret, required: self.required }
    }
}

fn yes() -> bool {
    true
}
