//! The lock file: which files the operator has approved, and what each of them asked for then.
//!
//! It stands beside the configuration, is written by `usher adapter approve` alone, and is read by every command. What cannot
//! be read as a whole is refused as a whole: an entry that is skipped could be the one that mattered.

use std::{
    collections::BTreeMap,
    fs::{self, File},
    io,
    path::{Path, PathBuf},
};

use serde::{Deserialize, Serialize};
use usher_adapter_manifest::{Folder, HostGrant, Network};
use usher_adapter_sdk::{Error, ErrorKind, Result, model::Time};

use super::{super::unwritten, Request};
use crate::{private_folder, whole_file::WholeFile};

/// The name of the file.
pub const LOCK_FILE: &str = "adapters.lock";

/// The version of its form.
const VERSION: i64 = 1;

/// What stands on top of it.
const HEADER: &str = "# Which drop-ins are approved. Written by `usher adapter approve`.\n\n";

/// What the operator has approved, by the id of the adapter.
#[derive(Debug, Clone, Default)]
pub struct LockFile {
    file: Option<PathBuf>,
    entries: BTreeMap<String, Approval>,
}

/// One file that was approved for one adapter.
#[derive(Debug, Clone, PartialEq)]
pub struct Approval {
    /// The adapter's id.
    pub id: String,
    /// Its version.
    pub version: String,
    /// The file's digest.
    pub sha256: String,
    /// The id of the key that had signed it.
    pub signer: Option<String>,
    /// What it asked for, and was granted by that.
    pub request: Request,
    /// When.
    pub approved_at: Time,
}

impl LockFile {
    /// Reads a lock file; one that is not there has no entries. Without a place nothing can be approved.
    pub fn read(file: Option<&Path>) -> Result<Self> {
        let entries = file.map(read).transpose()?.unwrap_or_default();
        Ok(Self { file: file.map(Path::to_owned), entries })
    }

    /// Returns where it is, or would be.
    pub fn place(&self) -> Option<&Path> {
        self.file.as_deref()
    }

    /// Returns what was approved for an adapter, whichever file it was.
    pub fn of(&self, id: &str) -> Option<&Approval> {
        self.entries.get(id)
    }

    /// Returns what was approved for an adapter, if it was exactly that file.
    pub fn approval(&self, id: &str, sha256: &str) -> Option<&Approval> {
        self.of(id).filter(|approval| approval.sha256 == sha256)
    }

    /// Writes what was approved, in place of what was approved for the same adapters before. What other processes have
    /// written meanwhile stays.
    pub fn approve(&mut self, approvals: Vec<Approval>) -> Result<()> {
        let Some(file) = self.file.clone() else {
            return Err(Error::new(ErrorKind::Configuration, "there is no place for the lock file")
                .with_hint("Name a configuration file with `--config`, or set HOME."));
        };
        // A link, as dotfile managers make them, stays a link: its target is what is replaced.
        let target = file.canonicalize().unwrap_or_else(|_| file.clone());
        let folder = target.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
        let failed = |error: io::Error| {
            Error::new(ErrorKind::Configuration, format!("{} cannot be written: {error}", file.display()))
                .with_hint(format!("Nothing was approved, and the file is as it was. {}", unwritten::help(&error)))
        };
        let _guard = guard(folder).map_err(failed)?;
        let mut entries = read(&file)?;
        entries.extend(approvals.into_iter().map(|approval| (approval.id.clone(), approval)));
        let text = written(&entries)?;
        WholeFile::default().lasting().write(&target, text.as_bytes()).map_err(failed)?;
        self.entries = entries;
        Ok(())
    }
}

/// The file as a whole.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Document {
    version: i64,
    #[serde(default)]
    adapter: Vec<Entry>,
}

/// One entry as it is written.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    id: String,
    version: String,
    sha256: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    signer: Option<String>,
    hosts: Vec<HostGrant>,
    secrets: Vec<String>,
    filesystem: Vec<Folder>,
    network: Network,
    approved_at: Time,
}

