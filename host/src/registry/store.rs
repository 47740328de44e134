//! Copies of libraries under the names of their contents.
//!
//! A library that is overwritten while it is open corrupts the process that opened it. So a library is
//! opened from a copy whose name is its digest, and which nobody writes to again.
//!
//! Reading and hashing a library costs more than opening it. So beside the copies stand small notes, each named
//! after what the system says of a file (device, number, size, times) and holding its digest: a file that is
//! still the one of the note is not read again.

#[cfg(unix)]
use std::time::{Duration, SystemTime, UNIX_EPOCH};
use std::{
    env::consts::DLL_EXTENSION,
    fs::{self, File},
    io::{self, Read},
    path::{Path, PathBuf},
};

use sha2::{Digest, Sha256};

use crate::whole_file::WholeFile;

/// A copy of a library.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stored {
    /// Where it is.
    pub path: PathBuf,
    /// Its digest, in hexadecimal.
    pub sha256: String,
}

/// Why a library was not copied, in words that follow the name of its file.
#[derive(Debug, thiserror::Error)]
pub enum CopyError {
    /// The file itself cannot be read.
    #[error("cannot be read: {0}")]
    Unreadable(#[source] io::Error),
    /// Somebody wrote to it meanwhile: what was read may be half of one library and half of another.
    #[error("changed while it was read; try again")]
    Changed,
    /// The copy cannot be written.
    #[error("cannot be copied to {}: {error}", place.display())]
    Unwritten {
        /// Where the copy would be.
        place: PathBuf,
        /// What the system says.
        #[source]
        error: io::Error,
    },
}

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

    /// Returns where the store is.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// Copies a library, if its copy is not there yet, and returns the copy.
    pub fn copy(&self, file: &Path) -> Result<Stored, CopyError> {
        let mut source = Source::open(file).map_err(CopyError::Unreadable)?;
        let note = self.note(&source.found);
        let noted = note.as_deref().and_then(read_note).map(|sha256| Stored { path: self.place(&sha256), sha256 });
        let is_whole = |copy: &Stored| fs::metadata(&copy.path).is_ok_and(|copied| copied.len() == source.found.len());
        if let Some(copy) = noted.filter(is_whole) {
            return Ok(copy);
        }
        let bytes = source.read().map_err(CopyError::Unreadable)?;
        if source.was_written().map_err(CopyError::Unreadable)? {
            return Err(CopyError::Changed);
        }
        let sha256 = digest(&bytes);
        let copy = Stored { path: self.place(&sha256), sha256 };
        self.keep(&copy.path, &bytes).map_err(|error| CopyError::Unwritten { place: copy.path.clone(), error })?;
        self.write_note(&source, &copy.sha256);
        Ok(copy)
    }

    /// Returns the sha256 of a file; one that has not changed since it was last asked for is not read again.
    pub fn digest(&self, file: &Path) -> Result<String, String> {
        self.try_digest(file).map_err(|error| format!("cannot be read: {error}"))
    }

    /// Removes a copy that turned out to be damaged, and the notes about it, so that it is copied anew.
    pub fn forget(&self, sha256: &str) -> Result<(), String> {
        let failed = |file: &Path, error: io::Error| format!("{} cannot be removed: {error}", file.display());
        let notes = match fs::read_dir(&self.folder) {
            Ok(notes) => notes,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
            Err(error) => return Err(failed(&self.folder, error)),
        };
        let notes = notes.filter_map(|entry| entry.ok().map(|entry| entry.path()));
        let is_about_it = |file: &PathBuf| {
            file.extension().is_some_and(|extension| extension == "note")
                && fs::read_to_string(file).is_ok_and(|digest| digest.trim() == sha256)
        };
        for file in notes.filter(is_about_it).chain([self.place(sha256)]) {
            match fs::remove_file(&file) {
                Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(failed(&file, error)),
                _ => {}
            }
        }
        Ok(())
    }

    fn place(&self, sha256: &str) -> PathBuf {
        self.folder.join(format!("{sha256}.{DLL_EXTENSION}"))
    }

    fn try_digest(&self, file: &Path) -> io::Result<String> {
        let source = Source::open(file)?;
        if let Some(digest) = self.note(&source.found).as_deref().and_then(read_note) {
            return Ok(digest);
        }
        let digest = sha256_of(&source.file)?;
        self.write_note(&source, &digest);
        Ok(digest)
    }

    fn note(&self, metadata: &fs::Metadata) -> Option<PathBuf> {
        note_name(metadata).map(|name| self.folder.join(name))
    }

