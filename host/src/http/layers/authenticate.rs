//! Credentials are added last, for their own hosts only: no layer above this one ever sees them.

use std::{borrow::Cow, sync::Arc};

use http::{HeaderName, HeaderValue, StatusCode};
use usher_adapter_manifest::AuthPart;
use usher_adapter_sdk::{Error, ErrorKind};

use crate::{
    config::STARS,
    http::{Call, Composed, Credentials, Exchange, Failure, Request, Response},
    redact,
};

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
    async fn send(&self, request: Request, call: &Call) -> Result<Response, Failure> {
        let (response, version) = self.attempt(request.clone(), call).await?;
        let Some(version) = version.filter(|_| response.status == StatusCode::UNAUTHORIZED) else {
            return Ok(response);
        };
        // A refused request has done nothing: a write may be repeated as well, if it can be read once more.
        let is_repeatable = request.body.is_repeatable();
        if is_repeatable && self.credentials.renew(version, call.deadline).await.map_err(Failure::refused)? {
            return Ok(self.attempt(request, call).await?.0);
        }
        Ok(response)
    }
}

impl<N: Exchange> Authenticate<N> {
    /// Sends a request with credentials. Returns the answer, and the version of the secrets if there were any.
    async fn attempt(&self, mut request: Request, call: &Call) -> Result<(Response, Option<u64>), Failure> {
        let composed = self.credentials.parts(request.auth.as_deref(), &request.url, call.deadline).await;
        let Composed { parts, version } = composed.map_err(Failure::refused)?;
        let version = (!parts.is_empty()).then_some(version);
        let asked = request.url.clone();
        for part in parts {
            add(&mut request, part).map_err(Failure::refused)?;
        }
        let mut response = self.next.send(request, call).await?;
        // What was added to the address for the platform is nobody else's to see.
        response.url = asked;
        hide_echoes(&mut response);
        Ok((response, version))
    }
}

/// Takes out secrets that a platform says back, before anything that remembers or shows an answer has seen it.
///
/// A complaint loses every secret. In the data of a success only what cannot be there by chance is one.
fn hide_echoes(response: &mut Response) {
    let hide = if response.status.is_success() { redact::data } else { redact::bytes };
    if let Cow::Owned(hidden) = hide(&response.body) {
        response.body = hidden.into();
    }
    for value in response.headers.values_mut() {
        if let Cow::Owned(hidden) = hide(value.as_bytes()) {
            // Stars fit into every header.
            *value = HeaderValue::from_bytes(&hidden).unwrap_or(HeaderValue::from_static(STARS));
        }
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

#[cfg(test)]
mod tests;
