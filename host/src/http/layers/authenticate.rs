//! Credentials are added last, for their own hosts only: no layer above this one ever sees them.

use std::sync::Arc;

use http::{HeaderName, HeaderValue};
use usher_adapter_manifest::AuthPart;
use usher_adapter_sdk::{Error, ErrorKind};

use crate::http::{Call, Credentials, Exchange, Failure, Request, Response};

/// Adds a connection's credentials.
pub(crate) struct Authenticate<N> {
    credentials: Arc<Credentials>,
    next: N,
}

impl<N> Authenticate<N> {
    /// Returns the layer around the next one.
    pub(crate) fn new(credentials: Arc<Credentials>, next: N) -> Self {
        Self { credentials, next }
    }
}

impl<N: Exchange> Exchange for Authenticate<N> {
    async fn send(&self, mut request: Request, call: &Call) -> Result<Response, Failure> {
        let parts = self.credentials.parts(request.auth.as_deref(), &request.url).await.map_err(Failure::refused)?;
        for part in parts {
            add(&mut request, part).map_err(Failure::refused)?;
        }
        let asked = request.url.clone();
        let mut response = self.next.send(request, call).await?;
        // What was added to the address for the platform is nobody else's to see.
        response.url = asked;
        Ok(response)
    }
}

fn add(request: &mut Request, part: AuthPart) -> Result<(), Error> {
    match part {
        AuthPart::Header { name, value } => {
            let name = HeaderName::try_from(name.as_str()).map_err(|_| unusable(&name))?;
            let mut value = HeaderValue::try_from(value).map_err(|_| unusable(name.as_str()))?;
            value.set_sensitive(true);
            request.headers.insert(name, value);
        }
        AuthPart::Query { name, value } => {
            request.url.query_pairs_mut().append_pair(&name, &value);
        }
        _ => return Err(unusable("this kind of credentials")),
    }
    Ok(())
}

fn unusable(name: &str) -> Error {
    Error::new(ErrorKind::Configuration, format!("the credentials do not fit into the header `{name}`"))
        .with_hint("A secret must be one line of ordinary letters: look for a line end or a blank at its end.")
}
