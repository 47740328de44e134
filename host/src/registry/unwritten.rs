//! What helps where a file of the registry's own cannot be written: its copies, the ledger, the lock file.

use std::io;

/// What the system says, and what to do about it.
const HELP: &[(io::ErrorKind, &str)] = &[
    (io::ErrorKind::FileTooLarge, "No file may grow to that size here: look at `ulimit -f`, then try again."),
    (io::ErrorKind::QuotaExceeded, "The disk quota is used up: free some space and try again."),
    (io::ErrorKind::ReadOnlyFilesystem, "Its file system can only be read: have it mounted for writing."),
    (io::ErrorKind::StorageFull, "The disk is full: free some space and try again."),
];

/// Returns what helps against an error of writing.
pub(super) fn help(error: &io::Error) -> &'static str {
    let known = HELP.iter().find(|(kind, _)| *kind == error.kind());
    known.map_or("Check the owner and mode of the file and its folder.", |(_, help)| help)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_full_disk_is_no_matter_of_modes() {
        assert!(HELP.is_sorted_by_key(|(kind, _)| format!("{kind:?}")));
        assert!(help(&io::ErrorKind::StorageFull.into()).contains("free some space"));
        assert!(help(&io::ErrorKind::PermissionDenied.into()).contains("owner and mode"));
    }
}
