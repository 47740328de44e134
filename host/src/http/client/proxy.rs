//! The proxy on the way to a platform: the one of the settings, or the one of the environment.

use base64::{Engine as _, prelude::BASE64_STANDARD};
use hyper_util::client::proxy::matcher::{Intercept, Matcher};
use reqwest::ClientBuilder;
use url::Url;
use usher_adapter_sdk::{Error, ErrorKind, Result};

use crate::{
    config::{self, AuthField, ProxyServer, Secret},
    http::secrets,
    redact,
    transport::{Deadline, Logger},
};

/// The way to all platforms of a connection.
pub(super) struct Proxy {
    way: Way,
    /// What decides about each address; the client decides by the same.
    matcher: Matcher,
}

enum Way {
    System,
    Direct,
    Through { server: Box<ProxyServer>, user: Option<Secret>, password: Option<Secret> },
}

/// Returns host and port of the proxy before an address; no secret is read for that.
pub(crate) fn before(settings: &config::Proxy, url: &Url) -> Option<String> {
    intercepting(&matcher(settings), url).as_ref().and_then(address)
}

impl Proxy {
    /// Returns the way, after the credentials for it have been read.
    pub(super) async fn of(
        settings: &config::Proxy,
        connection: &str,
        logger: &dyn Logger,
        deadline: Deadline,
    ) -> Result<Self> {
        let read = async |name: &str, field: &Option<AuthField>| match field {
            Some(field) => secrets::read_for(connection, name, &field.source, logger, deadline).await.map(Some),
            None => Ok(None),
        };
        let way = match settings {
            config::Proxy::System => Way::System,
            config::Proxy::Direct => Way::Direct,
            config::Proxy::Through(server) => Way::Through {
                user: read("http.proxy_user", &server.user).await?,
                password: read("http.proxy_password", &server.password).await?,
                server: server.clone(),
            },
        };
        let proxy = Self { way, matcher: matcher(settings) };
        proxy.learn();
        Ok(proxy)
    }

    /// Sends what a client is asked for this way.
    pub(super) fn configure(&self, builder: ClientBuilder) -> Result<ClientBuilder> {
        match &self.way {
            Way::System => Ok(builder),
            Way::Direct => Ok(builder.no_proxy()),
            Way::Through { server, user, password } => {
                let mut proxy = reqwest::Proxy::all(server.url.clone()).map_err(|error| {
                    let host = server.url.host_str().unwrap_or_default();
                    Error::new(ErrorKind::Configuration, format!("the proxy {host} cannot be used: {error}"))
                })?;
                if let Some(user) = user {
                    proxy = proxy.basic_auth(user.expose(), password.as_ref().map_or("", Secret::expose));
                }
                let except = reqwest::NoProxy::from_string(&server.except.join(","));
                Ok(builder.no_proxy().proxy(proxy.no_proxy(except)))
            }
        }
    }

    /// Returns host and port of the proxy before an address.
    pub(super) fn before(&self, url: &Url) -> Option<String> {
        intercepting(&self.matcher, url).as_ref().and_then(address)
    }

    /// Says whether a name is that of a proxy, which the operator chose: it may lie in a private network.
    pub(super) fn has_name(&self, name: &str) -> bool {
        self.all().any(|proxy| proxy.uri().host().is_some_and(|host| host.eq_ignore_ascii_case(name)))
    }

    /// Says whether a proxy for plain addresses is itself spoken to by TLS.
    pub(super) fn is_secure(&self) -> bool {
        self.all().any(|proxy| proxy.uri().scheme_str() == Some("https"))
    }

    /// Returns the proxies for both kinds of addresses.
    fn all(&self) -> impl Iterator<Item = Intercept> {
        // A name that no list of exceptions has (RFC 2606), unless it has all.
        let somewhere = ["http://usher.invalid/", "https://usher.invalid/"];
        somewhere.into_iter().filter_map(|url| self.matcher.intercept(&url.parse().ok()?))
    }

    /// Makes the credentials that came with an address of the environment known, so that they are hidden like all others.
    fn learn(&self) {
        for proxy in self.all() {
            if let Some((_, password)) = proxy.raw_auth() {
                redact::learn(&Secret::new(password));
            }
            if let Some(password) = proxy.basic_auth().and_then(|header| password(header.to_str().ok()?)) {
                redact::learn(&Secret::new(password));
            }
        }
    }
}

/// Returns the password in `Basic …`.
fn password(header: &str) -> Option<String> {
    let decoded = BASE64_STANDARD.decode(header.strip_prefix("Basic ")?).ok()?;
    let text = String::from_utf8(decoded).ok()?;
    text.split_once(':').map(|(_, password)| password.to_owned())
}

fn matcher(settings: &config::Proxy) -> Matcher {
    match settings {
        config::Proxy::System => Matcher::from_system(),
        config::Proxy::Direct => Matcher::builder().build(),
        config::Proxy::Through(server) => {
            Matcher::builder().all(server.url.as_str()).no(server.except.join(",")).build()
        }
    }
}

fn intercepting(matcher: &Matcher, url: &Url) -> Option<Intercept> {
    matcher.intercept(&url.as_str().parse().ok()?)
}

fn address(proxy: &Intercept) -> Option<String> {
    proxy.uri().authority().map(ToString::to_string)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_exceptions_are_asked_without_the_proxy_and_its_own_name_is_known() {
        let server = ProxyServer {
            url: Url::parse("http://proxy.example:3128").unwrap(),
            user: None,
            password: None,
            except: vec!["inside.example".to_owned(), "10.0.0.0/8".to_owned()],
        };
        let settings = config::Proxy::Through(Box::new(server));
        let before = |url: &str| before(&settings, &Url::parse(url).unwrap());
        assert_eq!(before("https://tickets.example/x").as_deref(), Some("proxy.example:3128"));
        assert_eq!(before("http://tickets.example/x").as_deref(), Some("proxy.example:3128"));
        for direct in ["https://inside.example", "https://a.inside.example", "http://10.1.2.3:8080/"] {
            assert_eq!(before(direct), None, "{direct}");
        }
        let proxy = Proxy { way: Way::Direct, matcher: matcher(&settings) };
        assert!(proxy.has_name("PROXY.example") && !proxy.has_name("tickets.example") && !proxy.is_secure());
    }

    #[test]
    fn a_password_is_found_in_a_header() {
        assert_eq!(password(&format!("Basic {}", BASE64_STANDARD.encode("ada:s3:cret"))).as_deref(), Some("s3:cret"));
        assert_eq!(password("Bearer x"), None);
    }
}
