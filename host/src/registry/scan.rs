//! Looks through folders for drop-ins: regular files with the suffix of a library, which nobody else can write to, and as
//! far as their folder trusts them. Nothing is opened.

use std::{
    collections::BTreeSet,
    env::consts::DLL_EXTENSION,
    ffi::OsStr,
    fmt, fs, io,
    path::{Path, PathBuf},
};

use super::{
    Adapter, Image, Origin,
    store::Store,
    trust::{self, LockFile, Waiting},
};
use crate::config::AdapterFolder;

/// A file, a folder or a built-in that is not used, and why.
#[derive(Debug, Clone, PartialEq)]
pub struct Refused {
    /// The file or folder; absent for a built-in.
    pub file: Option<PathBuf>,
    /// The adapter's id, if that much could be read.
    pub adapter: Option<String>,
    /// Why, in words that follow its name.
    pub reason: String,
}

impl Refused {
    pub(super) fn file(file: &Path, reason: impl Into<String>) -> Self {
        Self { file: Some(file.to_owned()), adapter: None, reason: reason.into() }
    }

    pub(super) fn built_in(id: &str, reason: impl Into<String>) -> Self {
        Self { file: None, adapter: Some(id.to_owned()), reason: reason.into() }
    }
}

impl fmt::Display for Refused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (&self.file, &self.adapter) {
            (Some(file), _) => write!(f, "{} {}", file.display(), self.reason),
            (None, Some(id)) => write!(f, "the built-in adapter `{id}` {}", self.reason),
            (None, None) => f.write_str(&self.reason),
        }
    }
}

/// An adapter that waits until the operator approves its file; it takes part in nothing.
pub struct Pending {
    /// The adapter.
    pub adapter: Adapter,
    /// Why it waits.
    pub waiting: Waiting,
}

impl Pending {
    /// Returns its file.
    pub fn file(&self) -> &Path {
        self.adapter.file().unwrap_or(Path::new(""))
    }
}

impl fmt::Display for Pending {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.file().display(), self.waiting)
    }
}

/// What the folders hold.
#[derive(Default)]
pub(super) struct Found {
    pub(super) adapters: Vec<Adapter>,
    pub(super) pending: Vec<Pending>,
    pub(super) refused: Vec<Refused>,
}

/// What files are judged by.
pub(super) struct Judge<'a> {
    pub(super) store: Option<&'a Store>,
    pub(super) lock: &'a LockFile,
}

/// Looks through folders in their order.
pub(super) fn folders(folders: &[AdapterFolder], judge: &Judge<'_>) -> Found {
    let mut found = Found::default();
    let mut seen = BTreeSet::new();
    for folder in folders {
        match libraries(&folder.path) {
            Ok(files) if files.is_empty() => {
                let reason = exposed_folder(&folder.path).map(|reason| Refused::file(&folder.path, reason));
                found.refused.extend(reason);
            }
            Ok(files) => {
                for file in files {
                    if seen.insert(identity(&file)) {
                        found.take(folder, &file, judge);
                    }
                }
            }
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                found.refused.push(Refused::file(&folder.path, "is not there: no adapter was looked for in it"));
            }
            Err(error) => found.refused.push(Refused::file(&folder.path, format!("cannot be listed: {error}"))),
        }
    }
    found
}

/// Looks at one file of a folder.
pub(super) fn file(folder: &AdapterFolder, file: &Path, judge: &Judge<'_>) -> Found {
    let mut found = Found::default();
    found.take(folder, file, judge);
    found
}

impl Found {
    fn take(&mut self, folder: &AdapterFolder, file: &Path, judge: &Judge<'_>) {
        let adapters = match adapters(file) {
            Ok(adapters) => adapters,
            Err(refused) => return self.refused.push(refused),
        };
        // Whose id is known is refused by it, so that whoever asks for it learns why.
        match exposed(file).map_or_else(|| trust::seal(folder, file, judge.store), Err) {
            Ok(seal) => {
                for adapter in adapters {
                    self.add(Adapter { seal: seal.clone(), ..adapter }, judge.lock);
                }
            }
            Err(reason) => self.refused.extend(adapters.iter().map(|adapter| Refused {
                adapter: Some(adapter.id().to_owned()),
                ..Refused::file(file, reason.clone())
            })),
        }
    }

