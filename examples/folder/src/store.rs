//! The folder on disk: reading whole files, and changing them one writer at a time and all or nothing.
//!
//! Readers need no lock, since a file only ever changes by being replaced as a whole. Writers hold the lock of the
//! folder from reading to writing, whichever process they are in.

mod attachments;
mod open;

use std::{
    fmt,
    fs::{self, File},
    io::{self, Read, Write},
    path::{Path, PathBuf},
};

use tempfile::{NamedTempFile, PersistError};
use usher_adapter_sdk::{Error, ErrorKind, Result};

use crate::{
    error::{Fault, broken, system},
    key::{self, Key, Project},
};

pub(crate) use attachments::{AttachedFile, FileName};

/// The greatest file that is read, and written.
pub(crate) const LARGEST_FILE: usize = 4 * 1024 * 1024;
/// The file that a writer locks; it stays empty and stays there.
const LOCK: &str = ".usher.lock";
/// What unfinished files are called, until they are whole and get their name.
const UNFINISHED: (&str, &str) = (".usher-", ".tmp");

/// The folder of one connection.
#[derive(Debug)]
pub(crate) struct Store {
    root: PathBuf,
    connection: String,
}

/// The folder while nobody else writes to it.
pub(crate) struct Locked<'a> {
    store: &'a Store,
    _lock: File,
}

impl Store {
    /// Returns the store of a folder, which is not touched yet.
    pub(crate) fn new(root: PathBuf, connection: impl Into<String>) -> Self {
        Self { root, connection: connection.into() }
    }

    /// Says that the folder is there, or what to do about it.
    pub(crate) fn ready(&self) -> Result<()> {
        let (name, place) = (&self.connection, self.root.display());
        let problem = match fs::metadata(&self.root) {
            Ok(metadata) if metadata.is_dir() => return Ok(()),
            Ok(_) => format!("{place} is not a folder"),
            Err(error) if error.kind() == io::ErrorKind::NotFound => format!("the folder {place} does not exist"),
            Err(error) => return Err(system(format_args!("opening the folder {place}"), &error)),
        };
        let hint = format!("Make the folder, or correct `path` in `[connections.{name}.options]`.");
        Err(Error::new(ErrorKind::Configuration, problem).with_hint(hint))
    }

    /// Returns the text of a ticket's file.
    pub(crate) fn read(&self, key: Key) -> Result<String> {
        let mut text = String::new();
        self.read_into(key, &mut text)?;
        Ok(text)
    }

    /// Reads a ticket's file into a text whose memory is used again.
    pub(crate) fn read_into(&self, key: Key, text: &mut String) -> Result<()> {
        let name = key.file_name();
        let mut bytes = std::mem::take(text).into_bytes();
        bytes.clear();
        self.read_bytes(&name, &mut bytes).map_err(|failed| self.unreadable(key, &name, failed))?;
        *text = String::from_utf8(bytes).map_err(|error| {
            let good = &error.as_bytes()[..error.utf8_error().valid_up_to()];
            let line = good.iter().filter(|byte| **byte == b'\n').count() + 1;
            Fault::new(line, "the text is not UTF-8").in_file(&name)
        })?;
        Ok(())
    }

    fn read_bytes(&self, name: &str, bytes: &mut Vec<u8>) -> Result<(), open::Failed> {
        let file = open::file_in(&self.root, name)?;
        let length = open::length_of_regular(&file)?;
        bytes.reserve(usize::try_from(length).unwrap_or(0).min(LARGEST_FILE) + 1);
        let read = file.take(LARGEST_FILE as u64 + 1).read_to_end(bytes)?;
        if read > LARGEST_FILE {
            return Err(open::Failed::Unfit("the file is larger than 4 MiB".to_owned()));
        }
        Ok(())
    }

