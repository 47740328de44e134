//! How an access token is fetched, as data: from where, by which grant, with which parameters. The host sends the request and
//! keeps what comes back; an adapter sees neither.

use crate::config::is_http_url;
use crate::template::Template;
use serde::{Deserialize, Serialize, Serializer};
use std::collections::BTreeMap;
use std::fmt;

/// Parameters of a token request that the host writes, sorted.
const OF_THE_HOST: &[&str] = &["client_id", "client_secret", "grant_type"];

/// How the access token of a scheme is fetched (RFC 6749).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct TokenRequest {
    /// Where tokens are given.
    pub url: TokenUrl,
    /// What entitles to one.
    pub grant: TokenGrant,
    /// How the client proves who it is.
    pub client_authentication: ClientAuthentication,
    /// Further parameters of the request, such as `scope`; one whose optional field is absent is left out.
    pub form: BTreeMap<String, Template>,
}

/// Where tokens are given.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
#[non_exhaustive]
pub enum TokenUrl {
    /// A path behind the connection's base URL, written `/oauth/token`.
    BaseUrl(String),
    /// An address at another host, by https.
    Elsewhere {
        /// The host, in lower case.
        host: String,
        /// The whole address.
        url: String,
    },
}

/// What entitles to a token.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum TokenGrant {
    /// The client's own credentials (RFC 6749, section 4.4).
    ClientCredentials,
}

/// How the client proves who it is, in the words of RFC 7591.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum ClientAuthentication {
    /// By HTTP Basic.
    #[default]
    ClientSecretBasic,
    /// In the request's form, for platforms that know only that.
    ClientSecretPost,
}

impl TokenGrant {
    /// Returns the word that a manifest writes, and that the request carries.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::ClientCredentials => "client_credentials",
        }
    }

    /// Returns the fields of the scheme that the grant takes.
    pub fn fields(self) -> &'static [&'static str] {
        match self {
            Self::ClientCredentials => &["client_id", "client_secret"],
        }
    }
}

impl TokenRequest {
    /// The name by which headers and parameters use what the request yields.
    pub const YIELDS: &str = "access_token";

    /// Returns the further parameters of the request, without those whose optional field is absent.
    pub fn parameters(&self, field: impl Fn(&str) -> Option<String>) -> Vec<(String, String)> {
        let filled = self.form.iter().filter_map(|(name, template)| Some((name.clone(), template.render(&field)?)));
        filled.collect()
    }
}

impl TokenUrl {
    /// Returns the address that a text spells, or what is wrong with it.
    pub fn parse(text: &str) -> Result<Self, String> {
        let is_plain = text.bytes().all(|byte| byte.is_ascii_graphic() && !b"{}\\#\"<>^`|".contains(&byte));
        let is_path = text.starts_with('/') && text.len() > 1 && !text.starts_with("//");
        if is_plain && is_path {
            return Ok(Self::BaseUrl(text.to_owned()));
        }
        if text.starts_with("http://") {
            return Err(format!("`{text}` is not encrypted, and secrets go there: write `https://`"));
        }
        let host = text.strip_prefix("https://").and_then(|rest| rest.split(['/', '?']).next());
        match host.filter(|host| is_plain && is_http_url(text) && is_host(host)) {
            Some(host) => Ok(Self::Elsewhere { host: host.to_ascii_lowercase(), url: text.to_owned() }),
            None => Err(format!(
                "`{text}` is not where tokens are given, expected a path behind the base URL such as `/oauth/token`, or \
                 an address such as `https://login.example.com/token`"
            )),
        }
    }
}

/// Says whether a text is the bare name of a host: no port, no name or password before it.
fn is_host(text: &str) -> bool {
    crate::pattern::check_host(&text.to_ascii_lowercase()).is_ok()
}

/// Says whether the host writes a parameter of the request by itself.
pub(crate) fn is_of_the_host(parameter: &str) -> bool {
    OF_THE_HOST.binary_search(&parameter).is_ok()
}

impl fmt::Display for TokenUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::BaseUrl(path) => f.write_str(path),
            Self::Elsewhere { url, .. } => f.write_str(url),
        }
    }
}

impl TryFrom<String> for TokenUrl {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        Self::parse(&text)
    }
}

impl Serialize for TokenUrl {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_parameters_of_the_host_are_sorted() {
        assert!(OF_THE_HOST.is_sorted());
    }

    #[test]
    fn an_address_is_a_path_behind_the_base_url_or_a_host_by_https() {
        for good in ["/oauth_token.do", "/a/b?c=d", "https://login.example.com/token", "https://login.example.com"] {
            assert_eq!(TokenUrl::parse(good).unwrap().to_string(), good);
        }
        let elsewhere = TokenUrl::parse("https://Login.example.com/token").unwrap();
        assert!(matches!(elsewhere, TokenUrl::Elsewhere { host, .. } if host == "login.example.com"));
        for bad in [
            "",
            "/",
            "//evil.example/token",
            "/\\evil.example",
            "token",
            "http://login.example.com/token",
            "https://",
            "https://login.example.com:8443/token",
            "https://ada@login.example.com/token",
            "https://login.example.com\\@evil.example/token",
            "https://login.example.com/{tenant}/token",
            "https://login.example.com/token#part",
            "/to ken",
            "ftp://login.example.com/token",
        ] {
            assert!(TokenUrl::parse(bad).is_err(), "{bad}");
        }
    }
}
