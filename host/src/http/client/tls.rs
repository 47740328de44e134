//! TLS: whose certificates are believed, and what we prove ourselves with. The settings' files are read here.

use std::{path::Path, sync::Arc};

use reqwest::ClientBuilder;
use rustls::{
    RootCertStore,
    crypto::ring,
    pki_types::{CertificateDer, PrivateKeyDer, pem::PemObject as _},
    sign::CertifiedKey,
};
use sha2::{Digest, Sha256};
use usher_adapter_sdk::{Error, ErrorKind, Result};

use crate::{
    config::{ClientCertificate, SecretSource, Tls, Verify},
    http::secrets,
    transport::{Deadline, Logger},
};

/// What a file should hold.
const PEM: &str = "It must hold PEM: blocks that begin with `-----BEGIN CERTIFICATE-----`.";

/// Chooses the library of ciphers once for the process.
pub(super) fn use_ring() {
    // Whoever has chosen before has chosen well.
    let _: Result<(), Arc<_>> = ring::default_provider().install_default();
}

/// Says whether something in the settings is for the operator's own addresses alone.
pub(super) fn is_for_own_alone(tls: &Tls) -> bool {
    tls.client.is_some() || tls.verify == Verify::DangerNoVerification
}

/// Returns what tells a connection's certificate from others, if it has one.
pub(crate) fn certificate_digest(tls: &Tls) -> Option<String> {
    let client = tls.client.as_ref()?;
    // With one that cannot be read no request is sent, and the first one says why.
    let text = std::fs::read(&client.file).unwrap_or_default();
    Some(crate::registry::hex(&Sha256::digest(text)))
}

/// What a connection believes beside the system's authorities.
pub(super) struct Trusted {
    authorities: Vec<reqwest::Certificate>,
    minimum: reqwest::tls::Version,
}

impl Trusted {
    /// Reads the files of authorities.
    pub(super) async fn read(tls: &Tls, connection: &str) -> Result<Self> {
        let mut authorities = Vec::new();
        for file in &tls.authorities {
            let wrong = |what: String| wrong(connection, "ca_file", file, &what).with_hint(PEM);
            for certificate in certificates(&read(file).await.map_err(&wrong)?).map_err(&wrong)? {
                RootCertStore::empty().add(certificate.clone()).map_err(|error| {
                    wrong(format!("certificate {} is no authority's: {error}", authorities.len() + 1))
                })?;
                authorities
                    .push(reqwest::Certificate::from_der(&certificate).map_err(|error| wrong(error.to_string()))?);
            }
        }
        let minimum = match tls.minimum {
            crate::config::TlsVersion::V1_2 => reqwest::tls::Version::TLS_1_2,
            crate::config::TlsVersion::V1_3 => reqwest::tls::Version::TLS_1_3,
        };
        Ok(Self { authorities, minimum })
    }

    /// Believes them beside the system's.
    pub(super) fn believe(self, builder: ClientBuilder) -> ClientBuilder {
        let builder = builder.tls_version_min(self.minimum);
        if self.authorities.is_empty() { builder } else { builder.tls_certs_merge(self.authorities) }
    }
}

/// Believes everybody, where the operator says so.
pub(super) fn doubt(builder: ClientBuilder, tls: &Tls) -> ClientBuilder {
    match tls.verify {
        Verify::Full => builder,
        Verify::DangerNoVerification => builder.tls_danger_accept_invalid_certs(true),
    }
}

/// Has a certificate of ours at hand for who asks.
pub(super) async fn prove(
    builder: ClientBuilder,
    tls: &Tls,
    connection: &str,
    logger: &dyn Logger,
    deadline: Deadline,
) -> Result<ClientBuilder> {
    let Some(ClientCertificate { file, key }) = &tls.client else { return Ok(builder) };
    let wrong = |what: String| wrong(connection, "client_certificate", file, &what).with_hint(PEM);
    let text = read(file).await.map_err(&wrong)?;
    let chain = certificates(&text).map_err(&wrong)?;
    let (name, source) = match key {
        Some(key) => ("client_key", key.source.clone()),
        // It holds both, and is as secret as its key.
        None => ("client_certificate", SecretSource::File(file.clone())),
    };
    let secret = secrets::read_for(connection, &format!("http.{name}"), &source, logger, deadline).await?;
    let wrong_key = |what: &str| {
        Error::new(ErrorKind::Configuration, format!("`http.{name}` of connection `{connection}` {what}")).with_hint(
            "A key is PEM without a passphrase, `-----BEGIN PRIVATE KEY-----`, in `client_key` or in the same file.",
        )
    };
    let key = PrivateKeyDer::from_pem_slice(secret.expose().as_bytes())
        .map_err(|_| wrong_key("holds no private key that can be read"))?;
    CertifiedKey::from_der(chain, key, &ring::default_provider())
        .map_err(|error| wrong_key(&format!("does not go with {}: {error}", file.display())))?;
    let pem = [&text, b"\n".as_slice(), secret.expose().as_bytes()].concat();
    let identity = reqwest::Identity::from_pem(&pem).map_err(|error| wrong_key(&format!("cannot be used: {error}")))?;
    Ok(builder.identity(identity))
}

async fn read(file: &Path) -> Result<Vec<u8>, String> {
    tokio::fs::read(file).await.map_err(|error| format!("cannot be read: {error}"))
}

fn certificates(pem: &[u8]) -> Result<Vec<CertificateDer<'static>>, String> {
    let found: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(pem).collect();
    match found {
        Ok(found) if found.is_empty() => Err("holds no certificate".to_owned()),
        Ok(found) => Ok(found),
        Err(error) => Err(format!("is damaged: {error}")),
    }
}

fn wrong(connection: &str, setting: &str, file: &Path, what: &str) -> Error {
    let message = format!("{}, which `http.{setting}` of connection `{connection}` names, {what}", file.display());
    Error::new(ErrorKind::Configuration, message)
}
