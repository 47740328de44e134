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
        below(base, url).ok_or_else(|| {
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

/// Returns what an address has behind another one. Hosts are compared without regard to case, and the port of a scheme
/// is the same as none.
fn below<'u>(base: &str, url: &'u str) -> Option<&'u str> {
    let ((base_origin, base_path), (origin, path)) = (origin_and_path(base)?, origin_and_path(url)?);
    let rest = path.strip_prefix(base_path).filter(|rest| rest.starts_with('/'));
    rest.filter(|_| origin == base_origin)
}

fn origin_and_path(url: &str) -> Option<(String, &str)> {
    let host = url.find("://")? + 3;
    let path = url[host..].find('/').map_or(url.len(), |slash| host + slash);
    let origin = url[..path].to_ascii_lowercase();
    let port = if origin.starts_with("https:") { ":443" } else { ":80" };
    Some((origin.strip_suffix(port).unwrap_or(&origin).to_owned(), &url[path..]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_below_another_only_on_the_same_host_and_path() {
        for (base, url, rest) in [
            ("https://api.github.com", "https://api.github.com/issues?page=2", Some("/issues?page=2")),
            ("https://GIT.example.com:443/api/v3", "https://git.example.com/api/v3/issues", Some("/issues")),
            ("http://git.example.com", "http://git.example.com:80/issues", Some("/issues")),
            ("https://a.example:8443/git/api/v3", "https://a.example:8443/git/api/v3/x", Some("/x")),
            ("https://a.example:8443/git/api/v3", "https://a.example/git/api/v3/x", None),
            ("https://a.example/git/api/v3", "https://a.example/git/api/v30/x", None),
            ("https://a.example/api", "https://a.example/x", None),
            ("https://api.github.com", "http://api.github.com/x", None),
            ("https://api.github.com", "https://api.github.com", None),
            ("https://api.github.com", "https://api.github.com.evil.example/x", None),
            ("https://api.github.com", "https://api.github.com@evil.example/x", None),
            ("https://api.github.com", "https://api.github.com\\@evil.example/x", None),
            ("https://api.github.com", "//api.github.com/x", None),
        ] {
            assert_eq!(below(base, url), rest, "{url} below {base}");
        }
    }
}