impl From<Entry> for Approval {
    fn from(entry: Entry) -> Self {
        let Entry { id, version, sha256, signer, hosts, secrets, filesystem, network, approved_at } = entry;
        Self { id, version, sha256, signer, request: Request { hosts, secrets, filesystem, network }, approved_at }
    }
}

impl From<Approval> for Entry {
    fn from(approval: Approval) -> Self {
        let Approval { id, version, sha256, signer, request, approved_at } = approval;
        let Request { hosts, secrets, filesystem, network } = request;
        Self { id, version, sha256, signer, hosts, secrets, filesystem, network, approved_at }
    }
}

fn read(file: &Path) -> Result<BTreeMap<String, Approval>> {
    let wrong = |what: String| {
        Error::new(ErrorKind::Configuration, format!("{} {what}", file.display())).with_hint(
            "It says which adapters may be loaded, so nothing is loaded without it. Repair it, or remove it and approve again \
             with `usher adapter approve`.",
        )
    };
    let text = match fs::read_to_string(file) {
        Ok(text) => text,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(BTreeMap::new()),
        Err(error) => return Err(wrong(format!("cannot be read: {error}"))),
    };
    if is_writable_by_all(file) {
        return Err(wrong("can be written by everybody on this machine".to_owned())
            .with_hint(format!("`chmod o-w {}`, and look at what is in it.", file.display())));
    }
    let table: toml::Table = toml::from_str(&text).map_err(|error| wrong(format!("is broken: {}", error.message())))?;
    match table.get("version").map(|version| (version.as_integer(), version)) {
        Some((Some(VERSION), _)) => {}
        Some((_, version)) => return Err(wrong(format!("has the version {version}; this usher knows {VERSION}"))),
        None => return Err(wrong(format!("does not say `version = {VERSION}`"))),
    }
    let document: Document =
        table.try_into().map_err(|error: toml::de::Error| wrong(format!("is broken: {}", error.message())))?;
    let mut entries = BTreeMap::new();
    for entry in document.adapter {
        if !super::super::store::is_sha256(&entry.sha256) {
            return Err(wrong(format!("is broken: the sha256 of `{}` is none", entry.id)));
        }
        let approval = Approval::from(entry);
        if let Some(twice) = entries.insert(approval.id.clone(), approval) {
            return Err(wrong(format!("is broken: it has two entries for `{}`", twice.id)));
        }
    }
    Ok(entries)
}

fn written(entries: &BTreeMap<String, Approval>) -> Result<String> {
    let document = Document { version: VERSION, adapter: entries.values().cloned().map(Entry::from).collect() };
    let text = toml::to_string(&document).map_err(|error| {
        Error::new(ErrorKind::Configuration, format!("the lock file cannot be written as TOML: {error}"))
    })?;
    Ok(format!("{HEADER}{text}"))
}

/// Keeps other processes from writing meanwhile. The folder itself is locked: a file for it would stay beside the
/// configuration for ever.
#[cfg(unix)]
fn guard(folder: &Path) -> io::Result<File> {
    private_folder::make(folder)?;
    let guard = File::open(folder)?;
    guard.lock()?;
    Ok(guard)
}

/// Keeps other processes from writing meanwhile.
#[cfg(not(unix))]
fn guard(folder: &Path) -> io::Result<File> {
    private_folder::make(folder)?;
    let guard = File::create(folder.join(".adapters.guard"))?;
    guard.lock()?;
    Ok(guard)
}

fn is_writable_by_all(file: &Path) -> bool {
    fs::metadata(file).is_ok_and(|metadata| super::super::scan::is_writable_by_all(&metadata))
}

#[cfg(test)]
mod tests {
    use std::thread;

    use super::*;

    fn approval(id: &str, letter: &str) -> Approval {
        Approval {
            id: id.to_owned(),
            version: "1.0.0".to_owned(),
            sha256: letter.repeat(64),
            signer: None,
            request: Request {
                hosts: vec![HostGrant::parse("*.acme.example").unwrap()],
                filesystem: vec![Folder::parse("{config.path}:rw").unwrap()],
                network: Network::Direct,
                secrets: vec!["basic.token".to_owned()],
            },
            approved_at: Time::parse("2026-11-21T03:07:00Z").unwrap(),
        }
    }

