//! The detection tables: which links and which ids belong to the platform, and what they mean.

use crate::pattern::{HostPattern, PathPattern, Pattern};
use crate::template::Template;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// The tables that recognise links and ids.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Detect {
    /// Rows for URLs; the first that fits counts.
    pub urls: Vec<UrlPattern>,
    /// Rows for bare ids; each that fits is a candidate.
    pub ids: Vec<IdPattern>,
    /// What a capture of a path or host may hold; without an entry, any one segment.
    pub captures: BTreeMap<String, Pattern>,
}

/// One row of the URL table.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct UrlPattern {
    /// Hosts, one of which must fit.
    pub hosts: Vec<HostPattern>,
    /// Schemes in lower case, one of which must fit.
    pub schemes: Vec<String>,
    /// The path.
    pub path: PathPattern,
    /// Whether literal segments and the names of parameters are compared without regard to case.
    pub ignore_case: bool,
    /// Whether segments and values are decoded once or until nothing changes.
    pub decode: Decoding,
    /// Parameters that must be there, with what their whole decoded value must fit.
    pub query: BTreeMap<String, Pattern>,
    /// Parameters that only add captures.
    pub query_hint: BTreeMap<String, Pattern>,
    /// What parts the parameters, each character of it.
    pub separators: String,
    /// A fragment that only adds captures.
    pub fragment: Option<Pattern>,
    /// The key.
    pub key: Template,
    /// The project to which the ticket belongs.
    pub project: Option<Template>,
    /// Whether the key is a native id for which the adapter must ask for the real key.
    pub native: bool,
    /// What must be configured before the row counts.
    pub needs: Needs,
    /// Captures that must be equal to the connection's options of the same name.
    pub requires: Vec<String>,
}

/// One row of the id table.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct IdPattern {
    /// What the whole trimmed input must fit.
    pub pattern: Pattern,
    /// How many characters it must have.
    pub length: Option<usize>,
    /// The key.
    pub key: Template,
    /// The project to which the ticket belongs.
    pub project: Option<Template>,
    /// Whether the key is a native id for which the adapter must ask for the real key.
    pub native: bool,
    /// What must be configured before the row counts.
    pub needs: Needs,
    /// Captures that must be equal to the connection's options of the same name.
    pub requires: Vec<String>,
}

/// How often text in a URL is percent-decoded.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Decoding {
    /// Once, as the standard says.
    #[default]
    Once,
    /// Until nothing changes, for platforms that encode twice.
    Fully,
}

/// What must be configured before a reference counts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Needs {
    /// Nothing: the form is distinctive.
    #[default]
    Nothing,
    /// Some connection of this adapter.
    Connection,
    /// A connection that lists the reference's project among its `projects`.
    Project,
    /// A default project, which becomes part of the key.
    DefaultProject,
    /// That a connection of this adapter is the default.
    Default,
}
