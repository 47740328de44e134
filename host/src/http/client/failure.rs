//! Why a request has no answer, told from what the client and the library of ciphers say.

use std::{error::Error as StdError, io};

use rustls::{AlertDescription, PeerIncompatible};
use usher_adapter_sdk::{Error, ErrorKind};

use super::{answer, resolver};
use crate::http::{Again, Failure};

/// Who was to answer.
pub(super) struct Peer<'a> {
    /// The host of the address. The rest of it is left out of every message: its query may hold anything.
    pub(super) host: &'a str,
    /// The proxy on the way, if there is one.
    pub(super) proxy: Option<String>,
}

impl Peer<'_> {
    /// Returns ` through the proxy …`, if there is one.
    fn way(&self) -> String {
        self.proxy.as_ref().map(|proxy| format!(" through the proxy {proxy}")).unwrap_or_default()
    }
}

/// Returns why a request has no answer.
pub(super) fn failure(peer: &Peer<'_>, error: &reqwest::Error) -> Failure {
    let (host, reasons) = (peer.host, reasons(error));
    if error.is_builder() || error.is_request() && resolver::was_refused(error) {
        return Failure::refused(Error::new(ErrorKind::Configuration, format!("{host} cannot be asked: {reasons}")));
    }
    if let Some(refused) = find(error).and_then(|encrypting| of_tls(peer, encrypting)) {
        return refused;
    }
    if reasons.ends_with(PROXY_WANTS_CREDENTIALS) {
        return proxy_wants_credentials(peer);
    }
    if reasons == HEAD_TOO_LARGE {
        return head_too_large(peer);
    }
    if error.is_connect() {
        let kind = if error.is_timeout() { ErrorKind::Timeout } else { ErrorKind::Network };
        let error = Error::new(kind, format!("{host} cannot be reached{}: {reasons}", peer.way()));
        return Failure::unsent(error.with_hint("Look at the address, the network and the proxy."));
    }
    let (kind, what) = match error.is_timeout() {
        true => (ErrorKind::Timeout, "did not answer in time"),
        false => (ErrorKind::Network, "ended the connection before it had answered"),
    };
    Failure::ambiguous(Error::new(kind, format!("{host} {what}: {reasons}")))
}

/// What hyper says when the head of an answer is longer than it may be.
const HEAD_TOO_LARGE: &str = "message head is too large";

/// Of a write it is known only that it was answered, and the next answer would be as long.
fn head_too_large(peer: &Peer<'_>) -> Failure {
    let most = answer::MOST_HEADERS;
    let message =
        format!("{} answered with more headers than are accepted, which are {most}, or without an end", peer.host);
    let failure = Failure::ambiguous(Error::new(ErrorKind::Platform, message).with_retryable(false));
    Failure { again: Again::Never, ..failure }
}

/// What hyper-util says when a proxy answers `CONNECT` with 407; its type for that is private.
const PROXY_WANTS_CREDENTIALS: &str = "proxy authorization required";

/// Returns the failure of a request that a proxy did not let through.
pub(super) fn proxy_wants_credentials(peer: &Peer<'_>) -> Failure {
    let proxy = peer.proxy.as_deref().unwrap_or("(unknown)");
    let message = format!("the proxy {proxy} in front of {} asks who we are, or does not believe it", peer.host);
    Failure::refused(Error::new(ErrorKind::Authentication, message).with_hint(
        "Write `proxy_user` and `proxy_password` below `[connections.NAME.http]`, as references to secrets.",
    ))
}

