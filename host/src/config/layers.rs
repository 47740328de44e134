//! The layers above the file: environment, then flags. Here they are gathered; each table of the file applies its own.

use std::path::{Path, PathBuf};

use super::adapters::{Adapters, FromFile};
use super::error::ConfigError;
use super::output::Color;
use super::paths::{self, Environment};
use super::trust::AdapterFolder;

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
    ///
    /// A folder that the file says more about is trusted as far as the file says, wherever else it is named: a flag must not
    /// open what the operator has pinned.
    pub(super) fn adapters(&self, file: FromFile) -> Adapters {
        let FromFile { path, rest: all } = file;
        let from_file =
            path.unwrap_or_else(|| self.default_adapter_folder.iter().map(|path| all.folder(path)).collect());
        let named = self.before.iter().map(|path| {
            let known = from_file.iter().find(|folder| is_same(&folder.path, path));
            AdapterFolder { path: path.clone(), ..known.cloned().unwrap_or_else(|| all.folder(path)) }
        });
        let mut path: Vec<AdapterFolder> = Vec::new();
        for folder in named.chain(from_file.iter().cloned()) {
            // The same folder twice would find every adapter twice.
            if !path.iter().any(|known| is_same(&known.path, &folder.path)) {
                path.push(folder);
            }
        }
        Adapters { path, ..all }
    }
}

/// Tells whether two paths lead to one folder.
fn is_same(one: &Path, other: &Path) -> bool {
    one == other || matches!((one.canonicalize(), other.canonicalize()), (Ok(one), Ok(other)) if one == other)
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
