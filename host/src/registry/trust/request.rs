//! What an adapter asks for, and what one file asks for beyond another.

use std::{collections::BTreeSet, fmt};

use serde::Serialize;
use url::Url;
use usher_adapter_manifest::{Access, Folder, HostGrant, Manifest, Network, Value};

/// What an adapter asks for: everything that an operator has to agree to.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct Request {
    /// Hosts for HTTP through the host.
    pub hosts: Vec<HostGrant>,
    /// Secrets: the auth schemes' secret fields (`SCHEME.FIELD`), and variables of the environment (`${NAME}`).
    pub secrets: Vec<String>,
    /// Folders.
    pub filesystem: Vec<Folder>,
    /// Sockets of its own.
    pub network: Network,
}

impl Request {
    /// Returns what a manifest asks for, sorted.
    pub fn of(manifest: &Manifest) -> Self {
        let fields = manifest.auth.iter().flat_map(|scheme| {
            let secret = scheme.fields.iter().filter(|field| field.secret);
            secret.map(|field| format!("{}.{}", scheme.scheme, field.name))
        });
        let variables = manifest.environment.iter().flat_map(|from| from.auth.values());
        let variables = variables.flat_map(|from| from.variables()).map(|name| format!("${{{name}}}"));
        let secrets: BTreeSet<String> = fields.chain(variables).collect();
        let mut request = Self {
            hosts: manifest.grants.hosts.iter().cloned().chain(defaults(manifest)).collect(),
            secrets: secrets.into_iter().collect(),
            filesystem: manifest.grants.filesystem.clone(),
            network: manifest.grants.network,
        };
        request.hosts.sort_by_key(ToString::to_string);
        request.hosts.dedup();
        request.filesystem.sort_by_key(ToString::to_string);
        request
    }

    /// Returns one line for each thing that is asked for.
    pub fn lines(&self) -> Vec<String> {
        self.beyond(&Self::default())
    }

    /// Returns one line for each thing that is asked for here and not there.
    pub fn beyond(&self, other: &Self) -> Vec<String> {
        let hosts = self.hosts.iter().filter(|host| !other.hosts.iter().any(|known| known.covers(host)));
        let secrets = self.secrets.iter().filter(|secret| !other.secrets.contains(secret));
        let folders =
            self.filesystem.iter().filter(|folder| !other.filesystem.iter().any(|known| covers(known, folder)));
        let network = (self.network == Network::Direct && other.network != Network::Direct).then_some("network direct");
        hosts
            .map(|host| format!("host {host}"))
            .chain(secrets.map(|secret| format!("secret {secret}")))
            .chain(folders.map(|folder| format!("files {folder}")))
            .chain(network.map(str::to_owned))
            .collect()
    }
}

/// Returns the hosts of the addresses that a manifest names where the operator names none.
fn defaults(manifest: &Manifest) -> impl Iterator<Item = HostGrant> {
    let addresses = manifest.grants.hosts.iter().filter_map(|host| match host {
        HostGrant::BaseUrl => manifest.base_url.as_ref()?.default.as_deref(),
        HostGrant::Config(option) => match manifest.config_field(option)?.default.as_ref()? {
            Value::Text(address) => Some(address.as_str()),
            _ => None,
        },
        _ => None,
    });
    let hosts = addresses.filter_map(|address| Some(Url::parse(address).ok()?.host_str()?.to_owned()));
    hosts.map(HostGrant::Exact)
}

fn covers(known: &Folder, asked: &Folder) -> bool {
    known.config == asked.config && (known.access == Access::ReadWrite || asked.access == Access::Read)
}

/// How a file differs from the one of the same adapter that was approved.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Difference {
    /// The version that was approved.
    pub from: String,
    /// The version of the file.
    pub to: String,
    /// What it asks for, and the approved one did not.
    pub more: Vec<String>,
    /// What the approved one asked for, and it does not.
    pub less: Vec<String>,
}

impl Difference {
    /// Compares what was approved with what is asked for.
    pub fn between((from, approved): (&str, &Request), (to, asked): (&str, &Request)) -> Self {
        Self { from: from.to_owned(), to: to.to_owned(), more: asked.beyond(approved), less: approved.beyond(asked) }
    }
}

impl fmt::Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.from == self.to {
            true => write!(f, "version {} as before", self.to)?,
            false => write!(f, "version {}, it was {}", self.to, self.from)?,
        }
        match self.more.is_empty() {
            true => f.write_str("; asks for nothing more")?,
            false => write!(f, "; asks for more: {}", self.more.join(", "))?,
        }
        match self.less.is_empty() {
            true => Ok(()),
            false => write!(f, "; asks no longer for: {}", self.less.join(", ")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn request(hosts: &[&str], secrets: &[&str], folders: &[&str], network: Network) -> Request {
        Request {
            hosts: hosts.iter().map(|host| HostGrant::parse(host).unwrap()).collect(),
            secrets: secrets.iter().map(|secret| (*secret).to_owned()).collect(),
            filesystem: folders.iter().map(|folder| Folder::parse(folder).unwrap()).collect(),
            network,
        }
    }

    #[test]
    fn a_manifest_asks_for_hosts_secrets_folders_and_sockets() {
        let manifest = Manifest::parse(
            r#"
manifest = 1
id = "acme"
name = "Acme"
operations = ["get"]
base_url = { required = true }

[config.path]
type = "path"

[[auth]]
scheme = "basic"
fields.user = { secret = false }
fields.token = {}
headers.Authorization = "Basic {user}:{token}"
hosts = ["base_url"]

[[environment]]
auth.user = ["ACME_USER"]
auth.token = ["ACME_TOKEN"]

[grants]
hosts = ["base_url", "files.acme.example"]
filesystem = ["{config.path}:ro"]
network = "direct"
"#,
        )
        .unwrap();
        let expected = [
            "host base_url",
            "host files.acme.example",
            "secret ${ACME_TOKEN}",
            "secret ${ACME_USER}",
            "secret basic.token",
            "files {config.path}:ro",
            "network direct",
        ];
        assert_eq!(Request::of(&manifest).lines(), expected);
    }

    #[test]
    fn what_is_covered_is_not_more() {
        let wide = request(&["*.acme.example"], &["basic.token"], &["{config.path}:rw"], Network::Direct);
        let narrow = request(&["a.acme.example"], &[], &["{config.path}:ro"], Network::None);
        assert!(narrow.beyond(&wide).is_empty());
        let more = ["host *.acme.example", "secret basic.token", "files {config.path}:rw", "network direct"];
        assert_eq!(wide.beyond(&narrow), more);
    }

    #[test]
    fn a_difference_reads_as_a_sentence() {
        let old = request(&["a.example"], &[], &[], Network::None);
        let new = request(&["b.example"], &[], &[], Network::Direct);
        assert_eq!(
            Difference::between(("1.0.0", &old), ("1.1.0", &new)).to_string(),
            "version 1.1.0, it was 1.0.0; asks for more: host b.example, network direct; asks no longer for: host a.example"
        );
        assert_eq!(
            Difference::between(("1.0.0", &old), ("1.0.0", &old)).to_string(),
            "version 1.0.0 as before; asks for nothing more"
        );
    }
}
