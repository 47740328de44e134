//! Requests as Azure DevOps wants them, and answers that are a success.

use std::fmt::Display;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use usher_adapter_sdk::{
    Error, ErrorKind, Result,
    host::{Method, Request, Response},
};

use crate::{AzureDevOps, Config, error};

/// A version of the API, and those of its parts that are a preview in it.
///
/// <https://learn.microsoft.com/azure/devops/integrate/concepts/rest-api-versioning>
#[derive(Debug, Clone, Copy)]
pub(crate) struct Version {
    pub number: &'static str,
    pub comments: &'static str,
    pub connection_data: &'static str,
    pub tags: &'static str,
}

/// The versions that this adapter speaks, newest first.
pub(crate) const VERSIONS: &[Version] = &[
    Version { number: "7.1", comments: "7.1-preview.4", connection_data: "7.1-preview.1", tags: "7.1" },
    Version { number: "7.0", comments: "7.0-preview.3", connection_data: "7.0-preview.1", tags: "7.0-preview.1" },
    Version { number: "6.0", comments: "6.0-preview.3", connection_data: "6.0-preview.1", tags: "6.0-preview.1" },
];

/// The type of a body that is a JSON Patch.
const JSON_PATCH: &str = "application/json-patch+json";

/// What is encoded in a segment of a page's address: everything but what RFC 3986 calls unreserved.
const SEGMENT: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// The host that knows the people of Services; a Server's collection does that itself.
///
/// <https://learn.microsoft.com/rest/api/azure/devops/ims/identities>
const PEOPLE: &str = "https://vssps.dev.azure.com";

/// Where an organisation is, and which version of the API is spoken there.
#[derive(Debug)]
pub(crate) struct Site {
    organization: String,
    /// The address with the organisation in it.
    url: String,
    is_services: bool,
    pub version: Version,
}

impl Site {
    /// Reads the options; the old address of an organisation (`https://acme.visualstudio.com`) has it in the host.
    pub(crate) fn new(config: &Config, base_url: &str) -> Result<Self> {
        let organization = config.organization.trim();
        if organization.is_empty() || organization.contains(['/', '\\', '#', '?']) || matches!(organization, "." | "..")
        {
            return Err(Error::new(ErrorKind::Configuration, format!("`{organization}` is not an organisation"))
                .with_hint(
                    "Set `organization` to the name behind `https://dev.azure.com/`, on Server to the collection's.",
                ));
        }
        let version = VERSIONS.iter().find(|version| version.number == config.api_version).ok_or_else(|| {
            let known: Vec<&str> = VERSIONS.iter().map(|version| version.number).collect();
            Error::new(ErrorKind::Configuration, format!("`{}` is no version of the API", config.api_version))
                .with_hint(format!("`api_version` can be: {}", known.join(", ")))
        })?;
        let host = base_url.split_once("://").map_or("", |(_, rest)| rest).split(['/', ':']).next().unwrap_or_default();
        let host = host.to_ascii_lowercase();
        let has_own_host = host == format!("{}.visualstudio.com", organization.to_ascii_lowercase());
        let url = match has_own_host {
            true => base_url.to_owned(),
            false => format!("{base_url}/{}", utf8_percent_encode(organization, SEGMENT)),
        };
        let is_services = has_own_host || host == "dev.azure.com";
        Ok(Self { organization: organization.to_owned(), url, is_services, version: *version })
    }

    /// Returns the organisation, as the connection writes it.
    pub(crate) fn organization(&self) -> &str {
        &self.organization
    }

    /// Says whether it is the cloud and not a Server of somebody's own.
    pub(crate) fn is_services(&self) -> bool {
        self.is_services
    }

    /// Returns the page of a work item.
    pub(crate) fn page(&self, project: &str, number: u64) -> String {
        format!("{}/_workitems/edit/{number}", self.project_page(project))
    }

    /// Returns the page of a project.
    pub(crate) fn project_page(&self, project: &str) -> String {
        format!("{}/{}", self.url, utf8_percent_encode(project, SEGMENT))
    }

    /// Returns the API's address of a work item, as relations name it.
    pub(crate) fn resource(&self, number: u64) -> String {
        format!("{}/_apis/wit/workItems/{number}", self.url)
    }

    fn people(&self) -> String {
        match self.is_services {
            true => format!("{PEOPLE}/{}", utf8_percent_encode(&self.organization, SEGMENT)),
            false => self.url.clone(),
        }
    }
}