    #[test]
    fn what_was_approved_is_read_again_sorted_and_for_its_owner_alone() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("new").join(LOCK_FILE);
        let mut lock = LockFile::read(Some(&file)).unwrap();
        lock.approve(vec![approval("b", "b"), approval("a", "a")]).unwrap();
        lock.approve(vec![approval("b", "c")]).unwrap();
        let read = LockFile::read(Some(&file)).unwrap();
        assert_eq!(read.of("a"), Some(&approval("a", "a")));
        assert_eq!(read.approval("b", &"b".repeat(64)), None, "a new file takes the place of the old one");
        assert_eq!(read.approval("b", &"c".repeat(64)), Some(&approval("b", "c")));
        let text = fs::read_to_string(&file).unwrap();
        assert!(text.find("id = \"a\"") < text.find("id = \"b\""), "{text}");
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            assert_eq!(fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o600);
        }
    }

    #[test]
    fn approvals_at_once_lose_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join(LOCK_FILE);
        thread::scope(|scope| {
            for id in ["a", "b", "c", "d", "e", "f"] {
                let file = &file;
                scope.spawn(move || LockFile::read(Some(file)).unwrap().approve(vec![approval(id, id)]).unwrap());
            }
        });
        assert_eq!(LockFile::read(Some(&file)).unwrap().entries.len(), 6);
    }

    #[test]
    fn what_is_not_understood_is_refused_as_a_whole() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join(LOCK_FILE);
        LockFile::read(Some(&file)).unwrap().approve(vec![approval("a", "a")]).unwrap();
        let right = fs::read_to_string(&file).unwrap();
        let cases = [
            ("version = 1\n[[adapter".to_owned(), "is broken"),
            (String::new(), "does not say `version = 1`"),
            (right.replacen("version = 1", "version = 2", 1), "has the version 2"),
            (right.replacen("version = 1", "version = \"1\"", 1), "has the version \"1\""),
            (format!("{right}\ncolour = \"red\"\n"), "unknown field `colour`"),
            (right.replace("network = \"direct\"", "network = \"all\""), "unknown variant `all`"),
            (right.replace(&"a".repeat(64), "abc"), "the sha256 of `a` is none"),
            (format!("{right}\n{}", &right[right.find("[[").unwrap()..]), "two entries for `a`"),
        ];
        for (text, expected) in cases {
            fs::write(&file, &text).unwrap();
            let error = LockFile::read(Some(&file)).unwrap_err();
            assert!(error.message().contains(expected), "{expected}: {error}");
            assert!(error.message().contains(LOCK_FILE) && error.hint().is_some());
            let mut lock = LockFile { file: Some(file.clone()), ..LockFile::default() };
            assert!(lock.approve(vec![approval("b", "b")]).is_err(), "and is not written over");
            assert_eq!(fs::read_to_string(&file).unwrap(), text);
        }
    }

    #[cfg(unix)]
    #[test]
    fn a_lock_file_that_everybody_may_write_says_nothing() {
        use std::os::unix::fs::PermissionsExt;
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join(LOCK_FILE);
        LockFile::read(Some(&file)).unwrap().approve(vec![approval("a", "a")]).unwrap();
        fs::set_permissions(&file, fs::Permissions::from_mode(0o666)).unwrap();
        let error = LockFile::read(Some(&file)).unwrap_err();
        assert!(error.hint().unwrap().contains("chmod o-w"), "{error}");
    }

    #[test]
    fn without_a_place_there_is_nothing_and_nothing_can_be_approved() {
        let mut lock = LockFile::read(None).unwrap();
        assert!(lock.of("a").is_none());
        assert!(lock.approve(vec![approval("a", "a")]).unwrap_err().hint().unwrap().contains("--config"));
    }
}
