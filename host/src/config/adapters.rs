//! `[adapters]`: where drop-ins are found, and what the operator allows each of them.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt;
use std::path::{Path, PathBuf};

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::de::value::MapAccessDeserializer;
use serde::de::{Deserializer, Error, MapAccess, SeqAccess, Visitor};
use serde::{Deserialize, Serialize};
use usher_adapter_manifest::HostGrant;

use super::error::Problem;
use super::located::{Located, Node, Value};
use super::name::{NAME_HINT, is_name};
use super::paths::{self, Environment};
use super::read::read;
use super::trust::{self, AdapterFolder, SignerKey, Trust};

/// The shape of the table for the schema. It is read entry by entry, so that each wrong one is reported.
#[derive(Debug, JsonSchema)]
#[expect(dead_code, reason = "a description, never built")]
#[schemars(rename = "Adapters", description = "Where drop-in adapters are found, and what each is allowed.")]
pub(super) struct RawAdapters {
    /// Folders with drop-in adapters, searched in this order; relative ones start at the folder of this file.
    path: Option<FolderList>,
    /// What files need in folders that do not say it themselves, those of flags and environment included.
    trust: Option<Trust>,
    /// Minisign public keys whose signatures count, each as its base64 line or as `file:PATH` of a .pub file.
    keys: Option<Vec<String>>,
    /// Refuses to run a drop-in where its process cannot be confined fully.
    require_sandbox: Option<bool>,
    #[serde(flatten)]
    adapters: BTreeMap<String, RawAdapter>,
}

/// What the operator allows one adapter.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "Adapter")]
struct RawAdapter {
    isolation: Option<Isolation>,
    grants: Option<RawGrants>,
}

/// What an adapter may touch beyond its own connection.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "Grants")]
struct RawGrants {
    /// Folders it may read (`PATH:ro`) or write (`PATH:rw`).
    filesystem: Option<Vec<RawFilesystemGrant>>,
    /// Whether it may open sockets of its own: `none`, or `direct` for one that speaks something else than HTTP.
    network: Option<RawNetwork>,
    /// Hosts that it may reach beside the base_url of its connections, such as `files.example.com` or `*.example.com`.
    hosts: Option<Vec<RawHost>>,
}

/// A host by name, or all below one.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(try_from = "String")]
#[schemars(inline, with = "String")]
struct RawHost(HostGrant);

impl TryFrom<String> for RawHost {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        match HostGrant::parse(&text) {
            Ok(host @ (HostGrant::Exact(_) | HostGrant::Below(_))) => Ok(Self(host)),
            _ => Err(format!("`{text}` is not a host\nwrite a name such as `files.example.com`, or `*.example.com`")),
        }
    }
}

/// Whether an adapter may open sockets of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
#[schemars(inline)]
enum RawNetwork {
    None,
    Direct,
}

/// Where drop-ins are found, and what each adapter is allowed.
#[derive(Debug, Clone, Default)]
pub struct Adapters {
    /// Folders to search, first one first: flags, environment, then the file or, if it says nothing, the user's data folder.
    pub path: Vec<AdapterFolder>,
    /// What files need in folders that nobody has said more about.
    pub trust: Trust,
    /// The keys whose signatures count in folders that name none of their own.
    pub keys: Vec<SignerKey>,
    /// Whether a drop-in is refused where its process cannot be confined fully.
    pub require_sandbox: bool,
    /// Settings by adapter id, for those that are mentioned.
    pub settings: BTreeMap<String, AdapterSettings>,
}

/// What the file says, before the layers above it.
#[derive(Debug, Default)]
pub(super) struct FromFile {
    /// Its folders; none if it does not say.
    pub(super) path: Option<Vec<AdapterFolder>>,
    /// Everything else.
    pub(super) rest: Adapters,
}

impl Adapters {
    /// Returns the settings of an adapter, the defaults if the file does not mention it.
    pub fn of(&self, id: &str) -> AdapterSettings {
        self.settings.get(id).cloned().unwrap_or_default()
    }

