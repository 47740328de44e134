//! Configuration: what a setting means and its default.
//!
//! One file (TOML, YAML or JSON, told by its ending), below the environment, below the flags. The way of a setting:
//!
//! | file | what happens there |
//! |---|---|
//! | `layers`, `paths` | which file, and what wins over it |
//! | `file`, `syntax` | text of any of the three formats becomes one tree of `located` nodes |
//! | `interpolate`, `secret` | `${NAME}` becomes its value; secrets become `Secret` |
//! | `read` | the tree becomes typed `Raw…` settings, each complaint with its place |
//! | `document`, `connection`, `http`, `tls`, `proxy`, `policies`, `limits`, `adapters`, `trust`, `output` | raw settings become resolved ones, defaults decided |
//! | `show`, `init`, `error` | what goes back to people |
//! | `edit`, `write` | a connection is written into the file |
//!
//! A connection that is wrong fails alone: it stands in the map as its error, and the others work.

use std::collections::BTreeMap;
use std::path::PathBuf;

mod adapters;
mod connection;
mod document;
mod duration;
mod edit;
mod error;
mod file;
mod http;
mod init;
mod interpolate;
mod layers;
mod levels;
mod limits;
mod located;
mod name;
mod output;
mod paths;
mod policies;
mod proxy;
mod read;
mod secret;
mod show;
mod syntax;
#[cfg(test)]
mod tests;
mod tls;
mod trust;
mod write;

pub use adapters::{Access, AdapterSettings, Adapters, FilesystemGrant, Isolation};
pub use connection::{Connection, Options, Origin};
pub use document::schema;
pub(crate) use duration::written;
pub use edit::{Editable, NewConnection};
pub use error::{ConfigError, ConfigErrors, Finding, Severity};
pub use http::{Http, Network};
pub use init::init;
pub use layers::Flags;
pub use levels::{PriorityLevel, StatusLevel, TypeLevel};
pub use limits::LimitOverride;
pub use output::{Color, Output, Pager};
pub use paths::{
    Environment, Folders, PinnedEnvironment, ProcessEnvironment, cache_dir, default_path, state_dir, user_data_dir,
};
pub use policies::{Cache, Retry};
pub use proxy::{Proxy, ProxyServer};
pub use secret::{Auth, AuthField, STARS, Secret, SecretSource};
pub use show::{show, show_toml};
pub use tls::{ClientCertificate, Tls, TlsVersion, Verify};
pub(crate) use trust::key_id;
pub use trust::{AdapterFolder, SignerKey, Trust};

use layers::Overrides;

/// Every setting with everything decided.
#[derive(Debug, Clone, Default)]
pub struct Config {
    /// The connections by name; one that is wrong is its error, and the others work.
    pub connections: BTreeMap<String, Result<Connection, ConfigError>>,
    /// Where drop-ins are found, and what each adapter is allowed.
    pub adapters: Adapters,
    /// How results look to people.
    pub output: Output,
    /// Connection that a bare id goes to when several fit. None: such an id is ambiguous.
    pub default_connection: Option<String>,
    /// The files that were read.
    pub sources: Vec<PathBuf>,
    /// What works and should be looked at.
    pub warnings: Vec<Finding>,
}

impl Config {
    /// Loads the configuration: defaults, below the file, below the environment, below the flags.
    ///
    /// No file at the default place is fine. A wrong setting outside of connections fails the load; inside one, only that
    /// connection.
    pub fn load(environment: &dyn Environment, flags: &Flags) -> Result<Config, ConfigErrors> {
        match load(environment, flags) {
            (config, errors) if errors.is_empty() => Ok(config),
            (_, errors) => Err(ConfigErrors(errors)),
        }
    }

    fn without_file(overrides: Overrides) -> Self {
        Config {
            adapters: overrides.adapters(Default::default()),
            output: Output::resolve(None, overrides.color),
            ..Config::default()
        }
    }
}

/// Returns everything that is wrong or worth a look, broken connections included, in the order of the file.
pub fn validate(environment: &dyn Environment, flags: &Flags) -> Vec<Finding> {
    let (config, errors) = load(environment, flags);
    let broken = config.connections.into_values().filter_map(Result::err);
    let errors = errors.into_iter().chain(broken).map(|error| Finding::new(Severity::Error, error));
    let mut findings: Vec<Finding> = errors.chain(config.warnings).collect();
    findings.sort_by_key(|finding| (finding.line, finding.column));
    findings
}

/// Loads as much as can be loaded, with everything that is wrong outside of connections.
fn load(environment: &dyn Environment, flags: &Flags) -> (Config, Vec<ConfigError>) {
    let overrides = Overrides::gather(environment, flags);
    let source = layers::file(environment, flags).and_then(|path| path.as_deref().map(file::Source::read).transpose());
    match source {
        Ok(source) => document::resolve(source.as_ref(), overrides, environment),
        Err(error) => (Config::without_file(overrides), vec![error]),
    }
}