    fn add(&mut self, adapter: Adapter, lock: &LockFile) {
        match trust::waiting(&adapter.seal, &adapter.manifest, &adapter.version, lock) {
            Some(waiting) => self.pending.push(Pending { adapter, waiting }),
            None => self.adapters.push(adapter),
        }
    }
}

/// Says why a file is not safe from others on this machine, in words that follow its name. Of a link, what it leads to is
/// judged as well.
pub(super) fn exposed(file: &Path) -> Option<String> {
    let target = fs::canonicalize(file).unwrap_or_else(|_| file.to_owned());
    if fs::metadata(&target).is_ok_and(|metadata| is_writable_by_all(&metadata)) {
        return Some(format!("can be written by everybody on this machine: `chmod o-w {}`", target.display()));
    }
    let folders = [file, &target].into_iter().filter_map(Path::parent);
    let mut exposed = folders.filter(|folder| exposed_folder(folder).is_some());
    exposed.next().map(|folder| {
        let folder = folder.display();
        format!("lies in {folder}, which everybody on this machine can write to: `chmod o-w {folder}`")
    })
}

fn exposed_folder(folder: &Path) -> Option<String> {
    let is_exposed = fs::metadata(folder).is_ok_and(|metadata| is_writable_by_all(&metadata));
    is_exposed.then(|| format!("can be written by everybody on this machine: `chmod o-w {}`", folder.display()))
}

/// Tells whether everybody on this machine may write.
#[cfg(unix)]
pub(super) fn is_writable_by_all(metadata: &fs::Metadata) -> bool {
    use std::os::unix::fs::PermissionsExt;
    metadata.permissions().mode() & 0o002 != 0
}

/// Elsewhere rights are lists that are not read here.
#[cfg(not(unix))]
pub(super) fn is_writable_by_all(_: &fs::Metadata) -> bool {
    false
}

/// Returns what two ways to one file share.
#[cfg(unix)]
fn identity(file: &Path) -> (Option<(u64, u64)>, PathBuf) {
    use std::os::unix::fs::MetadataExt;
    match fs::metadata(file) {
        Ok(metadata) => (Some((metadata.dev(), metadata.ino())), PathBuf::new()),
        Err(_) => (None, file.to_owned()),
    }
}

/// Returns what two ways to one file share.
#[cfg(not(unix))]
fn identity(file: &Path) -> PathBuf {
    fs::canonicalize(file).unwrap_or_else(|_| file.to_owned())
}

/// Returns the files of a folder that have the suffix of a library, by name.
fn libraries(folder: &Path) -> io::Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.extension() == Some(OsStr::new(DLL_EXTENSION)) {
            files.push(path);
        }
    }
    files.sort();
    Ok(files)
}

/// Returns the adapters in a file, as its folder has not been asked about yet.
fn adapters(file: &Path) -> Result<Vec<Adapter>, Refused> {
    let metadata = fs::metadata(file).map_err(|error| Refused::file(file, format!("cannot be read: {error}")))?;
    if !metadata.is_file() {
        return Err(Refused::file(file, "is not a regular file"));
    }
    let image = Image::read(file).map_err(|error| Refused::file(file, error.to_string()))?;
    of_image(file, &image)
}

/// Returns the adapters in a file whose records have been read.
pub(super) fn of_image(file: &Path, image: &Image) -> Result<Vec<Adapter>, Refused> {
    let mut ids = BTreeSet::new();
    let adapters = image.records().iter().map(|owned| {
        let origin = Origin::DropIn { file: file.to_owned(), symbol: owned.symbol.clone() };
        let record = owned.record().ok_or_else(|| Refused::file(file, "has a broken adapter manifest"))?;
        let adapter = Adapter::from_record(&record, owned.bytes.clone(), origin)
            .map_err(|reason| Refused::file(file, format!("is refused: {reason}")))?;
        match ids.insert(adapter.id().to_owned()) {
            true => Ok(adapter),
            false => Err(Refused::file(file, format!("holds two adapters with the id `{}`", adapter.id()))),
        }
    });
    adapters.collect()
}
