//! The layers above the file: environment, then flags. Here they are gathered; each table of the file applies its own.

use std::path::PathBuf;

use super::error::ConfigError;
use super::output::Color;
use super::paths::{self, Environment};

/// What the command line says about the configuration.
#[derive(Debug, Clone, Default)]
pub struct Flags {
    /// `--config FILE`
    pub config: Option<PathBuf>,
    /// `--adapter-path FOLDER`, in the order given.
    pub adapter_path: Vec<PathBuf>,
    /// `--color WHEN`
    pub color: Option<Color>,
    /// Connections that exist without a file because the platform's own variable is set; `default_connection` may name them.
    pub implied_connections: Vec<String>,
}

/// Environment and flags put together: what wins over the file.
#[derive(Debug, Clone, Default)]
pub(super) struct Overrides {
    before: Vec<PathBuf>,
    default_adapter_folder: Option<PathBuf>,
    pub(super) color: Option<Color>,
    pub(super) implied_connections: Vec<String>,
}

impl Overrides {
    /// Gathers `USHER_ADAPTER_PATH`, `NO_COLOR` and the flags.
    pub(super) fn gather(environment: &dyn Environment, flags: &Flags) -> Self {
        let from_environment = set(environment, "USHER_ADAPTER_PATH");
        let from_environment = from_environment.iter().flat_map(std::env::split_paths);
        let before =
            flags.adapter_path.iter().cloned().chain(from_environment.filter(|path| !path.as_os_str().is_empty()));
        Overrides {
            before: before.map(|path| paths::expand_home(&path, environment)).collect(),
            default_adapter_folder: paths::user_data_dir(environment).ok().map(|folder| folder.join("adapters")),
            color: flags.color.or_else(|| set(environment, "NO_COLOR").map(|_| Color::Never)),
            implied_connections: flags.implied_connections.clone(),
        }
    }

    /// Returns the folders to search: flags, environment, then those of the file or the default one.
    pub(super) fn adapter_path(&self, from_file: Option<Vec<PathBuf>>) -> Vec<PathBuf> {
        let rest = from_file.unwrap_or_else(|| self.default_adapter_folder.iter().cloned().collect());
        let mut path: Vec<PathBuf> = Vec::new();
        for folder in self.before.iter().cloned().chain(rest) {
            // The same folder twice would find every adapter twice.
            if !path.contains(&folder) {
                path.push(folder);
            }
        }
        path
    }
}

/// Returns the file to read: the flag, the variable, the default folder. One that was asked for has to exist.
pub(super) fn file(environment: &dyn Environment, flags: &Flags) -> Result<Option<PathBuf>, ConfigError> {
    if let Some(path) = &flags.config {
        return Ok(Some(path.clone()));
    }
    if let Some(path) = set(environment, "USHER_CONFIG") {
        return Ok(Some(paths::expand_home(&PathBuf::from(path), environment)));
    }
    paths::find_default(environment)
}

/// Returns a variable that is set to something.
fn set(environment: &dyn Environment, name: &str) -> Option<std::ffi::OsString> {
    environment.variable(name).filter(|value| !value.is_empty())
}