    /// Writes down what was read, if it was read of the file that it would be written down about.
    fn write_note(&self, source: &Source, digest: &str) {
        let before = self.note(&source.found);
        let after = source.file.metadata().ok().and_then(|metadata| self.note(&metadata));
        if let Some(note) = before.filter(|before| after.as_ref() == Some(before)) {
            // Without the note the file is read again, and nothing is lost.
            let _ =
                fs::create_dir_all(&self.folder).and_then(|()| WholeFile::default().write(&note, digest.as_bytes()));
        }
    }

    fn keep(&self, copy: &Path, bytes: &[u8]) -> io::Result<()> {
        // A copy of another length was not finished by an earlier version or a broken disk.
        if fs::metadata(copy).is_ok_and(|metadata| metadata.len() == bytes.len() as u64) {
            return Ok(());
        }
        fs::create_dir_all(&self.folder)?;
        WholeFile::default().write(copy, bytes)?;
        make_read_only(copy)
    }
}

/// A file that was opened once: whatever its path leads to by now, what is read and what the system says are of this one.
struct Source {
    file: File,
    /// What it was like before it was read.
    found: fs::Metadata,
}

impl Source {
    fn open(path: &Path) -> io::Result<Self> {
        let file = File::open(path)?;
        let found = file.metadata()?;
        Ok(Self { file, found })
    }

    fn read(&mut self) -> io::Result<Vec<u8>> {
        let mut bytes = Vec::new();
        self.file.read_to_end(&mut bytes)?;
        Ok(bytes)
    }

    /// Says whether the bytes may have changed while they were read. That it got another name or lost one does not count.
    fn was_written(&self) -> io::Result<bool> {
        let now = self.file.metadata()?;
        Ok(now.len() != self.found.len() || now.modified().ok() != self.found.modified().ok())
    }
}

/// A file that changed so lately may change again without its times showing it.
#[cfg(unix)]
const SETTLED: Duration = Duration::from_secs(2);

/// Returns the name of the note about a file, if what the system says of it can be relied on.
///
/// The time of the last change of the file's entry cannot be set by whoever writes the file.
#[cfg(unix)]
fn note_name(metadata: &fs::Metadata) -> Option<String> {
    use std::os::unix::fs::MetadataExt;
    let changed = Duration::new(u64::try_from(metadata.ctime()).ok()?, u32::try_from(metadata.ctime_nsec()).ok()?);
    let now = SystemTime::now().duration_since(UNIX_EPOCH).ok()?;
    let is_settled = now.checked_sub(changed)? > SETTLED;
    is_settled.then(|| {
        let (device, number, size) = (metadata.dev(), metadata.ino(), metadata.len());
        let written = (metadata.mtime(), metadata.mtime_nsec());
        format!("{device:x}-{number:x}-{size:x}-{:x}.{:x}-{:x}.note", written.0, written.1, changed.as_nanos())
    })
}

/// Elsewhere every library is read at every start.
#[cfg(not(unix))]
fn note_name(_: &fs::Metadata) -> Option<String> {
    None
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

/// Returns the digest that a note holds. What is none was not written by this program, or not to its end.
fn read_note(note: &Path) -> Option<String> {
    let text = fs::read_to_string(note).ok()?;
    is_sha256(text.trim()).then(|| text.trim().to_owned())
}

/// Tells whether a text is a sha256 in hexadecimal, as this program writes it.
pub(crate) fn is_sha256(text: &str) -> bool {
    text.len() == 64 && text.bytes().all(|byte| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte))
}

/// Returns the sha256 of a file's bytes, in hexadecimal.
pub(super) fn sha256(file: &Path) -> io::Result<String> {
    sha256_of(File::open(file)?)
}

/// Returns the sha256 of what is read, in hexadecimal.
pub(super) fn sha256_of(mut from: impl Read) -> io::Result<String> {
    let (mut digest, mut buffer) = (Sha256::new(), vec![0; 1 << 18]);
    loop {
        match from.read(&mut buffer)? {
            0 => return Ok(hex(&digest.finalize())),
            length => digest.update(&buffer[..length]),
        }
    }
}

/// Returns the sha256 of bytes, in hexadecimal.
pub(super) fn digest(bytes: &[u8]) -> String {
    hex(&Sha256::digest(bytes))
}

