//! Requests as GitHub wants them, and answers that are a success.

use std::fmt::Display;

use usher_adapter_sdk::{
    Error, ErrorKind, Result,
    host::{Method, Request, Response},
};

use crate::{
    GitHub, error,
    key::{Key, Repository},
};

/// The media type of GitHub's JSON: <https://docs.github.com/rest/using-the-rest-api/getting-started-with-the-rest-api>
const MEDIA_TYPE: &str = "application/vnd.github+json";
/// The version of the API that the types in `api` are read from; servers keep it for years.
const API_VERSION: &str = "2022-11-28";

impl GitHub {
    /// Returns a request to the API: `["repos", "acme", "app", "issues"]`.
    pub(crate) fn request<S: AsRef<str>>(&self, method: Method, path: impl IntoIterator<Item = S>) -> Result<Request> {
        Ok(headed(Request::new(method, self.host.base_url()?).path(path)?))
    }

    /// Returns a request that reads.
    pub(crate) fn get<S: AsRef<str>>(&self, path: impl IntoIterator<Item = S>) -> Result<Request> {
        self.request(Method::Get, path)
    }

    /// Returns a request for an address that GitHub has given, such as that of a next page.
    pub(crate) fn follow(&self, url: &str) -> Result<Request> {
        self.below_base(url)?;
        Ok(headed(Request::get(url)))
    }

    /// Returns what an address has behind that of the API: an answer cannot send us elsewhere.
    pub(crate) fn below_base<'u>(&self, url: &'u str) -> Result<&'u str> {
        let base = self.host.base_url()?;
        url.strip_prefix(base).filter(|rest| rest.starts_with('/')).ok_or_else(|| {
            Error::new(ErrorKind::Configuration, format!("GitHub names a page `{url}`, which is not below `{base}`"))
                .with_hint("Set `base_url` to the address by which the server calls itself.")
        })
    }

    /// Sends a request; anything but a success is an error that says about what it was.
    pub(crate) async fn send(&self, request: Request, about: &(dyn Display + Sync)) -> Result<Response> {
        error::checked(self.host.http(request).await?, about, self.host.now())
    }
}

/// Returns the path of something in a repository.
pub(crate) fn in_repository(repository: Repository<'_>, rest: &[&str]) -> Vec<String> {
    ["repos", repository.owner, repository.name].iter().chain(rest).map(|part| (*part).to_owned()).collect()
}

/// Returns the path of an issue, or of something of its.
pub(crate) fn of_issue(key: Key<'_>, rest: &[&str]) -> Vec<String> {
    let mut path = in_repository(key.repository, &["issues"]);
    path.push(key.number.to_string());
    path.extend(rest.iter().map(|part| (*part).to_owned()));
    path
}

fn headed(request: Request) -> Request {
    request.header("accept", MEDIA_TYPE).header("x-github-api-version", API_VERSION)
}
