//! What a worker process may touch, and the means by which the system holds it to that.
//!
//! Here lives the confinement of the process that calls it, for ever: limits, Landlock, the filter of system calls.
//! What an operator grants to whom is decided elsewhere, and arrives as a [`Plan`].
//!
//! The order in a worker's `main`, while it has one thread: [`die_with_parent`], [`close_inherited`],
//! [`private_working_directory`], then the runtime is built (what it needs from the system cannot be made later), the
//! library is opened for reading, then [`confine`]. After that the library may be loaded through `/proc/self/fd`, or by
//! its path, and threads may start: they inherit everything.

#[cfg(target_os = "linux")]
mod landlock;
#[cfg(unix)]
mod limits;
#[cfg(unix)]
mod process;
#[cfg(target_os = "linux")]
mod seccomp;
#[cfg(all(target_os = "linux", any(target_arch = "x86_64", target_arch = "aarch64")))]
mod syscalls;

use std::{fmt, fs, io, path::PathBuf};

use serde::{Deserialize, Serialize};

#[cfg(unix)]
pub use self::process::{close_inherited, die_with_parent, private_working_directory};

/// What a worker may touch.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Plan {
    /// The one library that it opens.
    pub library: PathBuf,
    /// The files and folders that the operator lets it use.
    pub grants: Vec<PathGrant>,
    /// Whether it may open sockets itself: TCP and UDP over the Internet protocols, outwards.
    pub network: bool,
    /// How much it may use.
    pub limits: Limits,
}

/// A file, or a folder with all that is in it, that a worker may use.
///
/// A granted file is the file that is there now: if another takes its place by a rename, the grant is lost.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PathGrant {
    /// The absolute path, which must exist and be free of links.
    pub path: PathBuf,
    /// Whether it may be written to. Links, device nodes, sockets and pipes cannot be made in it even then.
    pub write: bool,
}

/// How much a worker may use. A limit of the host's own that is lower stays.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Limits {
    /// Bytes of memory that may be mapped, the libraries and the stacks of threads included.
    pub address_space: u64,
    /// Open descriptors.
    pub files: u64,
    /// Seconds of computing, over the whole life of the process.
    pub cpu_seconds: u64,
    /// Bytes of the longest file that may be written.
    pub file_size: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Self { address_space: 2 << 30, files: 256, cpu_seconds: 3600, file_size: 1 << 30 }
    }
}

/// How far a process is confined.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Level {
    /// Files by Landlock, and system calls by a filter.
    Full,
    /// System calls by a filter. Whatever the user can read can be read; it can be written only if some path was
    /// granted for writing, and then every path.
    NoLandlock,
    /// A process of its own and its limits, no more.
    None,
}

impl Level {
    /// Returns the word for it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Full => "full",
            Self::NoLandlock => "no-landlock",
            Self::None => "none",
        }
    }
}

impl fmt::Display for Level {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.pad(self.as_str())
    }
}

/// What [`confine`] reached.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Confined {
    /// How far the process is confined.
    pub level: Level,
    /// Why not further, in sentences for the log; empty if nothing is missing.
    pub reasons: Vec<String>,
}

/// Why a process could not be confined as it must be; it must not open the library then.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ConfineError {
    /// A granted path that means another place in each working directory.
    #[error("the granted path `{}` is not absolute: write it from the root on", path.display())]
    Relative {
        /// The path as it was granted.
        path: PathBuf,
    },
    /// A granted path that cannot be opened.
    #[error("the granted path `{}` cannot be opened: {source}; make it, or take the grant away", path.display())]
    Grant {
        /// The path as it was granted.
        path: PathBuf,
        /// What the system says.
        source: io::Error,
    },
    /// A granted path in which a link stands: it may lead where nothing was granted.
    #[error("the granted path `{}` has become a link since it was granted; start usher again, which judges where it leads", path.display())]
    Link {
        /// The path as it was granted.
        path: PathBuf,
    },
    /// The library cannot be opened.
    #[error("the library `{}` cannot be opened: {source}", path.display())]
    Library {
        /// Its place.
        path: PathBuf,
        /// What the system says.
        source: io::Error,
    },
    /// A limit that the system does not accept.
    #[error("the limit of {what} cannot be set to {value}: {source}; try a higher one")]
    Limit {
        /// What is limited.
        what: &'static str,
        /// The limit.
        value: u64,
        /// What the system says.
        source: io::Error,
    },
    /// The system does not let the process give up gaining privileges.
    #[error("the process cannot give up gaining privileges (no_new_privs): {source}")]
    Privileges {
        /// What the system says.
        source: io::Error,
    },
}

