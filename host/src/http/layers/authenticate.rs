//! Credentials are added last, for their own hosts only: no layer above this one ever sees them.

use std::{borrow::Cow, sync::Arc};

use http::{HeaderName, HeaderValue, StatusCode};
use usher_adapter_manifest::AuthPart;
use usher_adapter_sdk::{Error, ErrorKind};

use crate::{
    config::STARS,
    http::{Call, Credentials, Exchange, Failure, Proof, Request, Response, Tokens, tokens::Access},
    redact,
};

/// Adds a connection's credentials, and fetches the token for it where they only entitle to one.
pub(crate) struct Authenticate<N, T> {
    credentials: Arc<Credentials>,
    tokens: Arc<Tokens<T>>,
    next: N,
}

/// What a request was signed with.
struct Signed {
    /// The version of the secrets.
    version: u64,
    /// The token, if one was fetched.
    access: Option<Access>,
}

impl<N, T> Authenticate<N, T> {
    /// Returns the layer around the next one.
    pub(crate) fn new(credentials: Arc<Credentials>, tokens: Arc<Tokens<T>>, next: N) -> Self {
        Self { credentials, tokens, next }
    }
}

impl<N: Exchange, T: Exchange> Exchange for Authenticate<N, T> {
    async fn send(&self, request: Request, call: &Call) -> Result<Response, Failure> {
        let (response, signed) = self.attempt(request.clone(), call).await?;
        let Some(signed) = signed.filter(|_| response.status == StatusCode::UNAUTHORIZED) else {
            return Ok(response);
        };
        // A refused request has done nothing: a write may be repeated as well, if it can be read once more.
        let is_repeatable = request.body.is_repeatable();
        let has_changed = match signed.access {
            // It was given a moment ago: the next one would be refused alike.
            Some(access) if access.is_new => false,
            Some(access) => {
                self.tokens.forget(&access).await;
                true
            }
            None if is_repeatable => {
                self.credentials.renew(signed.version, call.deadline).await.map_err(Failure::refused)?
            }
            None => false,
        };
        if has_changed && is_repeatable {
            return Ok(self.attempt(request, call).await?.0);
        }
        Ok(response)
    }
}

impl<N: Exchange, T: Exchange> Authenticate<N, T> {
    /// Sends a request with credentials. Returns the answer, and what it was signed with, if with anything.
    async fn attempt(&self, mut request: Request, call: &Call) -> Result<(Response, Option<Signed>), Failure> {
        let (parts, signed) = self.sign(&request, call).await?;
        let signed = signed.filter(|_| !parts.is_empty());
        let asked = request.url.clone();
        for part in parts {
            add(&mut request, part).map_err(Failure::refused)?;
        }
        let mut response = self.next.send(request, call).await?;
        // What was added to the address for the platform is nobody else's to see.
        response.url = asked;
        hide_echoes(&mut response);
        Ok((response, signed))
    }

    /// Returns what a request carries, and what that is made of.
    async fn sign(&self, request: &Request, call: &Call) -> Result<(Vec<AuthPart>, Option<Signed>), Failure> {
        let Some(proof) = self.proof(request, call).await? else { return Ok((Vec::new(), None)) };
        let access = self.tokens.get(&proof, call).await;
        let (proof, access) = match access {
            // The secret may be another one by now, as after a 401 from the platform itself.
            Err(failure) if failure.error.kind() == ErrorKind::Authentication => {
                if !self.credentials.renew(proof.version(), call.deadline).await.map_err(Failure::refused)? {
                    return Err(failure);
                }
                let Some(proof) = self.proof(request, call).await? else { return Err(failure) };
                let access = self.tokens.get(&proof, call).await?;
                (proof, access)
            }
            access => (proof, access?),
        };
        let parts = proof.compose(access.as_ref().map(|access| &access.token)).map_err(Failure::refused)?;
        Ok((parts, Some(Signed { version: proof.version(), access })))
    }

    async fn proof(&self, request: &Request, call: &Call) -> Result<Option<Proof<'_>>, Failure> {
        let proof = self.credentials.proof(request.auth.as_deref(), &request.url, call.deadline).await;
        proof.map_err(Failure::refused)
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
