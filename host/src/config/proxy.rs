//! The proxy of a connection, in `[connections.NAME.http]`: which one, and who we are to it. What a proxy means for where
//! requests may go is thought through in `host/SECURITY.md`.

use std::net::IpAddr;

use url::Url;

use super::error::Problem;
use super::located::Located;
use super::secret::AuthField;

/// The way to the platform.
#[derive(Debug, Clone, Default)]
pub enum Proxy {
    /// As the environment says (`HTTPS_PROXY`, `HTTP_PROXY`, `ALL_PROXY`, `NO_PROXY`), on macOS and Windows also the system.
    #[default]
    System,
    /// Straight, whatever the environment says.
    Direct,
    /// Through this one.
    Through(Box<ProxyServer>),
}

/// A proxy that the file names.
#[derive(Debug, Clone)]
pub struct ProxyServer {
    /// Its address, without credentials.
    pub url: Url,
    /// Who we are to it.
    pub user: Option<AuthField>,
    /// How we prove that.
    pub password: Option<AuthField>,
    /// Hosts that are asked without it: names with all below them, addresses, networks.
    pub except: Vec<String>,
}

/// What is written of a proxy.
#[derive(Debug, Default)]
pub(super) struct RawProxy {
    pub(super) proxy: Option<Located<String>>,
    pub(super) user: Option<Located<AuthField>>,
    pub(super) password: Option<Located<AuthField>>,
    pub(super) except: Option<Vec<Located<String>>>,
}

/// The schemes that a proxy's address may have, sorted. `socks5h` leaves resolving names to the proxy.
const SCHEMES: &[&str] = &["http", "https", "socks5", "socks5h"];

/// What an address should look like.
const EXAMPLE: &str = "write for example \"http://proxy.example.com:3128\", or `none`, or `system`";

impl Proxy {
    /// Resolves what is written.
    pub(super) fn resolve(raw: RawProxy) -> Result<Self, Problem> {
        let proxy = match &raw.proxy {
            None => Self::System,
            Some(word) if word.value == "system" => Self::System,
            Some(word) if word.value == "none" => Self::Direct,
            Some(text) => {
                let url = address(text.value.trim()).map_err(|problem| problem.at(text.offset).under("proxy"))?;
                return Ok(Self::Through(Box::new(server(url, raw)?)));
            }
        };
        let first = raw.except.as_ref().and_then(|hosts| hosts.first()).map(|host| host.offset);
        let alone = [
            ("proxy_user", raw.user.map(|user| user.offset)),
            ("proxy_password", raw.password.map(|password| password.offset)),
            ("no_proxy", first),
        ];
        match alone.into_iter().find_map(|(key, offset)| Some((key, offset?))) {
            None => Ok(proxy),
            Some((key, offset)) => Err(Problem::new("belongs to a proxy whose address stands in `proxy`")
                .hint("add `proxy = \"http://HOST:PORT\"`; the variables of the environment have a `NO_PROXY` of their own")
                .at(offset)
                .under(key)),
        }
    }
}

fn server(url: Url, raw: RawProxy) -> Result<ProxyServer, Problem> {
    if let (None, Some(password)) = (&raw.user, &raw.password) {
        let problem = Problem::new("a password without a user").hint("add `proxy_user`");
        return Err(problem.at(password.offset).under("proxy_password"));
    }
    let except = raw.except.unwrap_or_default().into_iter().map(|host| match is_host(&host.value) {
        true => Ok(host.value),
        false => Err(Problem::new(format!("`{}` is not a host", host.value))
            .hint("write a name (all below it are meant too), an address, or a network such as 10.0.0.0/8; no port, no `*`")
            .at(host.offset)
            .under("no_proxy")),
    });
    let [user, password] = [raw.user, raw.password].map(|field| field.map(|field| field.value));
    Ok(ProxyServer { url, user, password, except: except.collect::<Result<_, _>>()? })
}

/// Messages never repeat the address: what made it wrong may be a password in it.
fn address(text: &str) -> Result<Url, Problem> {
    let url = Url::parse(text).map_err(|_| Problem::new("not the address of a proxy").hint(EXAMPLE))?;
    if SCHEMES.binary_search(&url.scheme()).is_err() || !url.has_host() {
        let schemes = format!("a proxy's address begins with one of: {}", SCHEMES.join(", "));
        return Err(Problem::new("not the address of a proxy").hint(format!("{schemes}; {EXAMPLE}")));
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err(Problem::new("the address holds a user name or a password")
            .hint("move them to `proxy_user` and `proxy_password`, as references to secrets"));
    }
    if !matches!(url.path(), "" | "/") || url.query().is_some() || url.fragment().is_some() {
        return Err(Problem::new("the address of a proxy ends with its port").hint(EXAMPLE));
    }
    Ok(url)
}

fn is_host(text: &str) -> bool {
    let (address, length) = text.split_once('/').map_or((text, None), |(address, length)| (address, Some(length)));
    if let Ok(address) = address.parse::<IpAddr>() {
        let most = if address.is_ipv4() { 32 } else { 128 };
        return length.is_none_or(|length| length.parse::<u8>().is_ok_and(|length| length <= most));
    }
    let name = text.strip_prefix('.').unwrap_or(text);
    let is_label = |label: &str| {
        !label.is_empty() && label.chars().all(|letter| letter.is_ascii_alphanumeric() || "-_".contains(letter))
    };
    name.split('.').all(is_label)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_of_proxies_have_a_scheme_that_is_known_and_no_password() {
        for good in
            ["http://proxy:3128", "https://proxy.example.com", "socks5://10.0.0.1:1080/", "socks5h://[::1]:1080"]
        {
            assert!(address(good).is_ok(), "{good}");
        }
        for bad in [
            "proxy.example.com:3128",
            "ftp://proxy",
            "http://ada:s3cret@proxy:3128",
            "http://proxy:3128/path",
            "http://proxy:3128?t=s3cret",
            "",
        ] {
            let problem = address(bad).unwrap_err();
            assert!(problem.hint.is_some() && !format!("{problem:?}").contains("s3cret"), "{problem:?}");
        }
    }

    #[test]
    fn hosts_without_a_proxy_are_names_addresses_and_networks() {
        for good in ["example.com", ".example.com", "localhost", "10.0.0.1", "10.0.0.0/8", "::1", "fd00::/8"] {
            assert!(is_host(good), "{good}");
        }
        for bad in ["", "*", "*.example.com", "example.com:8080", "https://example.com", "10.0.0.0/33", "a,b", "a b"] {
            assert!(!is_host(bad), "{bad}");
        }
    }
}
