//! Files beside a ticket: `attachments/SHOP-12/trace.txt`.

use std::{
    fmt,
    fs::{self, File, Metadata},
    io::{self, Write},
    path::PathBuf,
};

use serde::{Deserialize, Serialize};
use tempfile::{NamedTempFile, PersistError};
use usher_adapter_sdk::{Error, ErrorKind, Result};

use super::{Locked, Store, keep, open, unfinished};
use crate::{error::system, key::Key};

/// The folder of all attachments.
const ATTACHMENTS: &str = "attachments";
/// How long a file's name may be, in bytes.
const NAME_LENGTH: usize = 200;
/// How many files of one name a ticket may have.
const SAME_NAME: u32 = 10_000;

/// Names that mean a device to Windows, sorted, in lower case and without an ending.
const RESERVED: &[&str] = &[
    "aux", "com1", "com2", "com3", "com4", "com5", "com6", "com7", "com8", "com9", "con", "lpt1", "lpt2", "lpt3",
    "lpt4", "lpt5", "lpt6", "lpt7", "lpt8", "lpt9", "nul", "prn",
];

/// One file beside a ticket, as the document `attachments` lists it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct AttachedFile {
    pub(crate) name: String,
    pub(crate) size: u64,
}

/// The name of an attachment. It was checked once and may be part of a path from then on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct FileName(String);

impl FileName {
    /// Returns a name that leads nowhere else, on no system.
    pub(crate) fn parse(name: &str) -> Result<Self> {
        match flaw(name) {
            None => Ok(Self(name.to_owned())),
            Some(flaw) => {
                let shown: String = name.chars().take(80).flat_map(char::escape_debug).collect();
                Err(Error::validation(format!("an attachment cannot be called `{shown}`: {flaw}"))
                    .with_hint("Use a plain file name such as `trace.txt`."))
            }
        }
    }

    /// Returns the name with a number before its ending: `trace-2.txt`.
    fn numbered(&self, number: u32) -> String {
        match self.0.rsplit_once('.') {
            Some((stem, ending)) => format!("{stem}-{number}.{ending}"),
            None => format!("{}-{number}", self.0),
        }
    }
}

impl fmt::Display for FileName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Returns why a name cannot be that of an attachment.
fn flaw(name: &str) -> Option<&'static str> {
    let stem = name.split('.').next().unwrap_or_default().trim_end().to_ascii_lowercase();
    let flaws = [
        (name.is_empty(), "it is empty"),
        (name.starts_with('.'), "names that begin with a dot are hidden"),
        (name.contains(['/', '\\']), "it names a folder"),
        (name.contains(char::is_control), "it holds a control character"),
        (name.contains(['<', '>', ':', '"', '|', '?', '*']), "one of its characters is special to some systems"),
        (name.ends_with(['.', ' ']), "it ends with a dot or a space"),
        (name.len() > NAME_LENGTH, "it is longer than 200 bytes"),
        (RESERVED.binary_search(&stem.as_str()).is_ok(), "it means a device to some systems"),
    ];
    flaws.iter().find(|(applies, _)| *applies).map(|(_, flaw)| *flaw)
}

impl Store {
    /// Returns the files beside a ticket, sorted by name.
    pub(crate) fn attachments(&self, key: Key) -> Result<Vec<AttachedFile>> {
        let Some(folder) = self.attachment_folder(key)? else { return Ok(Vec::new()) };
        let list = || -> io::Result<Vec<AttachedFile>> {
            let mut files = Vec::new();
            for entry in fs::read_dir(&folder)? {
                files.extend(attached(&entry?));
            }
            files.sort_by(|left, right| left.name.cmp(&right.name));
            Ok(files)
        };
        list().map_err(|error| system(format_args!("listing the attachments of {key}"), &error))
    }

    /// Opens a file beside a ticket.
    pub(crate) fn open_attachment(&self, key: Key, name: &FileName) -> Result<(File, AttachedFile)> {
        let missing = || Error::not_found(format_args!("the attachment `{name}` of {key}"));
        let folder = self.attachment_folder(key)?.ok_or_else(missing)?;
        let opened = open::without_links(&folder.join(&name.0)).map_err(open::Failed::System);
        let sized = opened.and_then(|file| open::length_of_regular(&file).map(|size| (file, size)));
        match sized {
            Ok((file, size)) => Ok((file, AttachedFile { name: name.0.clone(), size })),
            Err(open::Failed::System(error)) if error.kind() == io::ErrorKind::PermissionDenied => {
                Err(system(format_args!("reading the attachment `{name}` of {key}"), &error))
            }
            Err(_) => Err(missing()),
        }
    }

