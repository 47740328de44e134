//! What the operating system and broken files complain of, in words that say what to do.

use std::{fmt, io};

use usher_adapter_sdk::{Error, ErrorKind};

/// What is wrong with a text, and on which of its lines.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Fault {
    /// The line, the first is 1.
    pub(crate) line: usize,
    /// What is wrong.
    pub(crate) message: String,
}

impl Fault {
    /// Returns a fault on that line.
    pub(crate) fn new(line: usize, message: impl fmt::Display) -> Self {
        Self { line, message: message.to_string() }
    }

    /// Returns the error of the file that has the fault.
    pub(crate) fn in_file(&self, file: impl fmt::Display) -> Error {
        broken(format_args!("{file}, line {}", self.line), &self.message)
            .with_hint("Correct the file with an editor; the other tickets are not affected.")
    }
}

/// Returns the error of a file that is there and cannot be a ticket.
pub(crate) fn broken(place: impl fmt::Display, what: impl fmt::Display) -> Error {
    Error::new(ErrorKind::ResponseParse, format!("{place}: {what}"))
}

/// What an operation of the operating system ends with, our kind for it, and what to try.
const KINDS: &[(io::ErrorKind, ErrorKind, &str)] = &[
    (io::ErrorKind::FileTooLarge, ErrorKind::Platform, "The system allows no file of this size. Nothing was changed."),
    (io::ErrorKind::NotFound, ErrorKind::NotFound, "It may have been moved or removed a moment ago."),
    (
        io::ErrorKind::PermissionDenied,
        ErrorKind::Permission,
        "Let the user that runs this program read the folder, and write to it for changes.",
    ),
    (
        io::ErrorKind::QuotaExceeded,
        ErrorKind::Platform,
        "The disk quota is used up: free some space and try again. Nothing was changed.",
    ),
    (
        io::ErrorKind::ReadOnlyFilesystem,
        ErrorKind::Permission,
        "The file system can only be read. Nothing was changed.",
    ),
    (
        io::ErrorKind::StorageFull,
        ErrorKind::Platform,
        "The disk is full: free some space and try again. Nothing was changed.",
    ),
];

/// Returns the error of something that the operating system refused.
pub(crate) fn system(doing: impl fmt::Display, error: &io::Error) -> Error {
    let known = KINDS.iter().find(|(kind, ..)| *kind == error.kind());
    let message = format!("{doing}: {error}");
    match known {
        // Trying again at once would not free any space.
        Some((_, kind, hint)) => Error::new(*kind, message).with_hint(*hint).with_retryable(false),
        None => Error::new(ErrorKind::Platform, message),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_full_disk_says_what_to_do() {
        let error = system("writing SHOP-1.md", &io::Error::from(io::ErrorKind::StorageFull));
        assert_eq!((error.kind(), error.is_retryable()), (ErrorKind::Platform, false));
        assert!(error.hint().unwrap().contains("free some space"), "{error:?}");
    }

    #[test]
    fn every_system_error_stands_once_in_the_table_in_the_order_of_names() {
        assert!(KINDS.is_sorted_by_key(|(kind, ..)| format!("{kind:?}")));
    }
}
