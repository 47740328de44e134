//! `config init`: writes a first file that explains itself.

use std::path::Path;

use super::error::ConfigError;
use super::syntax::Syntax;
use super::write::write;

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
    write(path, STARTER, force)
}
