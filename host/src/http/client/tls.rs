//! TLS: whose certificates are believed.

use std::{error::Error, io, sync::Arc};

use reqwest::ClientBuilder;
use usher_adapter_sdk::Result;

use crate::config;

/// Sets up TLS, or leaves it out where nothing is encrypted.
pub(super) fn configure(builder: ClientBuilder, _settings: &config::Http, is_secure: bool) -> Result<ClientBuilder> {
    use_ring();
    // The system's certificates are read while a client is made: a plain one goes without.
    Ok(if is_secure { builder.https_only(true) } else { builder.tls_certs_only([]) })
}

/// Chooses the library of ciphers once for the process.
fn use_ring() {
    // Whoever has chosen before has chosen well.
    let _: Result<(), Arc<_>> = rustls::crypto::ring::default_provider().install_default();
}

/// Says whether a connection failed because the server's certificate is not believed.
pub(super) fn is_certificate_refused(error: &(dyn Error + 'static)) -> bool {
    let mut cause = Some(error);
    while let Some(reason) = cause {
        if matches!(reason.downcast_ref(), Some(rustls::Error::InvalidCertificate(_))) {
            return true;
        }
        // What an input or output error was made of is not among its sources, only what is behind that.
        cause = match reason.downcast_ref::<io::Error>().and_then(io::Error::get_ref) {
            Some(inner) => Some(inner),
            None => reason.source(),
        };
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_certificate_that_is_not_believed_is_found_however_deep_it_lies() {
        let refused = rustls::Error::InvalidCertificate(rustls::CertificateError::Expired);
        assert!(is_certificate_refused(&io::Error::other(io::Error::other(refused.clone()))));
        assert!(is_certificate_refused(&refused));
        assert!(!is_certificate_refused(&io::Error::other(rustls::Error::DecryptError)));
        assert!(!is_certificate_refused(&io::Error::from(io::ErrorKind::ConnectionRefused)));
    }
}