/// Confines this process for ever.
///
/// It is called while the process has one thread, and before the library is loaded: a thread that is there already
/// stays as free as it is. A kernel without Landlock or without filters gives a lower level; what must not be skipped is an
/// error, after which some of it may be in force.
pub fn confine(plan: &Plan) -> Result<Confined, ConfineError> {
    look_at_paths(plan)?;
    #[cfg(unix)]
    limits::set(&plan.limits)?;
    enforce(plan)
}

/// Returns the level that a worker would reach on this machine, without confining anything.
pub fn expected() -> Level {
    #[cfg(target_os = "linux")]
    return level(landlock::is_available(), seccomp::is_available());
    #[cfg(not(target_os = "linux"))]
    Level::None
}

/// Complains about what cannot be opened, so that a grant that is wrong is wrong on every system and every kernel.
fn look_at_paths(plan: &Plan) -> Result<(), ConfineError> {
    for PathGrant { path, .. } in &plan.grants {
        if !path.is_absolute() {
            return Err(ConfineError::Relative { path: path.clone() });
        }
        fs::metadata(path).map_err(|source| ConfineError::Grant { path: path.clone(), source })?;
    }
    let library = &plan.library;
    fs::metadata(library).map_err(|source| ConfineError::Library { path: library.clone(), source })?;
    Ok(())
}

#[cfg(target_os = "linux")]
fn enforce(plan: &Plan) -> Result<Confined, ConfineError> {
    rustix::thread::set_no_new_privs(true).map_err(|error| ConfineError::Privileges { source: error.into() })?;
    // Landlock first: the filter refuses its calls.
    let landlock = landlock::restrict(plan)?;
    let seccomp = seccomp::install(plan);
    let level = level(landlock.is_ok(), seccomp.is_ok());
    Ok(Confined { level, reasons: [landlock.err(), seccomp.err()].into_iter().flatten().collect() })
}

#[cfg(target_os = "linux")]
fn level(landlock: bool, seccomp: bool) -> Level {
    match (landlock, seccomp) {
        (true, true) => Level::Full,
        (false, true) => Level::NoLandlock,
        // Landlock alone leaves UDP, other processes and the modes of files open.
        (_, false) => Level::None,
    }
}

#[cfg(not(target_os = "linux"))]
fn enforce(_plan: &Plan) -> Result<Confined, ConfineError> {
    let reason = format!("a worker is confined on Linux only; on {} it is a process of its own", std::env::consts::OS);
    Ok(Confined { level: Level::None, reasons: vec![reason] })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_of_levels_are_those_of_serde() {
        for level in [Level::Full, Level::NoLandlock, Level::None] {
            assert_eq!(serde_json::to_value(level).unwrap(), level.as_str());
            assert_eq!(level.to_string(), level.as_str());
        }
    }

    #[test]
    fn relative_grant_is_refused_before_anything_is_limited() {
        let grants = vec![PathGrant { path: "tickets".into(), write: false }];
        let plan = Plan { library: "/".into(), grants, network: false, limits: Limits::default() };
        let error = confine(&plan).unwrap_err();
        assert_eq!(error.to_string(), "the granted path `tickets` is not absolute: write it from the root on");
    }

    #[test]
    fn grant_of_nothing_names_the_path() {
        let grants = vec![PathGrant { path: std::env::temp_dir().join("usher-nothing-here"), write: true }];
        let plan = Plan { library: "/".into(), grants, network: false, limits: Limits::default() };
        assert!(confine(&plan).unwrap_err().to_string().contains("usher-nothing-here` cannot be opened"));
    }
}