    fn unreadable(&self, key: Key, name: &str, failed: open::Failed) -> Error {
        match failed {
            open::Failed::Unfit(what) => broken(name, what),
            open::Failed::Outside => Error::new(ErrorKind::Permission, format!("{name} is a link out of the folder"))
                .with_hint("The adapter reads only what is in the folder; put the file itself there."),
            open::Failed::System(error) if error.kind() == io::ErrorKind::NotFound => {
                match fs::symlink_metadata(self.root.join(name)) {
                    Ok(_) => Error::not_found(format_args!("{name}: the file to which it links")),
                    Err(_) => self.ready().err().unwrap_or_else(|| Error::not_found(key)),
                }
            }
            open::Failed::System(error) => system(format_args!("reading {name}"), &error),
        }
    }

    /// Returns the keys of all tickets of these projects, or of all, in no order.
    pub(crate) fn keys(&self, projects: Option<&[Project]>) -> Result<Vec<Key>> {
        let wanted = |key: &Key| projects.is_none_or(|projects| projects.contains(&key.project()));
        let mut keys = Vec::new();
        self.each_name(|name| keys.extend(Key::of_file(name).filter(wanted)))?;
        Ok(keys)
    }

    /// Returns the names that look like a misspelled ticket.
    pub(crate) fn misspelled(&self) -> Result<Vec<String>> {
        let mut names = Vec::new();
        self.each_name(|name| names.extend(key::is_misspelled(name).then(|| name.to_owned())))?;
        names.sort();
        Ok(names)
    }

    fn each_name(&self, mut look: impl FnMut(&str)) -> Result<()> {
        self.ready()?;
        let mut walk = || -> io::Result<()> {
            for entry in fs::read_dir(&self.root)? {
                entry?.file_name().to_str().into_iter().for_each(&mut look);
            }
            Ok(())
        };
        walk().map_err(|error| system("listing the folder", &error))
    }

    /// Says whether there is a file of that ticket, good or bad.
    pub(crate) fn contains(&self, key: Key) -> bool {
        fs::symlink_metadata(self.root.join(key.file_name())).is_ok()
    }

    /// Says whether the folder can be written to, by making a file that has no name.
    pub(crate) fn is_writable(&self) -> bool {
        tempfile::tempfile_in(&self.root).is_ok()
    }

    /// Waits until nobody else writes.
    pub(crate) fn lock(&self) -> Result<Locked<'_>> {
        self.ready()?;
        let lock = open::for_locking(&self.root.join(LOCK)).and_then(|file| file.lock().map(|()| file));
        let lock = lock.map_err(|error| system("locking the folder for a change", &error))?;
        Ok(Locked { store: self, _lock: lock })
    }
}

