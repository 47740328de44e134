//! Where a connection's requests may go: what the manifest asks for, as far as the operator has granted it.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use url::{Host, Url};
use usher_adapter_manifest::HostGrant;
use usher_adapter_sdk::{Error, ErrorKind, Result};

/// Where requests may go.
#[derive(Debug, Clone, Default)]
pub(crate) struct Reach {
    /// Addresses that the operator wrote into the configuration: scheme, host and port of each.
    own: Vec<Url>,
    /// Hosts that are public, by name.
    granted: Vec<HostGrant>,
}

impl Reach {
    /// Returns a reach of these addresses of the operator's and these public hosts.
    pub(crate) fn new(own: Vec<Url>, granted: Vec<HostGrant>) -> Self {
        Self { own, granted }
    }

    /// Refuses an address where requests may not go.
    pub(crate) fn check(&self, url: &Url) -> Result<()> {
        if !url.username().is_empty() || url.password().is_some() {
            return Err(refused(url, "an address must not hold a user name or a password"));
        }
        if self.is_own(url) {
            return Ok(());
        }
        match url.host() {
            Some(Host::Domain(name)) if self.granted.iter().any(|grant| grant.admits(&name.to_ascii_lowercase())) => {}
            _ => return Err(self.not_granted(url)),
        }
        match (url.scheme(), url.port()) {
            ("https", None) => Ok(()),
            _ => Err(refused(url, "only https on its usual port is granted there")),
        }
    }

    /// Says whether an address lies where the operator said that the platform is.
    pub(crate) fn is_own(&self, url: &Url) -> bool {
        self.own.iter().any(|own| own.origin() == url.origin())
    }

    /// Says whether a host's name may stand for a private address: the operator wrote it.
    pub(crate) fn may_be_private(&self, name: &str) -> bool {
        self.own.iter().any(|own| own.host_str().is_some_and(|own| own.eq_ignore_ascii_case(name)))
    }

    fn not_granted(&self, url: &Url) -> Error {
        let own = self.own.iter().filter_map(|own| own.host_str().map(str::to_owned));
        let granted = self.granted.iter().map(ToString::to_string);
        let hosts: Vec<String> = own.chain(granted).collect();
        let error = refused(url, "the connection may not send requests there");
        match hosts[..] {
            [] => error.with_hint("It may go nowhere: set `base_url`, or grant hosts below `[adapters.ID.grants]`."),
            _ => error.with_hint(format!(
                "It may go to: {}. A host is granted below `[adapters.ID.grants]`.",
                hosts.join(", ")
            )),
        }
    }
}

/// The query of an address may hold anything: only where it leads is repeated.
fn refused(url: &Url, why: &str) -> Error {
    let host = url.host_str().unwrap_or("(no host)");
    Error::new(ErrorKind::Configuration, format!("a request to {}://{host} was refused: {why}", url.scheme()))
}

/// Says whether an address is one that everybody reaches alike; others lie in somebody's own network, or nowhere.
pub(crate) fn is_public(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => is_public_v4(address),
        IpAddr::V6(address) => match embedded_v4(address) {
            Some(embedded) => is_public_v4(embedded),
            // Global unicast is 2000::/3; of that, these are set aside (RFC 6890).
            None => {
                let [first, second, ..] = address.segments();
                first & 0xe000 == 0x2000 && !(first == 0x2001 && (second < 0x0200 || second == 0x0db8))
            }
        },
    }
}

/// What the registry of special addresses sets aside (RFC 6890 and its successors), as network and length.
const SPECIAL_V4: &[(Ipv4Addr, u32)] = &[
    (Ipv4Addr::new(0, 0, 0, 0), 8),
    (Ipv4Addr::new(10, 0, 0, 0), 8),
    (Ipv4Addr::new(100, 64, 0, 0), 10),
    (Ipv4Addr::new(127, 0, 0, 0), 8),
    (Ipv4Addr::new(169, 254, 0, 0), 16),
    (Ipv4Addr::new(172, 16, 0, 0), 12),
    (Ipv4Addr::new(192, 0, 0, 0), 24),
    (Ipv4Addr::new(192, 0, 2, 0), 24),
    (Ipv4Addr::new(192, 88, 99, 0), 24),
    (Ipv4Addr::new(192, 168, 0, 0), 16),
    (Ipv4Addr::new(198, 18, 0, 0), 15),
    (Ipv4Addr::new(198, 51, 100, 0), 24),
    (Ipv4Addr::new(203, 0, 113, 0), 24),
    (Ipv4Addr::new(224, 0, 0, 0), 3),
];

