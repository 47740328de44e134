//! `[adapters]`: where drop-ins are found, and what the operator allows each of them.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt;
use std::path::{Path, PathBuf};

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::Deserialize;
use serde::de::{Deserializer, Error, SeqAccess, Visitor};

use super::error::Problem;
use super::located::{Node, Value};
use super::name::{NAME_HINT, is_name};
use super::paths::{self, Environment};
use super::read::read;

/// The shape of the table for the schema. It is read entry by entry, so that each wrong one is reported.
#[derive(Debug, JsonSchema)]
#[expect(dead_code, reason = "a description, never built")]
#[schemars(rename = "Adapters", description = "Where drop-in adapters are found, and what each is allowed.")]
pub(super) struct RawAdapters {
    /// Folders with drop-in adapters, searched in this order; relative ones start at the folder of this file.
    path: Option<FolderList>,
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
}

/// Where drop-ins are found, and what each adapter is allowed.
#[derive(Debug, Clone, Default)]
pub struct Adapters {
    /// Folders to search, first one first: flags, environment, then the file or, if it says nothing, the user's data folder.
    pub path: Vec<PathBuf>,
    /// Settings by adapter id, for those that are mentioned.
    pub settings: BTreeMap<String, AdapterSettings>,
}

impl Adapters {
    /// Returns the settings of an adapter, the defaults if the file does not mention it.
    pub fn of(&self, id: &str) -> AdapterSettings {
        self.settings.get(id).cloned().unwrap_or_default()
    }

    /// Reads the table and returns it with everything that is wrong in it. The path is what the file says, if anything.
    pub(super) fn read(
        node: Option<&Node>,
        folder: &Path,
        environment: &dyn Environment,
    ) -> (Option<Vec<PathBuf>>, BTreeMap<String, AdapterSettings>, Vec<Problem>) {
        let (mut path, mut settings, mut problems) = (None, BTreeMap::new(), Vec::new());
        if let Some(node) = node.filter(|node| !matches!(node.value, Value::Table(_) | Value::Null)) {
            problems.push(Problem::new("expected a table").at(node.offset));
        }
        for entry in node.map(Node::entries).unwrap_or_default() {
            let id = &entry.key.value;
            let outcome = if id == "path" {
                read::<Option<FolderList>>(&entry.node).map(|folders| path = folders.map(|FolderList(folders)| folders))
            } else {
                check_id(id, &entry.node)
                    .map_err(|problem| problem.at(entry.key.offset))
                    .and_then(|()| read::<RawAdapter>(&entry.node))
                    .map(|raw| drop(settings.insert(id.clone(), AdapterSettings::resolve(raw, folder, environment))))
            };
            problems.extend(outcome.err().map(|problem| problem.under(id)));
        }
        let path =
            path.map(|folders| folders.iter().map(|written| paths::resolve(written, folder, environment)).collect());
        (path, settings, problems.into_iter().map(|problem| problem.under("adapters")).collect())
    }
}

/// Everything but `path` is the id of an adapter with a table of its own, so a slip shows as one of two things.
fn check_id(id: &str, node: &Node) -> Result<(), Problem> {
    if !matches!(node.value, Value::Table(_) | Value::Null) {
        return Err(Problem::new("neither a known key nor a table for an adapter")
            .hint("valid: `path`, and one table `[adapters.ID]` for each adapter"));
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
}

impl AdapterSettings {
    fn resolve(raw: RawAdapter, folder: &Path, environment: &dyn Environment) -> Self {
        let filesystem = raw.grants.and_then(|grants| grants.filesystem).unwrap_or_default();
        AdapterSettings {
            isolation: raw.isolation.unwrap_or_default(),
            filesystem: filesystem.into_iter().map(|grant| grant.resolve(folder, environment)).collect(),
        }
    }
}

/// Where the code of a drop-in runs.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Isolation {
    /// In a process of its own.
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

impl<'de> Deserialize<'de> for Isolation {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let word = String::deserialize(deserializer)?;
        match [Isolation::Worker, Isolation::InProcess].into_iter().find(|isolation| isolation.as_str() == word) {
            Some(isolation) => Ok(isolation),
            None => Err(D::Error::custom(format!("isolation `{word}` does not exist"))),
        }
    }
}

impl JsonSchema for Isolation {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        "Isolation".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "description": "Where the code of the adapter runs.", "enum": ["in-process"], "default": "in-process" })
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
struct FolderList(Vec<String>);

impl<'de> Deserialize<'de> for FolderList {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct OneOrMany;

        impl<'de> Visitor<'de> for OneOrMany {
            type Value = FolderList;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a folder or a list of folders")
            }

            fn visit_str<E: Error>(self, folder: &str) -> Result<FolderList, E> {
                not_empty(folder.to_owned()).map(|folder| FolderList(vec![folder]))
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<FolderList, A::Error> {
                let mut folders = Vec::new();
                while let Some(folder) = list.next_element()? {
                    folders.push(not_empty(folder)?);
                }
                Ok(FolderList(folders))
            }
        }

        deserializer.deserialize_any(OneOrMany)
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

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": ["string", "array"], "items": { "type": "string" } })
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