/// Returns what an error of TLS means, if it is about who is whom or about versions: then nothing was asked of anybody.
fn of_tls(peer: &Peer<'_>, error: &rustls::Error) -> Option<Failure> {
    let (host, way) = (peer.host, peer.way());
    let error = match error {
        rustls::Error::InvalidCertificate(_) => {
            let message = format!("the certificate of {host}{way} is not accepted: {error}");
            Error::new(ErrorKind::Network, message).with_hint(
                "The system's authorities, or those of `http.ca_file`, must vouch for it, for this host and now: look at \
                 the clock, at `base_url`, and at who is in between.",
            )
        }
        rustls::Error::AlertReceived(AlertDescription::ProtocolVersion)
        | rustls::Error::PeerIncompatible(
            PeerIncompatible::ServerTlsVersionIsDisabledByOurConfig
            | PeerIncompatible::ServerDoesNotSupportTls12Or13
            | PeerIncompatible::SupportedVersionsExtensionRequired,
        ) => {
            let message = format!("{host}{way} speaks no version of TLS that is new enough: {error}");
            Error::new(ErrorKind::Network, message)
                .with_hint("`http.min_tls` says how old it may be; nothing before 1.2 is spoken.")
        }
        rustls::Error::AlertReceived(alert) if REFUSES_US.contains(alert) => {
            let message =
                format!("{host}{way} asks for a certificate of ours, and takes none or not this one: {error}");
            Error::new(ErrorKind::Authentication, message)
                .with_hint("Write `client_certificate` and `client_key` below `[connections.NAME.http]`.")
        }
        _ => return None,
    };
    Some(Failure::refused(error.with_retryable(false)))
}

/// What a server says that does not like our certificate, or the lack of one.
const REFUSES_US: &[AlertDescription] = &[
    AlertDescription::NoCertificate,
    AlertDescription::BadCertificate,
    AlertDescription::UnsupportedCertificate,
    AlertDescription::CertificateRevoked,
    AlertDescription::CertificateExpired,
    AlertDescription::CertificateUnknown,
    AlertDescription::UnknownCA,
    AlertDescription::AccessDenied,
    AlertDescription::CertificateRequired,
];

/// Returns the error of TLS that an error was made of, however deep it lies.
fn find<'a>(error: &'a (dyn StdError + 'static)) -> Option<&'a rustls::Error> {
    let mut cause = Some(error);
    while let Some(reason) = cause {
        if let Some(found) = reason.downcast_ref() {
            return Some(found);
        }
        // What an input or output error was made of is not among its sources, only what is behind that.
        cause = match reason.downcast_ref::<io::Error>().and_then(io::Error::get_ref) {
            Some(inner) => Some(inner),
            None => reason.source(),
        };
    }
    None
}

/// Returns the innermost reason of an error; the outer one names the whole address.
pub(super) fn reasons(error: &reqwest::Error) -> String {
    let mut last = None;
    let mut cause = error.source();
    while let Some(reason) = cause {
        last = Some(reason.to_string());
        cause = reason.source();
    }
    last.unwrap_or_else(|| "no reason is known".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_certificate_that_is_not_believed_is_found_however_deep_it_lies() {
        let refused = rustls::Error::InvalidCertificate(rustls::CertificateError::Expired);
        for error in [io::Error::other(io::Error::other(refused.clone())), io::Error::other(refused.clone())] {
            assert_eq!(find(&error), Some(&refused));
        }
        assert_eq!(find(&io::Error::from(io::ErrorKind::ConnectionRefused)), None);
    }

    #[test]
    fn only_who_is_whom_and_versions_are_told_apart() {
        let peer = Peer { host: "tickets.example", proxy: Some("proxy:3128".to_owned()) };
        let refused = rustls::Error::InvalidCertificate(rustls::CertificateError::Expired);
        let told = of_tls(&peer, &refused).unwrap().error;
        assert!(
            told.message().starts_with("the certificate of tickets.example through the proxy proxy:3128"),
            "{told}"
        );
        for (alert, kind) in [
            (AlertDescription::ProtocolVersion, ErrorKind::Network),
            (AlertDescription::CertificateRequired, ErrorKind::Authentication),
        ] {
            let told = of_tls(&peer, &rustls::Error::AlertReceived(alert)).unwrap().error;
            assert_eq!((told.kind(), told.is_retryable()), (kind, false));
        }
        assert!(of_tls(&peer, &rustls::Error::DecryptError).is_none());
        assert!(of_tls(&peer, &rustls::Error::AlertReceived(AlertDescription::InternalError)).is_none());
    }
}