    /// Begins a file beside a ticket, which nobody sees until it is whole.
    pub(crate) fn new_attachment(&self, key: Key) -> Result<NewFile> {
        self.ready()?;
        if !self.contains(key) {
            return Err(Error::not_found(key));
        }
        // Refuses links before anything is made below them.
        self.attachment_folder(key)?;
        let folder = self.root.join(ATTACHMENTS).join(key.to_string());
        let begin = || fs::create_dir_all(&folder).and_then(|()| unfinished(&folder, None));
        let file = begin().map_err(|error| system(format_args!("writing an attachment of {key}"), &error))?;
        Ok(NewFile { folder, file, size: 0 })
    }

    /// Returns the keys that have a folder for attachments.
    pub(super) fn keys_with_attachments(&self) -> impl Iterator<Item = Key> {
        let entries = fs::read_dir(self.root.join(ATTACHMENTS)).into_iter().flatten().flatten();
        entries.filter_map(|entry| Key::parse(entry.file_name().to_str()?))
    }

    /// Returns the folder of a ticket's attachments, if there is one; links are not followed.
    fn attachment_folder(&self, key: Key) -> Result<Option<PathBuf>> {
        let mut folder = self.root.clone();
        for part in [ATTACHMENTS, &key.to_string()] {
            folder.push(part);
            match fs::symlink_metadata(&folder) {
                Ok(metadata) if metadata.is_dir() => (),
                Ok(metadata) => return Err(not_a_folder(part, &metadata)),
                Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
                Err(error) => return Err(system(format_args!("opening the attachments of {key}"), &error)),
            }
        }
        Ok(Some(folder))
    }
}

/// Returns a file of a folder of attachments, if it is one and not hidden.
fn attached(entry: &fs::DirEntry) -> Option<AttachedFile> {
    let name = entry.file_name().into_string().ok().filter(|name| flaw(name).is_none())?;
    let metadata = entry.metadata().ok().filter(Metadata::is_file)?;
    Some(AttachedFile { name, size: metadata.len() })
}

fn not_a_folder(part: &str, metadata: &Metadata) -> Error {
    let what = if metadata.is_symlink() { "a link, which is not followed" } else { "not a folder" };
    Error::new(ErrorKind::Permission, format!("`{part}`, where attachments should be, is {what}"))
        .with_hint("Put a folder in its place.")
}

/// A file that is being written beside a ticket.
pub(crate) struct NewFile {
    folder: PathBuf,
    file: NamedTempFile,
    size: u64,
}

impl NewFile {
    /// Writes bytes at its end.
    pub(crate) fn write(&mut self, bytes: &[u8]) -> Result<()> {
        self.size += bytes.len() as u64;
        self.file.write_all(bytes).map_err(|error| system("writing the attachment", &error))
    }

    /// Gives it its name, or the next free one like it, and returns what it is.
    pub(crate) fn finish(self, _locked: &Locked<'_>, name: &FileName) -> Result<AttachedFile> {
        let Self { folder, mut file, size } = self;
        file.as_file().sync_all().map_err(|error| system("writing the attachment", &error))?;
        for number in 1..=SAME_NAME {
            let name = if number == 1 { name.0.clone() } else { name.numbered(number) };
            match file.persist_noclobber(folder.join(&name)) {
                Ok(_) => return keep(&folder, &name).map(|()| AttachedFile { name, size }),
                Err(PersistError { error, file: again }) if error.kind() == io::ErrorKind::AlreadyExists => {
                    file = again;
                }
                Err(failed) => return Err(system(format_args!("writing the attachment `{name}`"), &failed.error)),
            }
        }
        Err(Error::validation(format!("there are {SAME_NAME} attachments called `{name}`")))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_lead_elsewhere_are_refused() {
        for name in [
            "",
            ".",
            "..",
            "../x",
            "a/b",
            "a\\b",
            "/etc/passwd",
            "C:\\x",
            "a:b",
            "x\0",
            "x\n",
            ".hidden",
            "nul",
            "NUL.txt",
            "com1",
            "aux.tar.gz",
            "con .txt",
            "x.",
            "x ",
            "a*",
            "\u{85}",
        ] {
            assert!(FileName::parse(name).is_err(), "{name:?}");
        }
        assert!(FileName::parse(&"x".repeat(201)).is_err());
        for name in ["trace.txt", "Über uns (2).pdf", "a..b", "console.log", "no ending", "🙂.png"] {
            assert!(FileName::parse(name).is_ok(), "{name:?}");
        }
    }

    #[test]
    fn a_second_file_of_a_name_gets_a_number_before_the_ending() {
        assert_eq!(FileName("trace.tar.gz".to_owned()).numbered(2), "trace.tar-2.gz");
        assert_eq!(FileName("README".to_owned()).numbered(3), "README-3");
    }

    #[test]
    fn reserved_names_are_sorted() {
        assert!(RESERVED.is_sorted());
    }
}
