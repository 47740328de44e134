//! Requests as Jira wants them, and answers that are a success and were given to us and not to nobody.

use std::fmt::Display;

use usher_adapter_sdk::{
    ErrorKind, Result,
    host::{Effect, Method, Request, Response},
};

use crate::{
    Jira, error,
    site::{Edition, Place},
};

/// The API of one site: it makes requests.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Api<'a> {
    place: &'a Place,
}

impl Api<'_> {
    /// Returns a request to the platform's API: `["issue", "OPS-7"]`.
    pub(crate) fn request<S: AsRef<str>>(&self, method: Method, path: impl IntoIterator<Item = S>) -> Result<Request> {
        let version = if self.place.edition == Edition::Cloud { "3" } else { "2" };
        let request = Request::new(method, self.place.api.as_str()).path(["rest", "api", version])?;
        Ok(request.path(path)?.header("accept", "application/json"))
    }

    /// Returns a request that reads.
    pub(crate) fn get<S: AsRef<str>>(&self, path: impl IntoIterator<Item = S>) -> Result<Request> {
        self.request(Method::Get, path)
    }

    /// Returns a search: it is a `POST`, and changes nothing.
    pub(crate) fn query<S: AsRef<str>>(&self, path: impl IntoIterator<Item = S>) -> Result<Request> {
        Ok(self.request(Method::Post, path)?.effect(Effect::Read))
    }

    /// Returns a request to the service desk's API.
    pub(crate) fn service_desk(&self, method: Method, path: &[&str]) -> Result<Request> {
        let request = Request::new(method, self.place.api.as_str()).path(["rest", "servicedeskapi"])?;
        Ok(request.path(path)?.header("accept", "application/json"))
    }

    /// Returns a request for a file at the site itself, where Data Center keeps them.
    pub(crate) fn file(&self, path: &[&str]) -> Result<Request> {
        Request::get(self.place.api.as_str()).path(path)
    }
}

impl Jira {
    /// Returns where the API answers.
    pub(crate) async fn place(&self) -> Result<Place> {
        self.known.place(&self.host, &self.config).await
    }

    /// Returns which of the two products it is.
    pub(crate) async fn edition(&self) -> Result<Edition> {
        Ok(self.place().await?.edition)
    }

    /// Sends a request; anything but a success is an error that says about what it was.
    ///
    /// Who is not known to Jira gets answers all the same, with nothing in them: "not found" counts only from somebody who is known.
    pub(crate) async fn send(
        &self,
        about: &(dyn Display + Sync),
        request: impl Fn(Api<'_>) -> Result<Request> + Send + Sync,
    ) -> Result<Response> {
        let outcome = self.send_unproven(about, request).await;
        if let Err(error) = &outcome
            && matches!(error.kind(), ErrorKind::NotFound | ErrorKind::Validation)
        {
            self.prove().await?;
        }
        outcome
    }

    /// Makes sure, once, that the credentials are somebody's.
    pub(crate) async fn prove(&self) -> Result<()> {
        if self.host.connection().auth_scheme.is_none() || self.is_proven() {
            return Ok(());
        }
        self.send_unproven(&"the account", |api| api.get(["myself"])).await?;
        self.set_proven();
        Ok(())
    }

    /// Sends a request, over the gateway where the site refuses the token.
    pub(crate) async fn send_unproven(
        &self,
        about: &(dyn Display + Sync),
        request: impl Fn(Api<'_>) -> Result<Request> + Send + Sync,
    ) -> Result<Response> {
        let place = self.place().await?;
        let response = self.host.http(request(Api { place: &place })?).await?;
        if response.status != 401 {
            return error::checked(response, about);
        }
        if let Some(other) = self.known.other(&self.host, &self.config, &place).await? {
            let answer = self.host.http(request(Api { place: &other })?).await?;
            if answer.status != 401 {
                self.known.remember(&self.host, other).await;
                return error::checked(answer, about);
            }
        }
        error::checked(response, about)
    }
}
