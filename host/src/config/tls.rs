//! TLS of a connection, in `[connections.NAME.http]`: who is believed, how we prove who we are, and what is too old. The files
//! are read by whoever connects (`http/client/tls.rs`), when it does.

use std::path::{Path, PathBuf};

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::error::Problem;
use super::located::Located;
use super::paths::{self, Environment};
use super::secret::AuthField;

/// TLS of a connection; the default is the system's authorities, no certificate of our own, and TLS 1.2 or later.
#[derive(Debug, Clone, Default)]
pub struct Tls {
    /// Files with authorities that are believed beside the system's.
    pub authorities: Vec<PathBuf>,
    /// What we show to a platform that asks who we are.
    pub client: Option<ClientCertificate>,
    /// The oldest version that is spoken.
    pub minimum: TlsVersion,
    /// Whether the platform has to prove who it is.
    pub verify: Verify,
}

/// A certificate of our own.
#[derive(Debug, Clone)]
pub struct ClientCertificate {
    /// The file with the certificate, and those of its issuers.
    pub file: PathBuf,
    /// Its key; none where that stands in the same file.
    pub key: Option<AuthField>,
}

/// A version of TLS.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(inline)]
pub enum TlsVersion {
    /// TLS 1.2.
    #[default]
    #[serde(rename = "1.2")]
    V1_2,
    /// TLS 1.3.
    #[serde(rename = "1.3")]
    V1_3,
}

/// Whether a platform has to prove who it is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(inline)]
pub enum Verify {
    /// By a certificate for its name that somebody vouches for who is believed.
    #[default]
    #[serde(rename = "full")]
    Full,
    /// Not at all: whoever is in between can read and change everything, credentials included.
    #[serde(rename = "danger-no-verification")]
    DangerNoVerification,
}

/// One file or several.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(untagged, expecting = "expected a path, or a list of paths")]
#[schemars(inline)]
pub(super) enum Files {
    One(String),
    Several(Vec<String>),
}

/// What is written of TLS.
#[derive(Debug, Default)]
pub(super) struct RawTls {
    pub(super) authorities: Option<Located<Files>>,
    pub(super) certificate: Option<Located<String>>,
    pub(super) key: Option<Located<AuthField>>,
    pub(super) minimum: Option<TlsVersion>,
    pub(super) verify: Option<Located<Verify>>,
}

impl Tls {
    /// Resolves what is written, and says what is worth a warning.
    pub(super) fn resolve(
        raw: RawTls,
        folder: &Path,
        environment: &dyn Environment,
    ) -> Result<(Self, Option<Problem>), Problem> {
        let path = |text: &str, offset: usize, key: &str| match text.trim() {
            "" => Err(Problem::new("the path is empty").hint("name a file in PEM form").at(offset).under(key)),
            text => Ok(paths::resolve(text, folder, environment)),
        };
        let authorities = match &raw.authorities {
            None => Vec::new(),
            Some(Located { offset, value: Files::One(file) }) => vec![path(file, *offset, "ca_file")?],
            Some(Located { offset, value: Files::Several(files) }) => {
                files.iter().map(|file| path(file, *offset, "ca_file")).collect::<Result<_, _>>()?
            }
        };
        let client = match (raw.certificate, raw.key) {
            (Some(file), key) => {
                let file = path(&file.value, file.offset, "client_certificate")?;
                Some(ClientCertificate { file, key: key.map(|key| key.value) })
            }
            (None, None) => None,
            (None, Some(key)) => {
                return Err(Problem::new("a key without its certificate")
                    .hint("add `client_certificate = \"PATH\"`")
                    .at(key.offset)
                    .under("client_key"));
            }
        };
        let verify = raw.verify.as_ref().map_or(Verify::default(), |verify| verify.value);
        let warning = raw.verify.filter(|verify| verify.value == Verify::DangerNoVerification).map(|verify| {
            Problem::new(
                "the platform's certificate is not checked: whoever is in between can read and change everything",
            )
            .hint("name its authority with `ca_file`, and remove `verify`")
            .at(verify.offset)
            .under("verify")
        });
        Ok((Self { authorities, client, minimum: raw.minimum.unwrap_or_default(), verify }, warning))
    }
}