    /// Returns a folder that nobody has said more about.
    pub fn folder(&self, path: impl Into<PathBuf>) -> AdapterFolder {
        AdapterFolder { path: path.into(), trust: self.trust, keys: self.keys.clone() }
    }

    /// Reads the table and returns it with everything that is wrong in it.
    pub(super) fn read(node: Option<&Node>, folder: &Path, environment: &dyn Environment) -> (FromFile, Vec<Problem>) {
        let mut problems = Vec::new();
        if let Some(node) = node.filter(|node| !matches!(node.value, Value::Table(_) | Value::Null)) {
            problems.push(Problem::new("expected a table").at(node.offset));
        }
        let mut all = Adapters {
            trust: setting(node, "trust", &mut problems).unwrap_or_default(),
            require_sandbox: setting(node, "require_sandbox", &mut problems).unwrap_or_default(),
            ..Adapters::default()
        };
        let written: Vec<Located<String>> = setting(node, "keys", &mut problems).unwrap_or_default();
        let (keys, wrong) = trust::keys(&written, folder, environment);
        all.keys = keys;
        problems.extend(wrong);
        if let Some(node) = node.and_then(|node| node.get("trust")).filter(|_| all.trust == Trust::Signed)
            && written.is_empty()
        {
            problems.push(without_keys().at(node.offset).under("trust"));
        }
        let folders: Option<FolderList> = setting(node, "path", &mut problems);
        let path = folders.map(|FolderList(folders)| {
            let resolve = |raw: RawFolder| {
                let (resolved, wrong) = raw.resolve(&all, folder, environment);
                problems.extend(wrong.into_iter().map(|problem| problem.under("path")));
                resolved
            };
            folders.into_iter().map(resolve).collect()
        });
        let others = node.map(Node::entries).unwrap_or_default().iter();
        for entry in others.filter(|entry| !COMMON.contains(&entry.key.value.as_str())) {
            let id = &entry.key.value;
            let raw = check_id(id, &entry.node).map_err(|problem| problem.at(entry.key.offset));
            match raw.and_then(|()| read::<RawAdapter>(&entry.node)) {
                Ok(raw) => {
                    all.settings.insert(id.clone(), AdapterSettings::resolve(raw, folder, environment));
                }
                Err(problem) => problems.push(problem.under(id)),
            }
        }
        (FromFile { path, rest: all }, problems.into_iter().map(|problem| problem.under("adapters")).collect())
    }
}

/// The keys of the table that concern all adapters, sorted.
const COMMON: &[&str] = &["keys", "path", "require_sandbox", "trust"];

/// Reads one of them.
fn setting<'de, T: Deserialize<'de>>(node: Option<&'de Node>, key: &str, problems: &mut Vec<Problem>) -> Option<T> {
    let outcome = read::<Option<T>>(node?.get(key)?).map_err(|problem| problem.under(key));
    outcome.unwrap_or_else(|problem| {
        problems.push(problem);
        None
    })
}

fn without_keys() -> Problem {
    Problem::new("`signed` says nothing without the keys whose signatures count")
        .hint("add `keys = [\"RW…\"]` with minisign public keys, or `keys = [\"file:PATH\"]`")
}

/// Everything else is the id of an adapter with a table of its own, so a slip shows as one of two things.
fn check_id(id: &str, node: &Node) -> Result<(), Problem> {
    if !matches!(node.value, Value::Table(_) | Value::Null) {
        return Err(Problem::new("neither a known key nor a table for an adapter")
            .hint(format!("valid: {}, and one table `[adapters.ID]` for each adapter", COMMON.join(", "))));
    }
    if !is_name(id) {
        return Err(Problem::new(format!("`{id}` cannot be the id of an adapter")).hint(NAME_HINT));
    }
    Ok(())
}

/// What the operator decided about one adapter.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct AdapterSettings {
    /// Where its code runs.
    pub isolation: Isolation,
    /// Parts of the file system that it may touch.
    pub filesystem: Vec<FilesystemGrant>,
    /// Whether it may open sockets of its own.
    pub network: bool,
    /// Hosts that it may reach beside its connections' own.
    pub hosts: Vec<HostGrant>,
}

