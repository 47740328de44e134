//! Opening files without being led elsewhere, and without waiting for a pipe.

use std::{
    fs::{self, File, OpenOptions},
    io,
    path::Path,
};

/// Why a file cannot be read.
#[derive(Debug)]
pub(crate) enum Failed {
    /// The operating system refused.
    System(io::Error),
    /// It is a link that leads out of the folder.
    Outside,
    /// It is no file for us, and why.
    Unfit(String),
}

impl From<io::Error> for Failed {
    fn from(error: io::Error) -> Self {
        Self::System(error)
    }
}

/// Opens a file of a folder for reading; a link is followed only if it stays in the folder.
pub(super) fn file_in(folder: &Path, name: &str) -> Result<File, Failed> {
    let path = folder.join(name);
    match without_links(&path) {
        Err(error) if is_link(&error) => {
            let target = fs::canonicalize(&path)?;
            if !target.starts_with(fs::canonicalize(folder)?) {
                return Err(Failed::Outside);
            }
            Ok(without_links(&target)?)
        }
        opened => Ok(opened?),
    }
}

/// Returns the length of a file, or says that it is none.
pub(super) fn length_of_regular(file: &File) -> Result<u64, Failed> {
    let metadata = file.metadata()?;
    match () {
        () if metadata.is_file() => Ok(metadata.len()),
        () if metadata.is_dir() => Err(Failed::Unfit("it is a folder, not a file".to_owned())),
        () => Err(Failed::Unfit("it is a device or a pipe, not a file".to_owned())),
    }
}

/// Opens a file for reading, unless it is a link.
#[cfg(unix)]
pub(super) fn without_links(path: &Path) -> io::Result<File> {
    use std::os::unix::fs::OpenOptionsExt;

    // Opening a pipe would otherwise wait until somebody writes to it.
    OpenOptions::new().read(true).custom_flags(flags(rustix::fs::OFlags::NONBLOCK)).open(path)
}

/// Opens the lock's file, which is made if it is not there.
#[cfg(unix)]
pub(super) fn for_locking(path: &Path) -> io::Result<File> {
    use std::os::unix::fs::OpenOptionsExt;

    let mut options = OpenOptions::new();
    options.write(true).create(true).truncate(false).mode(0o666);
    options.custom_flags(flags(rustix::fs::OFlags::empty())).open(path)
}

#[cfg(unix)]
fn flags(more: rustix::fs::OFlags) -> i32 {
    (rustix::fs::OFlags::NOFOLLOW | more).bits().cast_signed()
}

/// Says whether a file could not be opened because it is a link.
#[cfg(unix)]
fn is_link(error: &io::Error) -> bool {
    // FreeBSD says MLINK.
    let codes = [rustix::io::Errno::LOOP, rustix::io::Errno::MLINK].map(rustix::io::Errno::raw_os_error);
    error.raw_os_error().is_some_and(|code| codes.contains(&code))
}

/// Makes sure that a new name in a folder is on the disk.
#[cfg(unix)]
pub(super) fn sync_folder(folder: &Path) -> io::Result<()> {
    File::open(folder)?.sync_all()
}

/// Opens a file for reading, unless it is a link.
#[cfg(not(unix))]
pub(super) fn without_links(path: &Path) -> io::Result<File> {
    match fs::symlink_metadata(path)?.is_symlink() {
        true => Err(io::Error::other(LINK)),
        false => File::open(path),
    }
}

/// Opens the lock's file, which is made if it is not there.
#[cfg(not(unix))]
pub(super) fn for_locking(path: &Path) -> io::Result<File> {
    OpenOptions::new().write(true).create(true).truncate(false).open(path)
}

#[cfg(not(unix))]
const LINK: &str = "it is a link";

/// Says whether a file could not be opened because it is a link.
#[cfg(not(unix))]
fn is_link(error: &io::Error) -> bool {
    error.get_ref().is_some_and(|inner| inner.to_string() == LINK)
}

/// Makes sure that a new name in a folder is on the disk, where a system can be asked for that.
#[cfg(not(unix))]
pub(super) fn sync_folder(_: &Path) -> io::Result<()> {
    Ok(())
}
