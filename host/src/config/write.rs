//! Writing a configuration file: readable by its owner only, and at no moment half written.

use std::io::Write as _;
use std::path::Path;

use super::error::ConfigError;
use crate::private_folder;

/// Writes a whole file. One that is there is replaced only with `replace`.
pub(super) fn write(path: &Path, text: &str, replace: bool) -> Result<(), ConfigError> {
    // A link, as dotfile managers make them, stays a link: its target is what is replaced.
    let target = path.canonicalize().unwrap_or_else(|_| path.to_owned());
    let failed = |error: std::io::Error| ConfigError::whole_file(path, format!("cannot be written: {error}"));
    let folder = target.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    private_folder::make(folder).map_err(failed)?;
    let mut file = tempfile::Builder::new().prefix(".config").tempfile_in(folder).map_err(failed)?;
    file.write_all(text.as_bytes()).and_then(|()| file.as_file().sync_all()).map_err(failed)?;
    let written = if replace { file.persist(&target) } else { file.persist_noclobber(&target) };
    match written.map_err(|error| error.error) {
        Ok(_) => Ok(()),
        Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => {
            Err(ConfigError::whole_file(path, "exists already").with_hint("replace it with --force"))
        }
        Err(error) => Err(failed(error)),
    }
}
