//! What lies on the disk, in the process's surroundings, and in the parent's.

use std::{
    env,
    fs::{self, File, OpenOptions},
    io::{self, Read},
    os::{fd::AsRawFd, unix::fs::OpenOptionsExt},
    path::{Path, PathBuf},
};

use super::errors::read;
use crate::{descriptors, tries::Tried};

/// Files that every machine has, and ways around to them. `PARENT` is the number of the parent process.
const FILES: &[&str] = &[
    "/etc/passwd",
    "/etc/shadow",
    "/etc/hosts",
    "/etc/machine-id",
    "/proc/self/root/etc/passwd",
    "/proc/thread-self/root/etc/shadow",
    "../../../../../../../../etc/passwd",
    "/proc/PARENT/environ",
    "/proc/PARENT/cmdline",
    "/proc/PARENT/maps",
    "/proc/PARENT/status",
    "/proc/PARENT/root/etc/passwd",
    "/proc/1/environ",
    "/proc/1/cmdline",
    "/proc/kcore",
    "/dev/mem",
];

/// Folders that say where something is to be found.
const FOLDERS: &[&str] = &[
    "/",
    "/etc",
    "/home",
    "/root",
    "/run",
    "/tmp",
    "/var/tmp",
    "/dev/shm",
    "/proc",
    "/proc/PARENT/cwd/",
    "/proc/PARENT/fd",
    "/proc/PARENT/root/",
    "/proc/PARENT/task",
];

/// Links of the parent's that tell a path.
const LINKS: &[&str] = &["/proc/PARENT/exe", "/proc/PARENT/cwd", "/proc/PARENT/root", "/proc/PARENT/fd/0"];

/// Folders in which anybody may write.
const WRITABLE: &[&str] = &[".", "/tmp", "/var/tmp", "/dev/shm", "/run"];

/// Names that a configuration has.
const NAMES: &[&str] = &["config.json", "config.toml", "config.yaml", "config.yml", "usher.toml"];

/// Folders below which a configuration may be.
const PLACES: &[&str] = &["/proc/PARENT/cwd/", "/tmp", "/home", "/root", "/etc", "/"];

/// How many entries are looked at in each of them, and how many folders deep.
const ENTRIES: usize = 5000;
const DEPTH: usize = 4;

/// Reads and lists what is not the adapter's, looks for the configuration, and writes where anybody may.
///
/// What is read is forgotten; what is written is removed.
pub fn reads_secrets() -> Vec<Tried> {
    let parent = std::os::unix::process::parent_id().to_string();
    let of_parent = |path: &&str| path.replace("PARENT", &parent);
    let mut all = Vec::new();
    all.extend(FILES.iter().map(|path| read(&format!("read:{path}"), read_some(of_parent(path)))));
    all.extend(FOLDERS.iter().map(|path| read(&format!("list:{path}"), fs::read_dir(of_parent(path)))));
    all.extend(LINKS.iter().map(|path| read(&format!("link:{path}"), fs::read_link(of_parent(path)))));
    all.push(read("memory_of_parent", memory(&parent)));
    all.push(read("passwd_by_path_descriptor", by_path_descriptor("/etc/passwd")));
    all.push(configuration(PLACES.iter().map(of_parent)));
    all.push(environment_in_proc());
    all.push(environment());
    all.push(working_directory());
    all.push(open_files());
    all.extend(WRITABLE.iter().map(|folder| read(&format!("write:{folder}"), write(Path::new(folder)))));
    all
}

/// Reads a few bytes: some files never end, and others have nothing in them.
fn read_some(path: impl AsRef<Path>) -> io::Result<usize> {
    // A pipe that nobody writes to must not keep the villain.
    let mut file = OpenOptions::new().read(true).custom_flags(libc::O_NONBLOCK).open(path)?;
    file.read(&mut [0; 64])
}

/// Opens the parent's memory, which is as good as reading it.
fn memory(parent: &str) -> io::Result<File> {
    File::open(format!("/proc/{parent}/mem"))
}

/// Opens a path without the right to read, and then what the descriptor leads to.
fn by_path_descriptor(path: &str) -> io::Result<usize> {
    let descriptor = OpenOptions::new().read(true).custom_flags(libc::O_PATH).open(path)?;
    read_some(format!("/proc/self/fd/{}", descriptor.as_raw_fd()))
}

/// Looks for a configuration below these folders and reads it.
fn configuration(places: impl Iterator<Item = String>) -> Tried {
    for place in places {
        if let Some(path) = find(Path::new(&place), DEPTH, &mut { ENTRIES }) {
            return Tried::through("configuration", &path.display().to_string());
        }
    }
    Tried::refused("configuration", "not-found")
}

/// Returns a file that can be read and has a configuration's name.
fn find(folder: &Path, depth: usize, left: &mut usize) -> Option<PathBuf> {
    let mut folders = Vec::new();
    // What cannot be listed has nothing in it for us; the list of tries says why.
    for entry in fs::read_dir(folder).ok()?.flatten() {
        *left = left.checked_sub(1)?;
        let path = entry.path();
        let name = entry.file_name();
        let name = name.to_string_lossy();
        if entry.file_type().is_ok_and(|kind| kind.is_dir()) {
            folders.push(path);
        } else if NAMES.contains(&&*name) && read_some(&path).is_ok() {
            return Some(path);
        }
    }
    if depth == 0 {
        return None;
    }
    folders.iter().find_map(|folder| find(folder, depth - 1, left))
}

/// Reads the environment with which the process was started; an empty one is no secret.
fn environment_in_proc() -> Tried {
    match fs::read("/proc/self/environ") {
        Ok(bytes) if bytes.is_empty() => Tried::refused("environment_in_proc", "empty"),
        answer => read("environment_in_proc", answer),
    }
}

fn environment() -> Tried {
    match env::vars_os().count() {
        0 => Tried::refused("environment", "empty"),
        count => Tried::through("environment", &format!("{count}-variables")),
    }
}

/// Lists the working directory, which must be empty.
fn working_directory() -> Tried {
    match fs::read_dir(".").map(Iterator::count) {
        Ok(0) => Tried::refused("working_directory", "empty"),
        Ok(count) => Tried::through("working_directory", &format!("{count}-entries")),
        Err(error) => read::<()>("working_directory", Err(error)),
    }
}

/// Looks for files that the host has open and did not close before.
fn open_files() -> Tried {
    match descriptors::files().as_slice() {
        [] => Tried::refused("open_files", "none"),
        files => Tried::through("open_files", &format!("{}-files", files.len())),
    }
}

fn write(folder: &Path) -> io::Result<()> {
    let path = folder.join("usher-villain.tmp");
    File::create_new(&path)?;
    fs::remove_file(&path)
}
