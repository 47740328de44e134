//! The places that an adapter's options name: whether they are still what its process was given.
//!
//! A process is held to the folders that were there when it started, wherever those are moved to, and never reaches what
//! takes their place. To its adapter the new folder looks empty or shut, so the caller is told before the adapter is asked.

use std::{
    fs, io,
    os::unix::fs::MetadataExt,
    path::{Path, PathBuf},
};

use usher_adapter_sdk::{Error, ErrorKind, Result};

/// The paths as the options name them, and where each led when the connection was opened.
pub(super) struct Places(Vec<(PathBuf, PathBuf)>);

/// What stood at each place when a process was started: device and number.
pub(super) struct Seen(Vec<(u64, u64)>);

impl Places {
    /// Returns the places behind paths that were just granted.
    pub(super) fn of(named: &[PathBuf]) -> Result<Self> {
        let place = |named: &PathBuf| {
            let leads_to = fs::canonicalize(named).map_err(|error| gone(named, &error))?;
            Ok((named.clone(), leads_to))
        };
        named.iter().map(place).collect::<Result<_>>().map(Self)
    }

    /// Looks at what is there for a process that is about to start; what was granted must still be where the paths lead.
    pub(super) fn look(&self) -> Result<Seen> {
        let seen = self.0.iter().map(|(named, led_to)| {
            let leads_to = fs::canonicalize(named).map_err(|error| gone(named, &error))?;
            match leads_to == *led_to {
                true => identity(named),
                false => Err(elsewhere(named, led_to, &leads_to)),
            }
        });
        seen.collect::<Result<_>>().map(Seen)
    }

    /// Says so if anything else has come to one of the places since.
    pub(super) fn check(&self, seen: &Seen) -> Result<()> {
        for ((named, _), seen) in self.0.iter().zip(&seen.0) {
            if identity(named)? != *seen {
                return Err(replaced(named));
            }
        }
        Ok(())
    }
}

fn identity(named: &Path) -> Result<(u64, u64)> {
    let metadata = fs::metadata(named).map_err(|error| gone(named, &error))?;
    Ok((metadata.dev(), metadata.ino()))
}

fn replaced(named: &Path) -> Error {
    let message = format!("{} was replaced while the adapter ran, which has the one from before", named.display());
    Error::new(ErrorKind::Configuration, message).with_hint(
        "The adapter was not asked. Try again: a new process is given what is there now, as far as it is granted.",
    )
}

fn elsewhere(named: &Path, led_to: &Path, leads_to: &Path) -> Error {
    let (named, led_to, leads_to) = (named.display(), led_to.display(), leads_to.display());
    let message = format!("{named} led to {led_to} when the connection was opened, and leads to {leads_to} now");
    Error::new(ErrorKind::Configuration, message)
        .with_hint("Start usher again: whether the adapter may go there is decided when a connection is opened.")
}

fn gone(named: &Path, error: &io::Error) -> Error {
    Error::new(ErrorKind::Configuration, format!("{} cannot be found any more: {error}", named.display()))
        .with_hint("The adapter was not asked. Put the folder back, or name another place.")
}
