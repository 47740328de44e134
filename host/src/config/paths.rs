//! Where things live on this machine: the folders of the user, and everything else that is asked of the environment, behind
//! one trait so that tests can pin it.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::path::{Path, PathBuf};

use etcetera::BaseStrategy as _;

use super::error::ConfigError;

/// File names looked for in the configuration folder; the first is the one that `config init` writes.
const FILE_NAMES: &[&str] = &["config.toml", "config.yaml", "config.yml", "config.json"];

/// What the configuration asks of the world around it.
pub trait Environment {
    /// Returns the value of an environment variable.
    fn variable(&self, name: &str) -> Option<OsString>;

    /// Returns the base folders of this user; none if there is no home folder.
    fn folders(&self) -> Option<Folders>;

    /// Says whether a connection is of no use without its secrets; a replay sends nothing and needs none.
    fn needs_secrets(&self) -> bool {
        true
    }
}

/// The base folders of a user, before `usher` is appended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Folders {
    /// What `~` stands for.
    pub home: PathBuf,
    /// Configuration, `~/.config` by default.
    pub config: PathBuf,
    /// Data that is worth keeping, `~/.local/share` by default.
    pub data: PathBuf,
    /// Data that can be fetched again, `~/.cache` by default.
    pub cache: PathBuf,
    /// What is remembered between runs, `~/.local/state` by default.
    pub state: PathBuf,
}

/// The environment of this process.
#[derive(Debug, Clone, Copy, Default)]
pub struct ProcessEnvironment;

/// etcetera rather than directories: on macOS its base strategy is XDG as well, and somebody at a command line looks in
/// `~/.config` there, not in `~/Library/Application Support`.
impl Environment for ProcessEnvironment {
    fn variable(&self, name: &str) -> Option<OsString> {
        std::env::var_os(name)
    }

    fn folders(&self) -> Option<Folders> {
        let base = etcetera::choose_base_strategy().ok()?;
        Some(Folders {
            home: base.home_dir().to_owned(),
            config: base.config_dir(),
            data: base.data_dir(),
            cache: base.cache_dir(),
            // Windows has no such folder; what is remembered there lies beside the data.
            state: base.state_dir().unwrap_or_else(|| base.data_dir()),
        })
    }
}

/// An environment that holds what it was given and nothing of the machine: for tests.
#[derive(Debug, Clone, Default)]
pub struct PinnedEnvironment {
    variables: BTreeMap<String, OsString>,
    folders: Option<Folders>,
}

impl PinnedEnvironment {
    /// Returns an environment without variables, with the usual folders below a home folder.
    pub fn new(home: impl Into<PathBuf>) -> Self {
        let home = home.into();
        let folders = Folders {
            config: home.join(".config"),
            data: home.join(".local/share"),
            cache: home.join(".cache"),
            state: home.join(".local/state"),
            home,
        };
        PinnedEnvironment { variables: BTreeMap::new(), folders: Some(folders) }
    }

    /// Returns an environment without variables and without a home folder.
    pub fn homeless() -> Self {
        PinnedEnvironment::default()
    }

    /// Sets a variable.
    #[must_use]
    pub fn with(mut self, name: &str, value: impl Into<OsString>) -> Self {
        self.variables.insert(name.to_owned(), value.into());
        self
    }
}

impl Environment for PinnedEnvironment {
    fn variable(&self, name: &str) -> Option<OsString> {
        self.variables.get(name).cloned()
    }

    fn folders(&self) -> Option<Folders> {
        self.folders.clone()
    }
}

/// Returns where the configuration lies when nobody says otherwise, whether or not it exists.
pub fn default_path(environment: &dyn Environment) -> Result<PathBuf, ConfigError> {
    Ok(folder_of(environment, |folders| &folders.config)?.join(FILE_NAMES[0]))
}

/// Returns the folder for what the user installed, such as drop-in adapters in `adapters/`.
pub fn user_data_dir(environment: &dyn Environment) -> Result<PathBuf, ConfigError> {
    folder_of(environment, |folders| &folders.data)
}

