//! `config init`: writes a first file that explains itself.

use std::io::Write as _;
use std::path::Path;

use super::error::ConfigError;
use super::syntax::Syntax;

/// What `config init` writes. Lines with `##` are prose, lines with one `#` are settings that work when it is taken away.
const STARTER: &str = include_str!("starter.toml");

/// Writes a commented starter file, readable by its owner only. An existing file is replaced only with `force`, and at no
/// moment half written.
pub fn init(path: &Path, force: bool) -> Result<(), ConfigError> {
    if Syntax::of(path) != Some(Syntax::Toml) {
        return Err(
            ConfigError::whole_file(path, "the starter file is TOML").with_hint("give a name that ends in `.toml`")
        );
    }
    // A link, as dotfile managers make them, stays a link: its target is what is replaced.
    let target = path.canonicalize().unwrap_or_else(|_| path.to_owned());
    let failed = |error: std::io::Error| ConfigError::whole_file(path, format!("cannot be written: {error}"));
    let folder = target.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    create_folder(folder).map_err(failed)?;
    let mut file = tempfile::Builder::new().prefix(".config").tempfile_in(folder).map_err(failed)?;
    file.write_all(STARTER.as_bytes()).and_then(|()| file.as_file().sync_all()).map_err(failed)?;
    let written = if force { file.persist(&target) } else { file.persist_noclobber(&target) };
    match written.map_err(|error| error.error) {
        Ok(_) => Ok(()),
        Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => {
            Err(ConfigError::whole_file(path, "exists already").with_hint("replace it with --force"))
        }
        Err(error) => Err(failed(error)),
    }
}

#[cfg(unix)]
fn create_folder(folder: &Path) -> std::io::Result<()> {
    use std::os::unix::fs::DirBuilderExt as _;
    std::fs::DirBuilder::new().recursive(true).mode(0o700).create(folder)
}

#[cfg(not(unix))]
fn create_folder(folder: &Path) -> std::io::Result<()> {
    std::fs::create_dir_all(folder)
}