impl Locked<'_> {
    /// Reads a ticket's file in order to change it.
    pub(crate) fn read(&self, key: Key) -> Result<String> {
        let text = self.store.read(key)?;
        let name = key.file_name();
        let metadata = fs::symlink_metadata(self.store.root.join(&name));
        if metadata.is_ok_and(|metadata| metadata.is_symlink()) {
            return Err(Error::unsupported(format_args!("changing {name}, which is a link,"))
                .with_hint("Change the ticket to which it links."));
        }
        Ok(text)
    }

    /// Puts another text in the place of a ticket's file, all or nothing.
    pub(crate) fn replace(&self, key: Key, text: &str) -> Result<()> {
        let name = key.file_name();
        let path = self.store.root.join(&name);
        let written = || -> io::Result<NamedTempFile> {
            let permissions = fs::metadata(&path)?.permissions();
            let mut file = unfinished(&self.store.root, Some(permissions.clone()))?;
            file.write_all(text.as_bytes())?;
            keep_permissions(file.as_file(), permissions)?;
            file.as_file().sync_all()?;
            Ok(file)
        };
        fits(&name, text)?;
        let file = written().map_err(|error| system(format_args!("writing {name}"), &error))?;
        file.persist(&path).map_err(|error| system(format_args!("writing {name}"), &error.error))?;
        keep(&self.store.root, &name)
    }

    /// Makes the file of a new ticket under the next free number, and returns its key.
    pub(crate) fn create(&self, project: Project, text: &str) -> Result<Key> {
        fits("the new ticket", text)?;
        let written = || -> io::Result<NamedTempFile> {
            let mut file = unfinished(&self.store.root, None)?;
            file.write_all(text.as_bytes())?;
            file.as_file().sync_all()?;
            Ok(file)
        };
        self.clear_unfinished()?;
        let mut file = written().map_err(|error| system("writing the new ticket", &error))?;
        let mut number = self.last_number(project)?;
        loop {
            number += 1;
            let key = Key::new(project, number)
                .ok_or_else(|| Error::validation(format!("the numbers of project {project} are used up")))?;
            match file.persist_noclobber(self.store.root.join(key.file_name())) {
                Ok(_) => return keep(&self.store.root, key.file_name()).map(|()| key),
                // Whoever put a file there did not ask for the lock.
                Err(PersistError { error, file: again }) if error.kind() == io::ErrorKind::AlreadyExists => {
                    file = again;
                }
                Err(failed) => return Err(system(format_args!("writing {key}"), &failed.error)),
            }
        }
    }

    /// Removes what writers have left that were killed: whoever makes such a file holds the lock.
    fn clear_unfinished(&self) -> Result<()> {
        let is_unfinished = |name: &str| name.starts_with(UNFINISHED.0) && name.ends_with(UNFINISHED.1);
        let mut left = Vec::new();
        self.store.each_name(|name| left.extend(is_unfinished(name).then(|| name.to_owned())))?;
        for name in left {
            // It is in nobody's way: the next one tries again.
            let _ = fs::remove_file(self.store.root.join(name));
        }
        Ok(())
    }

    /// Returns the greatest number that is taken, by a ticket or by the attachments of one that was removed.
    fn last_number(&self, project: Project) -> Result<u32> {
        let tickets = self.store.keys(Some(&[project]))?.into_iter();
        let attachments = self.store.keys_with_attachments().filter(|key| key.project() == project);
        Ok(tickets.chain(attachments).map(Key::number).max().unwrap_or(0))
    }
}

/// Makes a file in a folder that nobody sees until it is whole; it is removed if it never gets there.
///
/// It is never more open than what its permissions say, or without any than other new files.
fn unfinished(folder: &Path, permissions: Option<fs::Permissions>) -> io::Result<NamedTempFile> {
    let mut builder = tempfile::Builder::new();
    builder.prefix(UNFINISHED.0).suffix(UNFINISHED.1);
    #[cfg(unix)]
    builder.permissions(permissions.unwrap_or_else(|| std::os::unix::fs::PermissionsExt::from_mode(0o666)));
    #[cfg(not(unix))]
    let _ = permissions;
    builder.tempfile_in(folder)
}

/// Gives a file the permissions of that in whose place it comes.
fn keep_permissions(file: &File, permissions: fs::Permissions) -> io::Result<()> {
    if file.metadata()?.permissions() == permissions {
        return Ok(());
    }
    match file.set_permissions(permissions) {
        // A confined process changes no permissions. The file was made with these, less what the process takes from
        // every new file, so it is never more open than it was.
        Err(error) if error.kind() == io::ErrorKind::Unsupported => Ok(()),
        set => set,
    }
}

/// Says that a file's new name will outlive a loss of power, or that nobody knows.
fn keep(folder: &Path, name: impl fmt::Display) -> Result<()> {
    open::sync_folder(folder).map_err(|error| {
        let message = format!("{name} was written, but the disk did not confirm it: {error}");
        Error::new(ErrorKind::OutcomeUnknown, message).with_hint("Look at the ticket before repeating this.")
    })
}

/// Refuses to write what could not be read again.
fn fits(what: &str, text: &str) -> Result<()> {
    if text.len() <= LARGEST_FILE {
        return Ok(());
    }
    Err(Error::validation(format!("{what} would be larger than 4 MiB; nothing was changed"))
        .with_hint("Attach long texts as files."))
}
