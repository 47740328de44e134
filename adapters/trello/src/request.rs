//! Requests as Trello wants them, and answers that are a success.

use std::fmt::Display;

use usher_adapter_sdk::{
    Error, ErrorKind, Result,
    host::{Method, Request, Response},
};

use crate::{Trello, error};

/// The class of requests for members, which have a limit of their own.
pub(crate) const MEMBER: &str = "member";
/// The class of searches.
pub(crate) const SEARCH: &str = "search";

impl Trello {
    /// Returns a request to the API: `["cards", "5Lr2eHww", "actions"]`.
    pub(crate) fn request<S: AsRef<str>>(&self, method: Method, path: impl IntoIterator<Item = S>) -> Result<Request> {
        Ok(Request::new(method, self.host.base_url()?).path(path)?.header("accept", "application/json"))
    }

    /// Returns a request that reads.
    pub(crate) fn read<S: AsRef<str>>(&self, path: impl IntoIterator<Item = S>) -> Result<Request> {
        self.request(Method::Get, path)
    }

    /// Sends a request; anything but a success is an error that says about what it was.
    pub(crate) async fn send(&self, request: Request, about: &(dyn Display + Sync)) -> Result<Response> {
        let response = self.host.http(request).await?;
        self.checked(response, about).await
    }

    /// Lets a success through. Trello refuses wrong credentials and what belongs to somebody else with the same status.
    pub(crate) async fn checked(&self, response: Response, about: &(dyn Display + Sync)) -> Result<Response> {
        if response.status == 401 && self.is_known().await {
            return Err(error::refused(&response, about));
        }
        error::checked(response, about)
    }

    /// Returns the account's own entry.
    pub(crate) async fn account(&self, fields: &str) -> Result<Response> {
        let request = self.read(["members", "me"])?.query("fields", fields).class(MEMBER);
        error::checked(self.host.http(request).await?, &"the account")
    }

    /// Says whether Trello knows the credentials. Where it cannot be asked they are the likelier fault.
    async fn is_known(&self) -> bool {
        self.account("id").await.is_ok()
    }
}

/// Returns the error of a write whose outcome cannot be read.
pub(crate) fn unread(error: &Error) -> Error {
    Error::new(ErrorKind::OutcomeUnknown, format!("it was changed, and could not be read again: {error}"))
        .with_hint("Look at the card before you repeat the change.")
}
