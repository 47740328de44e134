//! Marks that are free again as soon as the process that made them ends.
//!
//! A lock of the system's, not a process number: numbers are given out again, and mean nothing in another container that
//! shares the folder.

use std::{
    fs::{self, File, TryLockError},
    io,
    path::{Path, PathBuf},
};

/// A mark of this process's. Dropped, it is gone.
pub(super) struct Held(Option<(PathBuf, File)>);

impl Held {
    /// Takes a mark.
    pub(super) fn take(file: &Path) -> io::Result<Self> {
        let lock = File::create_new(file)?;
        lock.try_lock()?;
        Ok(Self(Some((file.to_owned(), lock))))
    }

    /// Returns a mark where there are no files: nobody else looks for it.
    pub(super) fn in_memory() -> Self {
        Self(None)
    }

    /// Tells whether it has that name.
    pub(super) fn is(&self, name: &str) -> bool {
        match &self.0 {
            Some((file, _)) => file.file_name().is_some_and(|own| own == name),
            None => true,
        }
    }

    /// Leaves the mark as a process does that is killed.
    #[cfg(test)]
    pub(super) fn abandon(mut self) {
        self.0.take();
    }
}

impl Drop for Held {
    fn drop(&mut self) {
        if let Some((file, _lock)) = self.0.take() {
            // Without its entry a file of that name says nothing.
            let _ = fs::remove_file(file);
        }
    }
}

/// Tells whether the process that took a mark still lives.
pub(super) fn is_held(file: &Path) -> bool {
    File::open(file).is_ok_and(|file| matches!(file.try_lock_shared(), Err(TryLockError::WouldBlock)))
}
