//! A connection's small memory: one file, 64 KiB, whole or not at all.

use std::{
    collections::BTreeMap,
    fs::{self, File},
    io::ErrorKind as IoKind,
    path::{Path, PathBuf},
};

use base64::{Engine, prelude::BASE64_STANDARD};
use usher_adapter_sdk::{Error, ErrorKind, Result};

use crate::whole_file::WholeFile;

/// How large the file may grow.
const LARGEST: usize = 64 << 10;

/// The memory of one connection. Several processes may use it at once.
#[derive(Debug)]
pub struct KvStore {
    file: PathBuf,
}

impl KvStore {
    /// Returns the memory that is kept in that folder under the connection's name.
    pub fn new(folder: &Path, connection: &str) -> Self {
        Self { file: folder.join(format!("{connection}.json")) }
    }

    /// Returns a value.
    pub fn get(&self, key: &str) -> Result<Option<Vec<u8>>> {
        let values = self.read()?;
        values.get(key).map(|value| BASE64_STANDARD.decode(value).map_err(|error| self.broken(&error))).transpose()
    }

    /// Sets a value, or removes it.
    pub fn set(&self, key: &str, value: Option<Vec<u8>>) -> Result<()> {
        let folder = self.file.parent().unwrap_or(Path::new("."));
        fs::create_dir_all(folder).map_err(|error| self.failed("make the folder of", &error))?;
        let lock = File::create(self.file.with_extension("lock")).map_err(|error| self.failed("lock", &error))?;
        lock.lock().map_err(|error| self.failed("lock", &error))?;

        let mut values = self.read()?;
        match value {
            Some(value) => values.insert(key.to_owned(), BASE64_STANDARD.encode(value)),
            None => values.remove(key),
        };
        let text = serde_json::to_vec(&values).map_err(|error| self.broken(&error))?;
        if text.len() > LARGEST {
            return Err(Error::validation(format!(
                "the memory of this connection would grow to {} bytes; {LARGEST} are allowed",
                text.len()
            ))
            .with_hint("The adapter must forget something first."));
        }
        WholeFile::default().lasting().write(&self.file, &text).map_err(|error| self.failed("write", &error))
    }

    fn read(&self) -> Result<BTreeMap<String, String>> {
        let text = match fs::read(&self.file) {
            Ok(text) => text,
            Err(error) if error.kind() == IoKind::NotFound => return Ok(BTreeMap::new()),
            Err(error) => return Err(self.failed("read", &error)),
        };
        serde_json::from_slice(&text).map_err(|error| self.broken(&error))
    }

    fn broken(&self, error: &dyn std::fmt::Display) -> Error {
        Error::new(ErrorKind::Configuration, format!("{} is broken: {error}", self.file.display()))
            .with_hint("It only remembers what can be found again: remove the file.")
    }

    fn failed(&self, doing: &str, error: &std::io::Error) -> Error {
        Error::new(ErrorKind::Configuration, format!("cannot {doing} {}: {error}", self.file.display()))
    }
}

#[cfg(test)]
mod tests {
    use std::thread;

    use super::*;

    #[test]
    fn writers_at_once_lose_nothing() {
        let folder = tempfile::tempdir().unwrap();
        thread::scope(|scope| {
            for writer in 0..4 {
                let folder = folder.path();
                scope.spawn(move || {
                    let store = KvStore::new(folder, "work");
                    for number in 0..10 {
                        store.set(&format!("{writer}-{number}"), Some(vec![writer, number])).unwrap();
                    }
                });
            }
        });
        let store = KvStore::new(folder.path(), "work");
        for writer in 0..4 {
            for number in 0..10 {
                assert_eq!(store.get(&format!("{writer}-{number}")).unwrap(), Some(vec![writer, number]));
            }
        }
        store.set("0-0", None).unwrap();
        assert_eq!(store.get("0-0").unwrap(), None);
    }

    #[test]
    fn too_much_is_refused_and_changes_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let store = KvStore::new(folder.path(), "work");
        store.set("a", Some(b"kept".to_vec())).unwrap();
        let error = store.set("b", Some(vec![0; LARGEST])).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Validation);
        assert_eq!(store.get("a").unwrap().as_deref(), Some(&b"kept"[..]));
        assert_eq!(store.get("b").unwrap(), None);
    }

    #[test]
    fn a_broken_file_is_named() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("work.json"), "{").unwrap();
        let error = KvStore::new(folder.path(), "work").get("a").unwrap_err();
        assert!(error.message().contains("work.json"), "{error}");
    }
}
