//! What an adapter says about itself: the manifest as a whole and its small parts.

use crate::auth::AuthScheme;
use crate::config::ConfigField;
use crate::environment::Environment;
use crate::error::ManifestError;
use crate::grants::Grants;
use crate::limits::Limit;
use crate::tables::Detect;
use serde::{Deserialize, Serialize};

/// The version of the manifest's schema, which `manifest = …` names.
pub const MANIFEST_VERSION: i64 = 1;

/// An `adapter.toml`, read and checked by [`Manifest::parse`].
///
/// What serde reads is what serde wrote of such a one: it is not checked again as a whole.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Manifest {
    /// The adapter's id, `[a-z][a-z0-9-]*`.
    pub id: String,
    /// The platform's name, for people.
    pub name: String,
    /// What the adapter is for, in a sentence.
    pub description: Option<String>,
    /// Where to read more.
    pub documentation: Option<String>,
    /// What the adapter can do.
    pub operations: Vec<Operation>,
    /// The base URL of a connection; absent for adapters without one.
    pub base_url: Option<BaseUrl>,
    /// The adapter's own options, in the order in which they are written.
    pub config: Vec<ConfigField>,
    /// The ways to authenticate; the first is the default, none means no credentials.
    pub auth: Vec<AuthScheme>,
    /// Whether it is of use without credentials, for what is public.
    pub anonymous: bool,
    /// Connections that the environment alone can make, the first complete one wins.
    pub environment: Vec<Environment>,
    /// What the adapter wants to reach.
    pub grants: Grants,
    /// Which kinds of notes the platform has.
    pub notes: NoteKinds,
    /// How the platform can hold the marker of a create or a note.
    pub markers: Markers,
    /// The tables that recognise links and ids.
    pub detect: Detect,
    /// The platform's rate limits and how it speaks of them.
    pub limits: Vec<Limit>,
    /// What the host changes in the platform's answers.
    pub answers: Answers,
}

impl Manifest {
    /// Returns the manifest that an `adapter.toml` holds, or its first fault.
    pub fn parse(text: &str) -> Result<Self, ManifestError> {
        crate::check::parse(text)
    }

    /// Returns the adapter's own option of this name.
    pub fn config_field(&self, name: &str) -> Option<&ConfigField> {
        self.config.iter().find(|field| field.name == name)
    }

    /// Returns the way to authenticate of this name, or the default one.
    pub fn auth_scheme(&self, name: Option<&str>) -> Option<&AuthScheme> {
        match name {
            Some(name) => self.auth.iter().find(|scheme| scheme.scheme == name),
            None => self.auth.first(),
        }
    }

    /// Returns whether the adapter offers an operation.
    pub fn supports(&self, operation: Operation) -> bool {
        self.operations.contains(&operation)
    }
}

/// What an adapter can be asked to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Operation {
    /// One ticket by its key.
    Get,
    /// Tickets by structured filter.
    Fetch,
    /// Tickets by text or by the platform's own query language.
    Search,
    /// A new ticket.
    Create,
    /// A change to a ticket.
    Update,
    /// A new note.
    AddNote,
    /// The notes of a ticket.
    Notes,
    /// States, types, priorities and fields of a project.
    Options,
    /// The list of a ticket's files.
    Attachments,
    /// The content of a file.
    Download,
    /// A new file.
    Attach,
    /// What an ambiguous create or note may have left behind.
    FindByMarker,
    /// Who am I here.
    Check,
}

impl Operation {
    /// Every operation, in the order of the documentation.
    pub const ALL: &[Self] = &[
        Self::Get,
        Self::Fetch,
        Self::Search,
        Self::Create,
        Self::Update,
        Self::AddNote,
        Self::Notes,
        Self::Options,
        Self::Attachments,
        Self::Download,
        Self::Attach,
        Self::FindByMarker,
        Self::Check,
    ];

    /// Returns the word that a manifest writes.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Get => "get",
            Self::Fetch => "fetch",
            Self::Search => "search",
            Self::Create => "create",
            Self::Update => "update",
            Self::AddNote => "add_note",
            Self::Notes => "notes",
            Self::Options => "options",
            Self::Attachments => "attachments",
            Self::Download => "download",
            Self::Attach => "attach",
            Self::FindByMarker => "find_by_marker",
            Self::Check => "check",
        }
    }
}

impl std::fmt::Display for Operation {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.as_str())
    }
}

/// The base URL of a connection.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct BaseUrl {
    /// The URL where a connection names none.
    pub default: Option<String>,
    /// What the address of the API may have behind that of the pages, such as `/api/v3`.
    pub api_suffix: Option<String>,
    /// The option that says where the pages are if they are elsewhere.
    pub web_option: Option<String>,
    /// Whether each connection must name one.
    pub required: bool,
    /// What to enter, for people.
    pub help: Option<String>,
    /// What one looks like.
    pub example: Option<String>,
}

/// Which kinds of notes the platform has.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
#[non_exhaustive]
pub struct NoteKinds {
    /// Notes that only the team sees.
    pub internal: bool,
    /// Notes that everybody who sees the ticket sees.
    pub public: bool,
}

/// What the host changes in the platform's answers, before anybody sees them.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Answers {
    /// Names of members of JSON whose texts are secrets, such as the account's key: there are stars in their places.
    pub secrets: Vec<String>,
}

/// Where the platform can hold the marker that makes a create or a note repeatable.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
#[non_exhaustive]
pub struct Markers {
    /// For a new ticket.
    pub ticket: MarkerPlace,
    /// For a new note.
    pub note: MarkerPlace,
}

/// A place that can hold a marker.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum MarkerPlace {
    /// Hidden text in the body.
    Body,
    /// A field of its own.
    Field,
    /// The id itself, chosen by the client.
    Id,
    /// Nowhere: an ambiguous write stays unknown.
    #[default]
    None,
}
