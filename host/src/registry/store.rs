//! Copies of libraries under the names of their contents.
//!
//! A library that is overwritten while it is open corrupts the process that opened it. So a library is
//! opened from a copy whose name is its digest, and which nobody writes to again.

use std::{
    env::consts::DLL_EXTENSION,
    fs, io,
    path::{Path, PathBuf},
};

use sha2::{Digest, Sha256};

/// The folder of copies.
#[derive(Debug, Clone)]
pub struct Store {
    folder: PathBuf,
}

impl Store {
    /// Returns the store in that folder.
    pub fn new(folder: &Path) -> Self {
        Self { folder: folder.to_owned() }
    }

    /// Copies a library, if its copy is not there yet, and returns the copy's place. The error names it too.
    pub fn copy(&self, file: &Path) -> Result<PathBuf, String> {
        self.try_copy(file).map_err(|error| format!("{}: {error}", self.folder.display()))
    }

    fn try_copy(&self, file: &Path) -> io::Result<PathBuf> {
        let bytes = fs::read(file)?;
        let copy = self.folder.join(format!("{}.{DLL_EXTENSION}", hex(&Sha256::digest(&bytes))));
        // A copy of another length was not finished by an earlier version or a broken disk.
        if fs::metadata(&copy).is_ok_and(|metadata| metadata.len() == bytes.len() as u64) {
            return Ok(copy);
        }
        fs::create_dir_all(&self.folder)?;
        let temporary = tempfile::NamedTempFile::new_in(&self.folder)?;
        fs::write(temporary.path(), &bytes)?;
        make_read_only(temporary.path())?;
        temporary.persist(&copy)?;
        Ok(copy)
    }
}

#[cfg(unix)]
fn make_read_only(file: &Path) -> io::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    fs::set_permissions(file, fs::Permissions::from_mode(0o500))
}

#[cfg(not(unix))]
fn make_read_only(_: &Path) -> io::Result<()> {
    Ok(())
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_bytes_are_copied_once_and_a_damaged_copy_is_made_again() {
        let folder = tempfile::tempdir().unwrap();
        let (one, other) = (folder.path().join("one"), folder.path().join("other"));
        fs::write(&one, "library").unwrap();
        fs::write(&other, "library").unwrap();
        let store = Store::new(&folder.path().join("store"));
        let copy = store.copy(&one).unwrap();
        assert_eq!(copy, store.copy(&other).unwrap());
        fs::remove_file(&copy).unwrap();
        fs::write(&copy, "lib").unwrap();
        assert_eq!(fs::read(store.copy(&one).unwrap()).unwrap(), b"library");
    }

    #[test]
    fn a_folder_that_cannot_be_made_is_named() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("file");
        fs::write(&file, "library").unwrap();
        let error = Store::new(&file.join("store")).copy(&file).unwrap_err();
        assert!(error.contains("store"), "{error}");
    }
}