/// Returns bytes in hexadecimal.
pub(crate) fn hex(bytes: &[u8]) -> String {
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
        fs::remove_file(&copy.path).unwrap();
        fs::write(&copy.path, "lib").unwrap();
        assert_eq!(fs::read(store.copy(&one).unwrap().path).unwrap(), b"library");
    }

    #[test]
    fn a_copy_of_the_right_length_that_is_damaged_is_made_again_once_it_is_forgotten() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("file");
        fs::write(&file, "library").unwrap();
        let store = Store::new(&folder.path().join("store"));
        store.forget(&digest(b"library")).unwrap();
        let copy = store.copy(&file).unwrap();
        fs::remove_file(&copy.path).unwrap();
        fs::write(&copy.path, "l1brary").unwrap();
        assert_eq!(fs::read(store.copy(&file).unwrap().path).unwrap(), b"l1brary", "lengths are all that is compared");
        store.forget(&copy.sha256).unwrap();
        assert_eq!(fs::read(store.copy(&file).unwrap().path).unwrap(), b"library");
    }

    #[test]
    fn a_digest_is_that_of_the_bytes_and_copies_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("file");
        fs::write(&file, "library").unwrap();
        let store = Store::new(&folder.path().join("store"));
        let digest = store.digest(&file).unwrap();
        assert!(is_sha256(&digest) && !store.place(&digest).exists());
        assert_eq!(store.copy(&file).unwrap().sha256, digest);
    }

    #[cfg(unix)]
    #[test]
    fn a_file_that_has_settled_is_not_read_again_and_a_changed_one_is() {
        use std::{os::unix::fs::MetadataExt, thread};
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("file");
        let store = Store::new(&folder.path().join("store"));
        let notes = || {
            fs::read_dir(folder.path().join("store"))
                .unwrap()
                .filter(|entry| entry.as_ref().unwrap().path().extension().is_some_and(|extension| extension == "note"))
                .count()
        };
        fs::write(&file, "first library").unwrap();
        let first = store.copy(&file).unwrap();
        assert_eq!(notes(), 0, "it has changed just now");
        let metadata = fs::metadata(&file).unwrap();
        let age = || SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs() as i64 - metadata.ctime();
        while age() <= 3 {
            thread::sleep(Duration::from_millis(50));
        }
        assert_eq!(store.copy(&file).unwrap(), first);
        assert_eq!((notes(), store.copy(&file).unwrap()), (1, first.clone()));
        fs::write(&file, "other library").unwrap();
        assert_ne!(store.copy(&file).unwrap(), first);
        assert_eq!(fs::read(store.copy(&file).unwrap().path).unwrap(), b"other library");
    }

    #[test]
    fn a_folder_that_cannot_be_made_is_named() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("file");
        fs::write(&file, "library").unwrap();
        let error = Store::new(&file.join("store")).copy(&file).unwrap_err();
        assert!(error.to_string().contains("store"), "{error}");
    }

    #[cfg(unix)]
    #[test]
    fn a_link_that_swings_between_two_files_is_never_taken_for_the_other_one() {
        use std::{
            os::unix::fs::{MetadataExt, symlink},
            sync::atomic::{AtomicBool, Ordering},
            thread,
        };
        let folder = tempfile::tempdir().unwrap();
        let place = |name: &str| folder.path().join(name);
        // Of one length, and large enough that reading takes a while.
        let files = [("one", vec![1; 1 << 20]), ("other", vec![2; 1 << 20])];
        for (name, bytes) in &files {
            fs::write(place(name), bytes).unwrap();
        }
        let changed = fs::metadata(place("other")).unwrap().ctime();
        // Notes are written about what has not changed lately.
        while SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs() as i64 - changed <= 3 {
            thread::sleep(Duration::from_millis(50));
        }
        symlink("one", place("library")).unwrap();
        let (store, is_over) = (Store::new(&place("store")), AtomicBool::new(false));
        /// Ends the swinging, also when a check fails.
        struct End<'a>(&'a AtomicBool);
        impl Drop for End<'_> {
            fn drop(&mut self) {
                self.0.store(true, Ordering::Relaxed);
            }
        }
        let swing = || {
            for (name, _) in files.iter().cycle().take_while(|_| !is_over.load(Ordering::Relaxed)) {
                symlink(name, place("new")).unwrap();
                fs::rename(place("new"), place("library")).unwrap();
            }
        };
        thread::scope(|scope| {
            scope.spawn(swing);
            let _end = End(&is_over);
            for _ in 0..300 {
                // Each time as if nothing was known yet.
                let _ = fs::remove_dir_all(store.folder());
                let copy = store.copy(&place("library")).unwrap();
                assert_eq!(sha256(&copy.path).unwrap(), copy.sha256);
                for (name, bytes) in &files {
                    assert_eq!(store.digest(&place(name)).unwrap(), digest(bytes), "{name}");
                }
            }
        });
    }
}
