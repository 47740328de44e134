//! What an adapter wants to reach: hosts, folders, the network itself.

use crate::pattern::check_host;
use crate::template::is_name;
use serde::{Deserialize, Serialize, Serializer};
use std::fmt;

/// What an adapter wants to reach; the operator grants it or does not.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Grants {
    /// Hosts for HTTP through the host.
    pub hosts: Vec<HostGrant>,
    /// Folders.
    pub filesystem: Vec<Folder>,
    /// Sockets of its own.
    pub network: Network,
}

/// One host that may be reached.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
#[non_exhaustive]
pub enum HostGrant {
    /// The host of the connection's base URL.
    BaseUrl,
    /// The host of the URL in this option.
    Config(String),
    /// This host.
    Exact(String),
    /// Every host below this one, written `*.example.com`.
    Below(String),
}

/// A folder that may be used, from an option of type `path`.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
#[non_exhaustive]
pub struct Folder {
    /// The option that names the folder.
    pub config: String,
    /// What may be done there.
    pub access: Access,
}

/// What may be done in a folder.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Access {
    /// Reading, `:ro`.
    Read,
    /// Reading and writing, `:rw`.
    ReadWrite,
}

/// Whether an adapter opens sockets of its own.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Network {
    /// All HTTP goes through the host.
    #[default]
    None,
    /// It does, for a protocol that is not HTTP.
    Direct,
}

impl HostGrant {
    /// Returns the grant that a text spells, or what is wrong with it.
    pub fn parse(text: &str) -> Result<Self, String> {
        if text == "base_url" {
            return Ok(Self::BaseUrl);
        }
        if let Some(name) = config_name(text) {
            return Ok(Self::Config(name.to_owned()));
        }
        let (below, host) = match text.strip_prefix("*.") {
            Some(host) => (true, host),
            None => (false, text),
        };
        check_host(host).map_err(|_| {
            format!(
                "`{text}` is not a host, expected `base_url`, `{{config.NAME}}`, a bare name such \
                 as `api.example.com`, or `*.example.com`"
            )
        })?;
        Ok(match below {
            true => Self::Below(host.to_owned()),
            false => Self::Exact(host.to_owned()),
        })
    }

    /// Returns whether this grant includes another.
    pub fn covers(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Below(_), Self::Exact(host)) => self.admits(host),
            (Self::Below(suffix), Self::Below(other)) => suffix == other || self.admits(other),
            _ => self == other,
        }
    }

    /// Returns whether a host, in lower case, is one that the grant names by itself.
    pub fn admits(&self, host: &str) -> bool {
        match self {
            Self::BaseUrl | Self::Config(_) => false,
            Self::Exact(exact) => exact == host,
            Self::Below(suffix) => {
                host.strip_suffix(suffix.as_str()).is_some_and(|rest| rest.len() > 1 && rest.ends_with('.'))
            }
        }
    }
}

impl Folder {
    /// Returns the folder that a text spells, or what is wrong with it.
    pub fn parse(text: &str) -> Result<Self, String> {
        let spelled = text.rsplit_once(':').and_then(|(folder, access)| {
            let access = match access {
                "ro" => Access::Read,
                "rw" => Access::ReadWrite,
                _ => return None,
            };
            let config = config_name(folder)?.to_owned();
            Some(Self { config, access })
        });
        spelled
            .ok_or_else(|| format!("`{text}` is not a folder, expected `{{config.NAME}}:ro` or `{{config.NAME}}:rw`"))
    }
}

impl fmt::Display for HostGrant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::BaseUrl => f.write_str("base_url"),
            Self::Config(name) => write!(f, "{{config.{name}}}"),
            Self::Exact(host) => f.write_str(host),
            Self::Below(host) => write!(f, "*.{host}"),
        }
    }
}

impl fmt::Display for Folder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let access = match self.access {
            Access::Read => "ro",
            Access::ReadWrite => "rw",
        };
        write!(f, "{{config.{}}}:{access}", self.config)
    }
}

impl TryFrom<String> for HostGrant {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        Self::parse(&text)
    }
}

impl TryFrom<String> for Folder {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        Self::parse(&text)
    }
}

impl Serialize for HostGrant {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl Serialize for Folder {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

/// Returns the option that `{config.NAME}` names.
fn config_name(text: &str) -> Option<&str> {
    let name = text.strip_prefix("{config.")?.strip_suffix('}')?;
    is_name(name).then_some(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wildcard_covers_what_is_below_and_nothing_else() {
        let below = HostGrant::parse("*.example.com").unwrap();
        assert!(below.admits("a.example.com") && below.admits("a.b.example.com"));
        assert!(!below.admits("example.com") && !below.admits(".example.com"));
        assert!(!below.admits("evilexample.com"));
        assert!(below.covers(&HostGrant::parse("a.example.com").unwrap()));
        assert!(below.covers(&HostGrant::parse("*.b.example.com").unwrap()));
        assert!(!below.covers(&HostGrant::BaseUrl));
    }

    #[test]
    fn grants_print_as_they_were_written() {
        for text in ["base_url", "{config.web_url}", "a.example", "*.a.example"] {
            assert_eq!(HostGrant::parse(text).unwrap().to_string(), text);
        }
        let folder = "{config.path}:rw";
        assert_eq!(Folder::parse(folder).unwrap().to_string(), folder);
    }
}
