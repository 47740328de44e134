//! Reading one configuration file: what is refused before parsing, and how an offset becomes a line for people.

use std::fs::File;
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};

use super::error::{ConfigError, Problem};
use super::syntax::Syntax;

/// Largest file that is read. A configuration of this size is a mistake, usually a wrong path.
const MAX_BYTES: u64 = 8 * 1024 * 1024;

/// A file that was read and has not been parsed.
#[derive(Debug)]
pub(super) struct Source {
    pub(super) path: PathBuf,
    pub(super) text: String,
    pub(super) syntax: Syntax,
    /// Whether everybody on the machine may read it.
    pub(super) world_readable: bool,
}

impl Source {
    /// Reads a file, or says in one sentence why not.
    pub(super) fn read(path: &Path) -> Result<Self, ConfigError> {
        let refuse = |message: &str| ConfigError::whole_file(path, message);
        let metadata = std::fs::metadata(path).map_err(|error| cannot_read(path, &error))?;
        if metadata.is_dir() {
            return Err(
                refuse("is a folder, not a file").with_hint("name the file inside it, for example `config.toml`")
            );
        }
        // Checked before opening: opening a pipe would wait for its other end.
        if !metadata.is_file() {
            return Err(refuse("is not a regular file"));
        }
        let Some(syntax) = Syntax::of(path) else {
            return Err(refuse("has an unknown file ending").with_hint("valid endings: .toml, .yaml, .yml, .json"));
        };
        let mut bytes = Vec::new();
        let file = File::open(path).map_err(|error| cannot_read(path, &error))?;
        // The length is not trusted: it may have grown since.
        file.take(MAX_BYTES + 1).read_to_end(&mut bytes).map_err(|error| cannot_read(path, &error))?;
        if bytes.len() as u64 > MAX_BYTES {
            return Err(refuse("is larger than 8 MiB, which is no configuration").with_hint("check the path"));
        }
        let world_readable = world_readable(&metadata);
        Ok(Source { path: path.to_owned(), text: text(path, bytes)?, syntax, world_readable })
    }

    /// Returns the folder that relative paths in the file start from.
    pub(super) fn folder(&self) -> PathBuf {
        let path = std::path::absolute(&self.path).unwrap_or_else(|_| self.path.clone());
        path.parent().map(Path::to_owned).unwrap_or_default()
    }

    /// Returns line and column of a byte offset, both counted from 1.
    pub(super) fn position(&self, offset: usize) -> (usize, usize) {
        position(&self.text, offset)
    }

    /// Turns a problem into an error with file and line.
    pub(super) fn locate(&self, problem: Problem) -> ConfigError {
        let position = problem.offset.map(|offset| self.position(offset));
        ConfigError {
            file: self.path.clone(),
            line: position.map(|(line, _)| line),
            column: position.map(|(_, column)| column),
            message: problem.described(),
            hint: problem.hint,
        }
    }
}

fn position(text: &str, offset: usize) -> (usize, usize) {
    let before = text.get(..offset).unwrap_or(text);
    let line = before.matches('\n').count() + 1;
    let start = before.rfind('\n').map_or(0, |newline| newline + 1);
    (line, before[start..].chars().count() + 1)
}

/// Returns the bytes as text, without the mark some editors put in front.
fn text(path: &Path, bytes: Vec<u8>) -> Result<String, ConfigError> {
    let text = String::from_utf8(bytes).map_err(|error| {
        let valid = error.utf8_error().valid_up_to();
        let (line, column) = position(&String::from_utf8_lossy(&error.as_bytes()[..valid]), valid);
        ConfigError {
            line: Some(line),
            column: Some(column),
            ..ConfigError::whole_file(path, "is not UTF-8 text").with_hint("save it as UTF-8, or check the path")
        }
    })?;
    if text.contains('\0') {
        return Err(ConfigError::whole_file(path, "is a binary file, not text").with_hint("check the path"));
    }
    Ok(text.strip_prefix('\u{feff}').map(str::to_owned).unwrap_or(text))
}

/// Returns the error for a file that cannot be read.
pub(super) fn cannot_read(path: &Path, error: &io::Error) -> ConfigError {
    let failure = |message: String| ConfigError::whole_file(path, message);
    let is_link = path.symlink_metadata().is_ok_and(|metadata| metadata.file_type().is_symlink());
    match error.kind() {
        io::ErrorKind::NotFound if is_link => failure("is a symbolic link that leads nowhere".to_owned()),
        io::ErrorKind::NotFound => {
            failure("no such file".to_owned()).with_hint("`usher config init` writes a first one")
        }
        io::ErrorKind::PermissionDenied => failure("may not be read by this user".to_owned())
            .with_hint("check the owner and mode of the file and its folders"),
        _ if is_link => failure(format!("is a symbolic link that cannot be followed: {error}")),
        _ => failure(format!("cannot be read: {error}")),
    }
}

#[cfg(unix)]
fn world_readable(metadata: &std::fs::Metadata) -> bool {
    use std::os::unix::fs::PermissionsExt as _;
    metadata.permissions().mode() & 0o004 != 0
}

#[cfg(not(unix))]
fn world_readable(_: &std::fs::Metadata) -> bool {
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_position_counts_lines_and_characters_from_one() {
        assert_eq!(position("a = 1\nü = 2", 0), (1, 1));
        assert_eq!(position("a = 1\nü = 2", 9), (2, 3));
        assert_eq!(position("short", 99), (1, 6));
    }

    #[test]
    fn a_file_without_permission_is_reported_with_what_to_check() {
        let error = cannot_read(Path::new("/etc/config.toml"), &io::ErrorKind::PermissionDenied.into());
        assert!(error.to_string().contains("may not be read by this user"), "{error}");
    }
}
