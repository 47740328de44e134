//! How much a process may use, as the system counts it.
//!
//! Here lives which limit of the system's stands for which of ours. Time is the watchdog's, not counted here.

use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

use super::{ConfineError, Limits};

/// Sets the limits, so that they cannot be raised again.
pub(super) fn set(limits: &Limits) -> Result<(), ConfineError> {
    for &(resource, what, wanted) in LIMITS {
        let wanted = wanted(limits);
        // A lower limit of the host's own is somebody's wish as well, and could not be raised anyway.
        let value = getrlimit(resource).maximum.map_or(wanted, |present| present.min(wanted));
        let limit = Rlimit { current: Some(value), maximum: Some(value) };
        setrlimit(resource, limit).map_err(|error| ConfineError::Limit { what, value, source: error.into() })?;
    }
    Ok(())
}

type Wanted = fn(&Limits) -> u64;

const LIMITS: &[(Resource, &str, Wanted)] = &[
    // Apple's systems map more than this into every process.
    #[cfg(not(target_vendor = "apple"))]
    (Resource::As, "mapped memory", |limits| limits.address_space),
    // What a worker held in memory is nobody's to find on disk.
    (Resource::Core, "core dumps", |_| 0),
    (Resource::Cpu, "seconds of computing", |limits| limits.cpu_seconds),
    (Resource::Fsize, "bytes in a file", |limits| limits.file_size),
    (Resource::Nofile, "open descriptors", |limits| limits.files),
];
