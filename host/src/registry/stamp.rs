//! What the system says of a file, by which it is seen that the file has changed.

use std::{fs, path::Path, time::SystemTime};

/// What a file was like at one time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stamp {
    length: u64,
    modified: Option<SystemTime>,
    /// Device, number, and the time of the last change of its entry, which whoever writes the file cannot set.
    #[cfg(unix)]
    entry: (u64, u64, i64, i64),
}

impl Stamp {
    /// Returns what a file is like, if it is there.
    pub fn of(file: &Path) -> Option<Self> {
        let metadata = fs::metadata(file).ok()?;
        Some(Self {
            length: metadata.len(),
            modified: metadata.modified().ok(),
            #[cfg(unix)]
            entry: {
                use std::os::unix::fs::MetadataExt;
                (metadata.dev(), metadata.ino(), metadata.ctime(), metadata.ctime_nsec())
            },
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_that_is_replaced_has_another_stamp() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("file");
        assert_eq!(Stamp::of(&file), None);
        fs::write(&file, "one").unwrap();
        let before = Stamp::of(&file).unwrap();
        assert_eq!(Stamp::of(&file), Some(before.clone()));
        fs::write(folder.path().join("other"), "two").unwrap();
        fs::rename(folder.path().join("other"), &file).unwrap();
        assert_ne!(Stamp::of(&file), Some(before));
    }
}
