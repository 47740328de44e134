//! Writing a configuration file: readable by its owner only, and at no moment half written.

use std::path::Path;

use super::error::ConfigError;
use crate::{private_folder, whole_file::WholeFile};

/// Writes a whole file. One that is there is replaced only with `replace`.
pub(super) fn write(path: &Path, text: &str, replace: bool) -> Result<(), ConfigError> {
    // A link, as dotfile managers make them, stays a link: its target is what is replaced.
    let target = path.canonicalize().unwrap_or_else(|_| path.to_owned());
    let failed = |error: std::io::Error| ConfigError::whole_file(path, format!("cannot be written: {error}"));
    let folder = target.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    private_folder::make(folder).map_err(failed)?;
    let file = WholeFile::default().lasting();
    let file = if replace { file } else { file.without_replacing() };
    match file.write(&target, text.as_bytes()) {
        Ok(()) => Ok(()),
        Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => {
            Err(ConfigError::whole_file(path, "exists already").with_hint("replace it with --force"))
        }
        Err(error) => Err(failed(error)),
    }
}
