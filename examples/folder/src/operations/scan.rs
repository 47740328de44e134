//! Going through many files, without keeping others waiting and without stumbling over a broken one.

use std::time::Duration;

use usher_adapter_sdk::{Error, Result};

use crate::{Folder, error::Fault, file::TicketFile, front_matter::FrontMatter, key::Key};

/// After how many files other calls get their turn.
const TURN: usize = 256;

/// One file while it is looked at.
pub(super) struct Seen<'a> {
    pub(super) key: Key,
    pub(super) text: &'a str,
    pub(super) file: TicketFile<'a>,
    pub(super) front: FrontMatter<'a>,
}

/// Reads files one after the other into the same memory.
pub(super) struct Scan<'a> {
    folder: &'a Folder,
    text: String,
    read: usize,
}

impl<'a> Scan<'a> {
    pub(super) fn new(folder: &'a Folder) -> Self {
        Self { folder, text: String::new(), read: 0 }
    }

    /// Lets somebody look at a ticket; the error is that of this one file.
    pub(super) async fn look<T>(&mut self, key: Key, look: impl FnOnce(Seen<'_>) -> Result<T>) -> Result<T> {
        self.read += 1;
        if self.read.is_multiple_of(TURN) {
            // A host that cannot wait at all has nobody else to serve.
            let _ = self.folder.host.sleep(Duration::ZERO).await;
        }
        self.folder.store.read_into(key, &mut self.text)?;
        look(take_apart(key, &self.text).map_err(|fault| fault.in_file(key.file_name()))?)
    }

    /// Looks at many tickets and returns what was wrong with some of them.
    pub(super) async fn each(&mut self, keys: &[Key], mut look: impl FnMut(Seen<'_>) -> Result<()>) -> Vec<Error> {
        let mut errors = Vec::new();
        for key in keys {
            errors.extend(self.look(*key, &mut look).await.err());
        }
        errors
    }
}

fn take_apart(key: Key, text: &str) -> Result<Seen<'_>, Fault> {
    let file = TicketFile::new(text)?;
    let front = file.front_matter()?;
    Ok(Seen { key, text, file, front })
}
