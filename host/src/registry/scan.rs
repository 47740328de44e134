//! Looks through folders for drop-ins.

use std::{
    collections::BTreeSet,
    env::consts::DLL_EXTENSION,
    ffi::OsStr,
    fmt, fs, io,
    path::{Path, PathBuf},
};

use super::{Adapter, Image, Origin};

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

/// What the folders hold.
#[derive(Default)]
pub(super) struct Found {
    pub(super) adapters: Vec<Adapter>,
    pub(super) refused: Vec<Refused>,
}

/// Looks through folders in their order.
pub(super) fn folders(folders: &[PathBuf]) -> Found {
    let mut found = Found::default();
    let mut seen = BTreeSet::new();
    for folder in folders {
        match libraries(folder) {
            Ok(files) => {
                for file in files {
                    if seen.insert(identity(&file)) {
                        read(&file, &mut found);
                    }
                }
            }
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                found.refused.push(Refused::file(folder, "is not there: no adapter was looked for in it"));
            }
            Err(error) => found.refused.push(Refused::file(folder, format!("cannot be listed: {error}"))),
        }
    }
    found
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

/// Looks at one file.
pub(super) fn file(file: &Path) -> Found {
    let mut found = Found::default();
    read(file, &mut found);
    found
}

fn read(file: &Path, found: &mut Found) {
    match adapters(file) {
        Ok(adapters) => found.adapters.extend(adapters),
        Err(refused) => found.refused.push(refused),
    }
}

fn adapters(file: &Path) -> Result<Vec<Adapter>, Refused> {
    let metadata = fs::metadata(file).map_err(|error| Refused::file(file, format!("cannot be read: {error}")))?;
    if !metadata.is_file() {
        return Err(Refused::file(file, "is not a regular file"));
    }
    let image = Image::read(file).map_err(|error| Refused::file(file, error.to_string()))?;
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
