//! TLS: whose certificates are believed.

use std::sync::Arc;

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