impl AzureDevOps {
    /// Returns a request to the API: `["_apis", "wit", "workitems", "42"]`.
    pub(crate) fn request<S: AsRef<str>>(&self, method: Method, path: impl IntoIterator<Item = S>) -> Result<Request> {
        self.versioned(method, path, self.site.version.number)
    }

    /// Returns a request to a part of the API that has a version of its own.
    pub(crate) fn versioned<S: AsRef<str>>(
        &self,
        method: Method,
        path: impl IntoIterator<Item = S>,
        version: &str,
    ) -> Result<Request> {
        Ok(headed(Request::new(method, &self.site.url).path(path)?, version))
    }

    /// Returns a request that reads.
    pub(crate) fn get<S: AsRef<str>>(&self, path: impl IntoIterator<Item = S>) -> Result<Request> {
        self.request(Method::Get, path)
    }

    /// Returns a request for people by their ids.
    pub(crate) fn people(&self, ids: &str) -> Result<Request> {
        let request = Request::get(self.site.people()).path(["_apis", "identities"])?;
        Ok(headed(request, self.site.version.number).query("identityIds", ids))
    }

    /// Returns a request for the bytes of a file.
    pub(crate) fn bytes<S: AsRef<str>>(&self, path: impl IntoIterator<Item = S>) -> Result<Request> {
        let request = Request::get(&self.site.url).path(path)?.header("accept", "application/octet-stream");
        Ok(signed_in(request, self.site.version.number))
    }

    /// Sends a request; anything but a success is an error that says about what it was.
    pub(crate) async fn send(&self, request: Request, about: &(dyn Display + Sync)) -> Result<Response> {
        error::checked(self.host.http(request).await?, about, self.host.now())
    }
}

/// Returns the path of a work item, or of something of its; the number is enough.
pub(crate) fn of_item(number: u64) -> [String; 4] {
    ["_apis".to_owned(), "wit".to_owned(), "workitems".to_owned(), number.to_string()]
}

/// Returns a request whose body is a JSON Patch.
pub(crate) fn with_patch<T: serde::Serialize + ?Sized>(request: Request, patch: &T) -> Result<Request> {
    let body =
        serde_json::to_vec(patch).map_err(|error| Error::validation(format!("a value cannot be sent: {error}")))?;
    Ok(request.header("content-type", JSON_PATCH).body(body))
}

fn headed(request: Request, version: &str) -> Request {
    signed_in(request.header("accept", "application/json"), version)
}

/// Without the header the answer to wrong credentials is a page to sign in at.
fn signed_in(request: Request, version: &str) -> Request {
    request.header("x-tfs-fedauthredirect", "Suppress").query("api-version", version)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn site(base_url: &str, organization: &str) -> Result<Site> {
        let config = Config { organization: organization.to_owned(), api_version: "7.1".to_owned() };
        Site::new(&config, base_url)
    }

    #[test]
    fn the_organisation_stands_in_the_path_or_in_the_host() {
        for (base, organization, page, is_services) in [
            ("https://dev.azure.com", "acme", "https://dev.azure.com/acme/My%20Web/_workitems/edit/5", true),
            ("https://acme.visualstudio.com", "ACME", "https://acme.visualstudio.com/My%20Web/_workitems/edit/5", true),
            (
                "https://tfs.example.com:8080/tfs",
                "Default Collection",
                "https://tfs.example.com:8080/tfs/Default%20Collection/My%20Web/_workitems/edit/5",
                false,
            ),
        ] {
            let site = site(base, organization).unwrap();
            assert_eq!((site.page("My Web", 5).as_str(), site.is_services()), (page, is_services));
        }
        assert_eq!(
            site("https://tfs.example.com/tfs", "C").unwrap().people(),
            "https://tfs.example.com/tfs/C",
            "a Server's collection knows its people itself"
        );
    }

    #[test]
    fn an_organisation_that_would_be_another_path_is_refused() {
        for organization in ["", " ", "..", "a/b", "a?b", "a#b"] {
            assert_eq!(site("https://dev.azure.com", organization).unwrap_err().kind(), ErrorKind::Configuration);
        }
    }

    #[test]
    fn an_unknown_version_is_refused_with_those_that_are_known() {
        let config = Config { organization: "acme".to_owned(), api_version: "5.1".to_owned() };
        let error = Site::new(&config, "https://dev.azure.com").unwrap_err();
        assert!(error.hint().is_some_and(|hint| hint.contains("7.1, 7.0, 6.0")), "{error:?}");
    }
}