impl AdapterSettings {
    fn resolve(raw: RawAdapter, folder: &Path, environment: &dyn Environment) -> Self {
        let grants = raw.grants;
        let (filesystem, network, hosts) =
            grants.map(|grants| (grants.filesystem, grants.network, grants.hosts)).unwrap_or_default();
        let filesystem = filesystem.unwrap_or_default().into_iter();
        AdapterSettings {
            isolation: raw.isolation.unwrap_or_default(),
            filesystem: filesystem.map(|grant| grant.resolve(folder, environment)).collect(),
            network: network == Some(RawNetwork::Direct),
            hosts: hosts.unwrap_or_default().into_iter().map(|RawHost(host)| host).collect(),
        }
    }
}

/// Where the code of a drop-in runs.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
#[schemars(inline)]
pub enum Isolation {
    /// In a confined process of its own.
    #[default]
    Worker,
    /// On a thread of its own in the host.
    InProcess,
}

impl Isolation {
    /// Returns the word in the file.
    pub fn as_str(self) -> &'static str {
        match self {
            Isolation::Worker => "worker",
            Isolation::InProcess => "in-process",
        }
    }
}

/// How far a grant goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Access {
    /// Reading only.
    ReadOnly,
    /// Reading and writing.
    ReadWrite,
}

impl Access {
    /// Returns the word in the file.
    pub fn as_str(self) -> &'static str {
        match self {
            Access::ReadOnly => "ro",
            Access::ReadWrite => "rw",
        }
    }
}

/// A folder or file that an adapter may touch.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FilesystemGrant {
    /// The folder or file.
    pub path: PathBuf,
    /// How far it goes.
    pub access: Access,
}

/// `PATH:ro` or `PATH:rw`.
#[derive(Debug, PartialEq, Eq)]
struct RawFilesystemGrant {
    path: String,
    access: Access,
}

impl RawFilesystemGrant {
    fn parse(text: &str) -> Result<Self, String> {
        // From the right: on Windows the path has a colon of its own.
        let (path, access) = match text.rsplit_once(':') {
            Some((path, "ro")) => (path, Access::ReadOnly),
            Some((path, "rw")) => (path, Access::ReadWrite),
            _ => ("", Access::ReadOnly),
        };
        if path.is_empty() {
            return Err(format!(
                "`{text}` is not a grant\nwrite `PATH:ro` to allow reading, `PATH:rw` to allow writing"
            ));
        }
        Ok(RawFilesystemGrant { path: path.to_owned(), access })
    }

    fn resolve(self, folder: &Path, environment: &dyn Environment) -> FilesystemGrant {
        FilesystemGrant { path: paths::resolve(&self.path, folder, environment), access: self.access }
    }
}

impl<'de> Deserialize<'de> for RawFilesystemGrant {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        RawFilesystemGrant::parse(&String::deserialize(deserializer)?).map_err(D::Error::custom)
    }
}

impl JsonSchema for RawFilesystemGrant {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        "FilesystemGrant".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": "string", "pattern": ".:(ro|rw)$" })
    }
}

/// One folder, or a list of them.
#[derive(Debug)]
struct FolderList(Vec<RawFolder>);

impl<'de> Deserialize<'de> for FolderList {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct OneOrMany;

        impl<'de> Visitor<'de> for OneOrMany {
            type Value = FolderList;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a folder or a list of folders")
            }

            fn visit_str<E: Error>(self, folder: &str) -> Result<FolderList, E> {
                RawFolder::plain(folder).map(|folder| FolderList(vec![folder]))
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<FolderList, A::Error> {
                let mut folders = Vec::new();
                while let Some(folder) = list.next_element()? {
                    folders.push(folder);
                }
                Ok(FolderList(folders))
            }

            fn visit_map<A: MapAccess<'de>>(self, table: A) -> Result<FolderList, A::Error> {
                RawFolder::table(table).map(|folder| FolderList(vec![folder]))
            }
        }

        deserializer.deserialize_any(OneOrMany)
    }
}

