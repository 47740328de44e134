//! Requests as Redmine wants them, and answers that are a success.

use std::fmt::Display;

use usher_adapter_sdk::{
    Result,
    host::{Method, Request, Response},
};

use crate::{Redmine, error, key::Key};

impl Redmine {
    /// Returns a request to the API: `["issues", "5.json"]`.
    pub(crate) fn request<S: AsRef<str>>(&self, method: Method, path: impl IntoIterator<Item = S>) -> Result<Request> {
        let request = Request::new(method, self.host.base_url()?).path(path)?.header("accept", "application/json");
        Ok(match &self.config.act_as {
            Some(login) => request.header("x-redmine-switch-user", login.clone()),
            None => request,
        })
    }

    /// Returns a request that reads.
    pub(crate) fn get<S: AsRef<str>>(&self, path: impl IntoIterator<Item = S>) -> Result<Request> {
        self.request(Method::Get, path)
    }

    /// Sends a request; anything but a success is an error that says about what it was.
    pub(crate) async fn send(&self, request: Request, about: &(dyn Display + Sync)) -> Result<Response> {
        error::checked(self.host.http(request).await?, about)
    }

    /// Asks for something and returns the answer.
    pub(crate) async fn read<S: AsRef<str>>(&self, path: impl IntoIterator<Item = S>) -> Result<Response> {
        let path: Vec<String> = path.into_iter().map(|part| part.as_ref().to_owned()).collect();
        let about = path.join("/");
        self.send(self.get(path)?, &about).await
    }
}

/// Returns the path of an issue. Without the ending Redmine answers with a page, or with a way to the one to sign in at.
pub(crate) fn of_issue(key: Key) -> [String; 2] {
    ["issues".to_owned(), format!("{key}.json")]
}
