//! Certificates, good and bad.

use std::sync::Arc;

use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, DnType, IsCa, KeyPair, date_time_ymd};
use tokio_rustls::{
    TlsAcceptor,
    rustls::{
        RootCertStore, ServerConfig, SupportedProtocolVersion,
        crypto::ring,
        pki_types::{CertificateDer, PrivateKeyDer},
        server::WebPkiClientVerifier,
        version,
    },
};

/// A certificate with its key, and the authority that signed it.
#[derive(Debug)]
pub struct Certificate {
    authority: CertificateDer<'static>,
    authority_pem: String,
    chain: Vec<CertificateDer<'static>>,
    key: PrivateKeyDer<'static>,
    client: Client,
    asks_for_client: bool,
    versions: &'static [&'static SupportedProtocolVersion],
}

/// A certificate of the same authority for a client, as PEM.
#[derive(Clone, Debug)]
pub struct Client {
    /// The certificate.
    pub certificate: String,
    /// Its key.
    pub key: String,
}

impl Client {
    fn issued(authority: &CertifiedIssuer<'static, KeyPair>) -> Self {
        let key = KeyPair::generate().expect("a key can be made");
        let certificate = parameters(&["client"]).signed_by(&key, authority).expect("a certificate can be signed");
        Self { certificate: certificate.pem(), key: key.serialize_pem() }
    }
}

/// The versions of TLS that a server speaks if nothing else is said.
const USUAL: &[&SupportedProtocolVersion] = &[&version::TLS13, &version::TLS12];

/// Those of a server that is not kept up to date.
const ONLY_1_2: &[&SupportedProtocolVersion] = &[&version::TLS12];

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
        Self::new(&stranger, own.der().clone(), key)
    }

    /// Returns the authority's certificate, for a client to trust.
    pub fn authority(&self) -> CertificateDer<'static> {
        self.authority.clone()
    }

    /// Returns the same as a PEM file.
    pub fn authority_pem(&self) -> &str {
        &self.authority_pem
    }

    /// Asks clients for a certificate of the same authority, and takes none without.
    #[must_use]
    pub fn asking_for_client(self) -> Self {
        Self { asks_for_client: true, ..self }
    }

    /// Speaks nothing newer than TLS 1.2.
    #[must_use]
    pub fn only_tls_1_2(self) -> Self {
        Self { versions: ONLY_1_2, ..self }
    }

    /// Returns a certificate of the same authority for a client.
    pub fn client(&self) -> &Client {
        &self.client
    }

    pub(super) fn acceptor(&self) -> TlsAcceptor {
        let provider = Arc::new(ring::default_provider());
        let config = ServerConfig::builder_with_provider(Arc::clone(&provider))
            .with_protocol_versions(self.versions)
            .expect("ring knows the usual versions");
        let config = if self.asks_for_client {
            let mut roots = RootCertStore::empty();
            roots.add(self.authority.clone()).expect("an authority can be trusted");
            let verifier = WebPkiClientVerifier::builder_with_provider(Arc::new(roots), provider).build();
            config.with_client_cert_verifier(verifier.expect("there is an authority"))
        } else {
            config.with_no_client_auth()
        };
        let config = config
            .with_single_cert(self.chain.clone(), self.key.clone_key())
            .expect("the key belongs to the certificate");
        TlsAcceptor::from(Arc::new(config))
    }

    fn issued(parameters: CertificateParams) -> Self {
        let authority = authority();
        let key = KeyPair::generate().expect("a key can be made");
        let certificate = parameters.signed_by(&key, &authority).expect("a certificate can be signed");
        Self::new(&authority, certificate.der().clone(), key)
    }

    fn new(authority: &CertifiedIssuer<'static, KeyPair>, certificate: CertificateDer<'static>, key: KeyPair) -> Self {
        Self {
            authority: authority.der().clone(),
            authority_pem: authority.pem(),
            chain: vec![certificate],
            key: key.into(),
            client: Client::issued(authority),
            asks_for_client: false,
            versions: USUAL,
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