/// Returns the folder for what can be fetched again.
pub fn cache_dir(environment: &dyn Environment) -> Result<PathBuf, ConfigError> {
    folder_of(environment, |folders| &folders.cache)
}

/// Returns the folder for what is remembered between runs.
pub fn state_dir(environment: &dyn Environment) -> Result<PathBuf, ConfigError> {
    folder_of(environment, |folders| &folders.state)
}

fn folder_of(environment: &dyn Environment, pick: fn(&Folders) -> &PathBuf) -> Result<PathBuf, ConfigError> {
    match environment.folders() {
        Some(folders) => Ok(pick(&folders).join("usher")),
        None => Err(ConfigError::whole_file(PathBuf::new(), "this user has no home folder")
            .with_hint("set HOME, or name the files with --config and --adapter-path")),
    }
}

/// Returns the configuration file in the default folder, if there is one. Two are an error: one of them would be ignored.
pub(super) fn find_default(environment: &dyn Environment) -> Result<Option<PathBuf>, ConfigError> {
    let Some(folders) = environment.folders() else {
        return Ok(None);
    };
    let folder = folders.config.join("usher");
    // A link that leads nowhere is there, and says so when it is read.
    let is_there = |path: &PathBuf| path.symlink_metadata().is_ok();
    let mut found = FILE_NAMES.iter().map(|name| folder.join(name)).filter(is_there);
    match (found.next(), found.next()) {
        (Some(first), Some(second)) => Err(ConfigError::whole_file(
            first,
            format!("stands beside `{}`, and only one of them can count", second.display()),
        )
        .with_hint("remove one, or name the other with --config")),
        (first, _) => Ok(first),
    }
}

/// Returns a path as meant: `~` is the home folder, and a relative one starts at `folder`.
pub(super) fn resolve(written: &str, folder: &Path, environment: &dyn Environment) -> PathBuf {
    folder.join(expand_home(Path::new(written), environment))
}

/// Returns a path with a leading `~` replaced. `~name` is left alone: nobody needs another user's folder here.
pub(super) fn expand_home(path: &Path, environment: &dyn Environment) -> PathBuf {
    match (path.strip_prefix("~"), environment.folders()) {
        (Ok(below), Some(folders)) if below.as_os_str().is_empty() => folders.home,
        (Ok(below), Some(folders)) => folders.home.join(below),
        _ => path.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folders_follow_the_xdg_defaults_and_end_in_usher() {
        let environment = PinnedEnvironment::new("/home/ada");
        assert_eq!(default_path(&environment).unwrap(), Path::new("/home/ada/.config/usher/config.toml"));
        assert_eq!(user_data_dir(&environment).unwrap(), Path::new("/home/ada/.local/share/usher"));
        assert_eq!(cache_dir(&environment).unwrap(), Path::new("/home/ada/.cache/usher"));
        assert_eq!(state_dir(&environment).unwrap(), Path::new("/home/ada/.local/state/usher"));
    }

    #[test]
    fn a_user_without_home_is_told_what_to_set() {
        let error = default_path(&PinnedEnvironment::homeless()).unwrap_err();
        assert_eq!(
            error.to_string(),
            "this user has no home folder; set HOME, or name the files with --config and --adapter-path"
        );
    }

    #[test]
    fn a_tilde_is_the_home_folder_and_a_relative_path_starts_at_the_file() {
        const CASES: &[(&str, &str)] = &[
            ("~", "/home/ada"),
            ("~/notes", "/home/ada/notes"),
            ("~other/notes", "/etc/usher/~other/notes"),
            ("notes", "/etc/usher/notes"),
            ("/srv/notes", "/srv/notes"),
        ];
        let environment = PinnedEnvironment::new("/home/ada");
        for (written, expected) in CASES {
            assert_eq!(resolve(written, Path::new("/etc/usher"), &environment), Path::new(expected), "{written}");
        }
    }
}
