//! What a worker does away with before it is confined: descriptors, a place among the files, and outliving its parent.
//!
//! Here lives what is inherited and not wanted. What remains is then limited by the neighbours.

use std::{
    env, fs, io,
    os::{
        fd::{AsRawFd, BorrowedFd, RawFd},
        unix::fs::PermissionsExt,
    },
};

/// The system's list of this process's descriptors.
#[cfg(target_os = "linux")]
const DESCRIPTORS: &str = "/proc/self/fd";
#[cfg(not(target_os = "linux"))]
const DESCRIPTORS: &str = "/dev/fd";

/// Makes the system kill this process when its parent ends; an error if the parent has ended already.
///
/// On Linux the parent is the *thread* that started this process, so that must be one that lives as long as the host.
/// Elsewhere nothing but the end of the connection tells of a parent's end.
pub fn die_with_parent(expected_parent: u32) -> io::Result<()> {
    #[cfg(target_os = "linux")]
    rustix::process::set_parent_process_death_signal(Some(rustix::process::Signal::KILL))?;
    // The parent may have ended before the line above: whoever adopted this process is not the parent.
    match std::os::unix::process::parent_id() {
        parent if parent == expected_parent => Ok(()),
        parent => Err(io::Error::other(format!(
            "the host (process {expected_parent}) has ended: the parent is now process {parent}"
        ))),
    }
}

/// Keeps the three standard descriptors and those in `keep`, and closes every other.
///
/// To be called before anything else in this process owns a descriptor.
pub fn close_inherited(keep: &[BorrowedFd<'_>]) -> io::Result<()> {
    let list =
        fs::read_dir(DESCRIPTORS).map_err(|error| io::Error::new(error.kind(), format!("{DESCRIPTORS}: {error}")))?;
    let mut inherited = Vec::new();
    for entry in list {
        inherited.extend(entry?.file_name().to_str().and_then(|name| name.parse::<RawFd>().ok()));
    }
    let is_kept = |descriptor: RawFd| descriptor <= 2 || keep.iter().any(|kept| kept.as_raw_fd() == descriptor);
    for descriptor in inherited.into_iter().filter(|&descriptor| !is_kept(descriptor)) {
        match nix::unistd::close(descriptor) {
            // The list's own descriptor was on it, and is closed by now.
            Ok(()) | Err(nix::errno::Errno::EBADF) => {}
            Err(error) => return Err(io::Error::from(error)),
        }
    }
    Ok(())
}

/// Enters a working directory that is private and empty, where nothing can be made and of which nothing is left.
///
/// Where there is no room for one, it is the root.
pub fn private_working_directory() -> io::Result<()> {
    enter_and_remove().or_else(|_| env::set_current_dir("/"))
}

fn enter_and_remove() -> io::Result<()> {
    let folder = tempfile::Builder::new().prefix("usher-").permissions(fs::Permissions::from_mode(0o700)).tempdir()?;
    env::set_current_dir(folder.path())?;
    folder.close()
}
