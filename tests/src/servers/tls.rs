//! Certificates, good and bad.

use std::sync::Arc;

use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, DnType, IsCa, KeyPair, date_time_ymd};
use tokio_rustls::{
    TlsAcceptor,
    rustls::{
        ServerConfig,
        crypto::ring,
        pki_types::{CertificateDer, PrivateKeyDer},
    },
};

/// A certificate with its key, and the authority that signed it.
#[derive(Debug)]
pub struct Certificate {
    authority: CertificateDer<'static>,
    authority_pem: String,
    chain: Vec<CertificateDer<'static>>,
    key: PrivateKeyDer<'static>,
}

impl Certificate {
    /// Returns one for `127.0.0.1` and `localhost` that is right once its authority is trusted.
    pub fn good() -> Self {
        Self::issued(parameters(&["127.0.0.1", "localhost"]))
    }

    /// Returns one that ended long ago.
    pub fn expired() -> Self {
        let mut parameters = parameters(&["127.0.0.1", "localhost"]);
        parameters.not_before = date_time_ymd(2020, 1, 1);
        parameters.not_after = date_time_ymd(2021, 1, 1);
        Self::issued(parameters)
    }

    /// Returns one for another host.
    pub fn other_host() -> Self {
        Self::issued(parameters(&["tickets.example"]))
    }

    /// Returns one that nobody vouches for but itself.
    pub fn self_signed() -> Self {
        let key = KeyPair::generate().expect("a key can be made");
        let own = parameters(&["127.0.0.1", "localhost"]).self_signed(&key).expect("a certificate can be signed");
        let stranger = authority();
        Self {
            authority: stranger.der().clone(),
            authority_pem: stranger.pem(),
            chain: vec![own.der().clone()],
            key: key.into(),
        }
    }

    /// Returns the authority's certificate, for a client to trust.
    pub fn authority(&self) -> CertificateDer<'static> {
        self.authority.clone()
    }

    /// Returns the same as a PEM file.
    pub fn authority_pem(&self) -> &str {
        &self.authority_pem
    }

    pub(super) fn acceptor(&self) -> TlsAcceptor {
        let config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
            .with_safe_default_protocol_versions()
            .expect("ring knows the usual versions")
            .with_no_client_auth()
            .with_single_cert(self.chain.clone(), self.key.clone_key())
            .expect("the key belongs to the certificate");
        TlsAcceptor::from(Arc::new(config))
    }

    fn issued(parameters: CertificateParams) -> Self {
        let authority = authority();
        let key = KeyPair::generate().expect("a key can be made");
        let certificate = parameters.signed_by(&key, &authority).expect("a certificate can be signed");
        Self {
            authority: authority.der().clone(),
            authority_pem: authority.pem(),
            chain: vec![certificate.der().clone()],
            key: key.into(),
        }
    }
}

fn parameters(hosts: &[&str]) -> CertificateParams {
    let hosts: Vec<_> = hosts.iter().map(|host| (*host).to_owned()).collect();
    CertificateParams::new(hosts).expect("hosts have names")
}

fn authority() -> CertifiedIssuer<'static, KeyPair> {
    let mut parameters = parameters(&[]);
    parameters.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    // Otherwise it has the name that self-signed certificates have, and would seem to be their issuer.
    parameters.distinguished_name.push(DnType::CommonName, "authority of the tests");
    let key = KeyPair::generate().expect("a key can be made");
    CertifiedIssuer::self_signed(parameters, key).expect("an authority signs itself")
}
