//! Files that are there as a whole or not at all: written beside their place, and then given its name.

use std::{
    fs::{self, File},
    io::{self, Write as _},
    path::Path,
};

/// How a file is written. From its first byte on it is for its owner alone, unless it is for everybody.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct WholeFile {
    is_for_everybody: bool,
    is_lasting: bool,
    keeps_what_is_there: bool,
}

impl WholeFile {
    /// Lets every user read it.
    #[must_use]
    pub(crate) fn for_everybody(self) -> Self {
        Self { is_for_everybody: true, ..self }
    }

    /// Waits until the disk has it: what it says cannot be found again.
    #[must_use]
    pub(crate) fn lasting(self) -> Self {
        Self { is_lasting: true, ..self }
    }

    /// Fails where there is a file already.
    #[must_use]
    pub(crate) fn without_replacing(self) -> Self {
        Self { keeps_what_is_there: true, ..self }
    }

    /// Writes it into a folder that is there.
    pub(crate) fn write(self, path: &Path, bytes: &[u8]) -> io::Result<()> {
        if is_device(path) {
            return File::options().write(true).open(path)?.write_all(bytes);
        }
        let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
        let mut builder = tempfile::Builder::new();
        #[cfg(unix)]
        if self.is_for_everybody {
            builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o644));
        }
        let mut file = builder.tempfile_in(folder)?;
        // Past the crate, which would add the name of a file that nobody knows to an error.
        file.as_file_mut().write_all(bytes)?;
        if self.is_lasting {
            file.as_file().sync_all()?;
        }
        let named = if self.keeps_what_is_there { file.persist_noclobber(path) } else { file.persist(path) };
        named.map(drop).map_err(|error| error.error)
    }
}

/// Says whether a path leads to something that takes bytes and is no file, such as a terminal, a pipe or `/dev/null`: that is
/// written to, and never replaced.
pub(crate) fn is_device(path: &Path) -> bool {
    fs::metadata(path).is_ok_and(|there| !there.is_file() && !there.is_dir())
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    #[test]
    fn a_file_is_replaced_as_a_whole_or_kept() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("file");
        WholeFile::default().write(&path, b"first").unwrap();
        WholeFile::default().lasting().write(&path, b"second").unwrap();
        let error = WholeFile::default().without_replacing().write(&path, b"third").unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::AlreadyExists);
        assert_eq!(fs::read(&path).unwrap(), b"second");
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1, "nothing is left beside it");
    }

    #[cfg(unix)]
    #[test]
    fn what_is_no_file_is_written_to_and_never_replaced() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("socket");
        let _socket = std::os::unix::net::UnixListener::bind(&path).unwrap();
        WholeFile::default().write(&path, b"x").unwrap_err();
        assert!(is_device(&path), "it is there as it was");
        WholeFile::default().write(Path::new("/dev/null"), b"x").unwrap();
        assert!(is_device(Path::new("/dev/null")));
    }

    #[cfg(unix)]
    #[test]
    fn a_file_is_for_its_owner_unless_it_is_for_everybody() {
        use std::os::unix::fs::PermissionsExt as _;
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("file");
        for (how, mode) in [(WholeFile::default(), 0o600), (WholeFile::default().for_everybody(), 0o644)] {
            how.write(&path, b"x").unwrap();
            assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, mode);
        }
    }
}
