//! Changes the current directory of its process while it is made, then answers properly.
//!
//! The host must answer the ticket, and find its own files wherever it was started: relative paths are made absolute
//! before an adapter is loaded.

use usher_adapter_sdk::prelude::*;
use usher_villains::{Disguised, Villain};

struct ChangesDirectory;

impl Villain for ChangesDirectory {
    fn new(_host: Host) -> Result<Self> {
        std::env::set_current_dir("/").map_err(|error| Error::validation(error.to_string()))?;
        Ok(Self)
    }
}

usher_adapter_sdk::adapter!(Disguised<ChangesDirectory> = "changes_directory/adapter.toml");
