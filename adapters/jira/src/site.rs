//! Which Jira it is, and where its API answers; found out once, and remembered by the host.
//!
//! Cloud and Data Center are told apart by `serverInfo`. A scoped token of Cloud's is refused by the site itself and taken by the
//! gateway (`https://api.atlassian.com/ex/jira/CLOUD-ID`): that is found on a 401.
//!
//! <https://developer.atlassian.com/cloud/jira/platform/basic-auth-for-rest-apis/>

use std::sync::{Mutex, PoisonError};

use serde::{Deserialize, Serialize};
use usher_adapter_sdk::{
    Error, ErrorKind, Host, Result, decode,
    host::{Level, Request, Response},
    model::Json,
};

use crate::{Config, Deployment, api, error};

/// The key under which the host remembers the place.
const REMEMBERED: &str = "place";
/// The name that a gateway's address has in it.
const GATEWAY_PATH: &str = "/ex/jira/";

/// Which of the two products it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Edition {
    /// Jira Cloud, REST v3.
    Cloud,
    /// Jira Data Center or Server, REST v2.
    DataCenter,
}

/// Where the API answers.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Place {
    pub edition: Edition,
    /// The address in front of `/rest`.
    pub api: String,
    /// The base URL for which this was found out.
    base_url: String,
}

/// What one adapter knows of its place.
#[derive(Debug, Default)]
pub(crate) struct Known(Mutex<Option<Place>>);

impl Known {
    /// Returns the place: known, remembered or found out.
    pub(crate) async fn place(&self, host: &Host, config: &Config) -> Result<Place> {
        if let Some(place) = self.get() {
            return Ok(place);
        }
        let base_url = host.base_url()?.trim_end_matches('/');
        let place = match remembered(host, base_url).await? {
            Some(place) => place,
            None => self.found(host, base_url, config).await?,
        };
        self.set(place.clone());
        Ok(place)
    }

    /// Tries the other way to the same site after one has refused the credentials; none if there is no other.
    pub(crate) async fn other(&self, host: &Host, config: &Config, place: &Place) -> Result<Option<Place>> {
        let has_credentials = host.connection().auth_scheme.is_some();
        if place.edition != Edition::Cloud || !has_credentials || place.base_url.contains(GATEWAY_PATH) {
            return Ok(None);
        }
        let api = match place.api == place.base_url {
            true => gateway(host, config, &place.base_url).await?,
            false => Some(place.base_url.clone()),
        };
        Ok(api.map(|api| Place { api, ..place.clone() }))
    }

    /// Remembers the place that has answered.
    pub(crate) async fn remember(&self, host: &Host, place: Place) {
        let written = Json::of(&place);
        self.set(place);
        let kept = match written {
            Ok(json) => host.kv().set(REMEMBERED, json.as_str()).await,
            Err(error) => Err(error),
        };
        // What cannot be remembered is found out again the next time.
        if let Err(error) = kept {
            host.log(Level::Warning, &format!("which Jira it is could not be remembered: {error}"));
        }
    }

    async fn found(&self, host: &Host, base_url: &str, config: &Config) -> Result<Place> {
        let base_url = base_url.to_owned();
        let place = |edition| Place { edition, api: base_url.clone(), base_url: base_url.clone() };
        match config.deployment {
            Deployment::Cloud => return Ok(place(Edition::Cloud)),
            Deployment::DataCenter => return Ok(place(Edition::DataCenter)),
            Deployment::Auto if base_url.contains(GATEWAY_PATH) => return Ok(place(Edition::Cloud)),
            Deployment::Auto => {}
        }
        let response = server_info(host, &base_url).await?;
        let info: api::ServerInfo<'_> = response.decode()?;
        let is_cloud = info.deployment_type.is_some_and(|kind| kind.eq_ignore_ascii_case("cloud"));
        let place = place(if is_cloud { Edition::Cloud } else { Edition::DataCenter });
        self.remember(host, place.clone()).await;
        Ok(place)
    }

    fn get(&self) -> Option<Place> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn set(&self, place: Place) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(place);
    }
}

async fn remembered(host: &Host, base_url: &str) -> Result<Option<Place>> {
    let Some(bytes) = host.kv().get(REMEMBERED).await? else { return Ok(None) };
    // What an older version wrote in another way is found out again.
    let place: Option<Place> = decode::json(&bytes).ok();
    Ok(place.filter(|place| place.base_url == base_url))
}

/// Asks what server it is, first without credentials: a scoped token would be refused, and everybody may ask this.
async fn server_info(host: &Host, base_url: &str) -> Result<Response> {
    let request = || Request::get(base_url).path(["rest", "api", "2", "serverInfo"]);
    let response = host.http(request()?.auth("none")).await?;
    let response = if matches!(response.status, 401 | 403) { host.http(request()?).await? } else { response };
    error::checked(response, &base_url).map_err(|error| match error.kind() {
        ErrorKind::NotFound => Error::new(ErrorKind::Configuration, format!("there is no Jira at `{base_url}`"))
            .with_hint(
                "Set `base_url` to the address in front of `/browse/…`, with the path before it if there is one.",
            ),
        _ => error,
    })
}

/// Returns the gateway of a site, if it has one.
async fn gateway(host: &Host, config: &Config, base_url: &str) -> Result<Option<String>> {
    let request = Request::get(base_url).path(["_edge", "tenant_info"])?.auth("none");
    let response = match host.http(request).await {
        Ok(response) if response.is_success() => response,
        Ok(_) => return Ok(None),
        Err(error) => {
            // What counts is that the credentials were refused: that there is no other way does not hide it.
            host.log(Level::Debug, &format!("the site does not say its cloud id: {error}"));
            return Ok(None);
        }
    };
    // A page in place of JSON is that of a site without a gateway.
    let Ok(info) = response.decode::<api::TenantInfo<'_>>() else { return Ok(None) };
    let is_plain =
        !info.cloud_id.is_empty() && info.cloud_id.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
    let gateway = config.gateway_url.trim_end_matches('/');
    Ok(is_plain.then(|| format!("{gateway}{GATEWAY_PATH}{}", info.cloud_id)))
}