/// A folder: its name, or a table that also says how far it is trusted.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct RawFolderTable {
    folder: String,
    trust: Option<Located<Trust>>,
    keys: Option<Vec<Located<String>>>,
}

#[derive(Debug)]
struct RawFolder(RawFolderTable);

impl RawFolder {
    fn plain<E: Error>(folder: &str) -> Result<Self, E> {
        Ok(RawFolder(RawFolderTable { folder: not_empty(folder.to_owned())?, trust: None, keys: None }))
    }

    fn table<'de, A: MapAccess<'de>>(table: A) -> Result<Self, A::Error> {
        let table = RawFolderTable::deserialize(MapAccessDeserializer::new(table))?;
        not_empty(table.folder.clone())?;
        Ok(RawFolder(table))
    }

    /// Returns the folder as it is meant, with what is said for all of them.
    fn resolve(self, all: &Adapters, folder: &Path, environment: &dyn Environment) -> (AdapterFolder, Vec<Problem>) {
        let RawFolder(RawFolderTable { folder: written, trust, keys }) = self;
        let mut resolved = all.folder(paths::resolve(&written, folder, environment));
        let mut problems = Vec::new();
        if let Some(trust) = &trust {
            resolved.trust = trust.value;
        }
        if let Some(keys) = &keys {
            let (own, wrong) = trust::keys(keys, folder, environment);
            (resolved.keys, problems) = (own, wrong);
        }
        match (resolved.trust, keys.as_deref()) {
            (Trust::Signed, Some([])) | (Trust::Signed, None) if resolved.keys.is_empty() && trust.is_some() => {
                problems.push(without_keys().at(trust.map(|trust| trust.offset).unwrap_or_default()));
            }
            (Trust::Open | Trust::Pinned, Some([first, ..])) => {
                let word = resolved.trust.as_str();
                let problem = Problem::new(format!("the keys of this folder count for nothing: its trust is `{word}`"));
                problems.push(problem.hint("write `trust = \"signed\"` beside them, or remove them").at(first.offset));
            }
            _ => {}
        }
        (resolved, problems)
    }
}

impl<'de> Deserialize<'de> for RawFolder {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct NameOrTable;

        impl<'de> Visitor<'de> for NameOrTable {
            type Value = RawFolder;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a folder, or a table `{ folder = \"PATH\", trust = \"…\" }`")
            }

            fn visit_str<E: Error>(self, folder: &str) -> Result<RawFolder, E> {
                RawFolder::plain(folder)
            }

            fn visit_map<A: MapAccess<'de>>(self, table: A) -> Result<RawFolder, A::Error> {
                RawFolder::table(table)
            }
        }

        deserializer.deserialize_any(NameOrTable)
    }
}

/// An empty path would quietly mean the folder of the file.
fn not_empty<E: Error>(folder: String) -> Result<String, E> {
    if folder.trim().is_empty() {
        return Err(E::custom("the name of a folder is empty\nwrite `.` for the folder of this file"));
    }
    Ok(folder)
}

impl JsonSchema for FolderList {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        "FolderList".into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let table = RawFolderTable::json_schema(generator);
        let folder = json_schema!({ "anyOf": [{ "type": "string" }, table] });
        json_schema!({ "anyOf": [folder, { "type": "array", "items": folder }] })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_grant_names_a_path_and_how_far_it_goes() {
        let grant = |path: &str, access| Ok(RawFilesystemGrant { path: path.to_owned(), access });
        assert_eq!(RawFilesystemGrant::parse("~/notes:rw"), grant("~/notes", Access::ReadWrite));
        assert_eq!(RawFilesystemGrant::parse("C:\\notes:ro"), grant("C:\\notes", Access::ReadOnly));
        for wrong in ["~/notes", "~/notes:wr", ":ro", ""] {
            assert!(RawFilesystemGrant::parse(wrong).is_err(), "{wrong}");
        }
    }
}
