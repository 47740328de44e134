//! Certificates are refused for the reason that they are bad for, and for no other.

use std::{
    io::{Read as _, Write as _},
    net::TcpStream,
    sync::Arc,
};

use tokio_rustls::rustls::{
    ClientConfig, ClientConnection, RootCertStore, Stream, crypto::ring, pki_types::CertificateDer,
    pki_types::ServerName,
};
use usher_tests::servers::{
    Certificate, Fault, FaultServer, Faults,
    github::{FakeGithub, Seed},
};

use crate::client::Answer;

/// Asks for `/`, trusting one authority, and returns what came or why nothing did.
fn ask(authority: CertificateDer<'static>, server: &FaultServer) -> Result<Answer, String> {
    let mut roots = RootCertStore::empty();
    roots.add(authority).expect("an authority can be trusted");
    let config = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .expect("ring knows the usual versions")
        .with_root_certificates(roots)
        .with_no_client_auth();
    let name = ServerName::try_from("127.0.0.1").expect("an address is a name");
    let mut connection = ClientConnection::new(Arc::new(config), name).expect("a connection can be made");
    let mut socket = TcpStream::connect(server.server().address()).expect("the server listens");
    let mut stream = Stream::new(&mut connection, &mut socket);
    let request = b"GET / HTTP/1.1\r\nhost: fake\r\nconnection: close\r\n\r\n";
    stream.write_all(request).map_err(|error| error.to_string())?;
    let mut bytes = Vec::new();
    stream.read_to_end(&mut bytes).map_err(|error| error.to_string())?;
    Ok(Answer::parse(&bytes))
}

fn with(certificate: Certificate) -> Result<Answer, String> {
    let authority = certificate.authority();
    ask(authority, &FaultServer::https(certificate, Faults::none()))
}

#[test]
fn good_certificate_is_good_once_its_authority_is_trusted() {
    assert_eq!(with(Certificate::good()).expect("the certificate is good").status, 200);
    let server = FaultServer::https(Certificate::good(), Faults::none());
    let error = ask(Certificate::good().authority(), &server).expect_err("another authority did not sign it");
    assert!(error.contains("UnknownIssuer") || error.contains("BadSignature"), "{error}");
}

#[test]
fn self_signed_certificate_has_no_issuer_that_is_known() {
    let error = with(Certificate::self_signed()).expect_err("nobody vouches for it");
    assert!(error.contains("UnknownIssuer"), "{error}");
}

#[test]
fn expired_certificate_has_ended() {
    let error = with(Certificate::expired()).expect_err("it has ended");
    assert!(error.contains("expired"), "{error}");
}

#[test]
fn certificate_for_another_host_is_not_for_this_one() {
    let error = with(Certificate::other_host()).expect_err("it is for another host");
    assert!(error.contains("not valid for name"), "{error}");
}

#[test]
fn faults_work_below_tls_too() {
    let certificate = Certificate::good();
    let authority = certificate.authority();
    let server = FaultServer::https(certificate, Faults::none().always(Fault::ResetAfterWork));
    ask(authority, &server).expect_err("the connection is reset");
    assert_eq!(server.work_done(), 1);
}

#[test]
fn github_speaks_tls_and_its_addresses_say_so() {
    let github = FakeGithub::build(Seed::small()).https(Certificate::good()).start();
    assert!(github.url().starts_with("https://127.0.0.1:"));
}