fn is_public_v4(address: Ipv4Addr) -> bool {
    let bits = address.to_bits();
    !SPECIAL_V4.iter().any(|(network, length)| (bits ^ network.to_bits()) >> (32 - length) == 0)
}

/// Returns the IPv4 address that an IPv6 one leads to: mapped, compatible, NAT64 or 6to4.
fn embedded_v4(address: Ipv6Addr) -> Option<Ipv4Addr> {
    let [a, b, c, d, e, f, g, h] = address.segments();
    let join = |high: u16, low: u16| Ipv4Addr::from_bits(u32::from(high) << 16 | u32::from(low));
    match (a, b, c, d, e, f) {
        (0, 0, 0, 0, 0, 0 | 0xffff) => Some(join(g, h)),
        (0x64, 0xff9b, 0, 0, 0, 0) => Some(join(g, h)),
        (0x2002, ..) => Some(join(b, c)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn url(text: &str) -> Url {
        Url::parse(text).unwrap()
    }

    #[test]
    fn requests_go_to_the_operators_own_address_and_to_granted_hosts_by_https() {
        let granted = ["uploads.example.com", "*.cdn.example.com"].map(|host| HostGrant::parse(host).unwrap());
        let reach = Reach::new(vec![url("http://127.0.0.1:8080/jira")], granted.to_vec());
        for good in [
            "http://127.0.0.1:8080/anywhere?x=1",
            "https://uploads.example.com/file",
            "https://UPLOADS.example.com:443/file",
            "https://a.cdn.example.com",
        ] {
            assert_eq!(reach.check(&url(good)), Ok(()), "{good}");
        }
        for bad in [
            "https://127.0.0.1:8080/",
            "http://127.0.0.1/",
            "http://127.0.0.1:8081/",
            "http://localhost:8080/",
            "http://uploads.example.com/",
            "https://uploads.example.com:8443/",
            "https://uploads.example.com.evil.example/",
            "https://evil-uploads.example.com/",
            "https://cdn.example.com/",
            "https://ada:s3cret@uploads.example.com/",
            "https://169.254.169.254/latest/meta-data",
            "https://[::1]/",
            "file:///etc/passwd",
            "ftp://uploads.example.com/",
        ] {
            let error = reach.check(&url(bad)).unwrap_err();
            assert!(!error.message().contains("s3cret"), "{error}");
        }
    }

    #[test]
    fn private_and_special_addresses_are_not_public_however_they_are_written() {
        for private in [
            "0.0.0.0",
            "10.1.2.3",
            "100.64.0.1",
            "127.0.0.1",
            "127.255.0.1",
            "169.254.169.254",
            "172.16.0.1",
            "172.31.255.255",
            "192.168.1.1",
            "198.18.0.1",
            "224.0.0.1",
            "240.0.0.1",
            "255.255.255.255",
            "::",
            "::1",
            "::127.0.0.1",
            "::ffff:10.0.0.1",
            "64:ff9b::a9fe:a9fe",
            "2002:7f00:1::",
            "fc00::1",
            "fd12::1",
            "fe80::1",
            "ff02::1",
            "2001:db8::1",
            "2001::1",
            "fec0::1",
        ] {
            assert!(!is_public(private.parse().unwrap()), "{private}");
        }
        for public in ["8.8.8.8", "100.63.0.1", "172.32.0.1", "140.82.121.6", "2606:50c0::1", "64:ff9b::808:808"] {
            assert!(is_public(public.parse().unwrap()), "{public}");
        }
    }
}
