//! The ticket, and the smaller things that only a ticket has.

use std::{collections::BTreeMap, fmt};

use serde::{Deserialize, Serialize};

use super::{
    Attachment, CustomField, Due, Json, Note, Priority, Resolution, RichText, Status, TicketType, Time, User,
    word::{with, words},
};

/// The version of the ticket's JSON; it grows when a field changes its meaning, not when one is added.
pub const SCHEMA_VERSION: u32 = 1;

/// A ticket's canonical key on its platform, such as `PROJ-123` or `owner/repo#42`.
#[derive(Clone, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(transparent)]
pub struct TicketKey(String);

impl TicketKey {
    /// Takes a key as it is: detection has made it canonical, or the platform has answered it.
    pub fn new(key: impl Into<String>) -> Self {
        Self(key.into())
    }

    /// Returns the key as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for TicketKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

impl fmt::Debug for TicketKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.0, f)
    }
}

impl From<&str> for TicketKey {
    fn from(key: &str) -> Self {
        Self(key.to_owned())
    }
}

impl From<String> for TicketKey {
    fn from(key: String) -> Self {
        Self(key)
    }
}

/// A ticket of any platform.
///
/// An adapter fills what its platform knows. `schema_version`, `uid`, `platform`, `connection` and
/// `provenance` are the host's: what an adapter writes there is dropped.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default)]
#[non_exhaustive]
pub struct Ticket {
    /// The version of this schema (set by the host).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub schema_version: Option<u32>,
    /// `connection:key`, unique on this host (set by the host).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub uid: Option<String>,
    /// The adapter's id (set by the host).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub platform: Option<String>,
    /// The connection's name (set by the host).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub connection: Option<String>,
    /// How this answer came about (set by the host).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub provenance: Option<Provenance>,

    /// The canonical key.
    pub key: TicketKey,
    /// The platform's own id, where it differs from the key.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub native_id: Option<String>,
    /// Other keys that lead here: old ones, short ones.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub aliases: Vec<String>,
    /// Where people read it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    /// The title.
    pub title: String,
    /// The description; absent where it was not asked or does not exist.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub body: Option<RichText>,
    /// What kind of ticket it is.
    #[serde(rename = "type")]
    pub ticket_type: TicketType,
    /// Where it stands.
    pub status: Status,
    /// How it ended.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub resolution: Option<Resolution>,
    /// How much it matters.
    pub priority: Priority,
    /// The labels.
    pub labels: Vec<String>,
    /// Who works on it.
    pub assignees: Vec<User>,
    /// Who reported it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reporter: Option<User>,
    /// The project it belongs to.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub project: Option<Project>,
    /// What else holds it: boards, lists, sprints, cycles, milestones, queues.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub containers: Vec<Container>,
    /// The ticket it is a part of.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub parent: Option<TicketRef>,
    /// The tickets that are parts of it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub children: Vec<TicketRef>,
    /// Its relations to other tickets.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub links: Vec<Link>,
    /// When it was made.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub created_at: Option<Time>,
    /// When it last changed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub updated_at: Option<Time>,
    /// When it was closed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub closed_at: Option<Time>,
    /// When it is due.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub due: Option<Due>,
    /// How much work it is thought to be.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub estimate: Option<Estimate>,
    /// The notes, oldest first, where they were asked.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub notes: Option<Vec<Note>>,
    /// The attachments, where they were asked.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub attachments: Option<Vec<Attachment>>,
    /// The custom fields, where they were asked.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub custom_fields: Option<Vec<CustomField>>,
    /// The title as a slug, ready for the name of a branch.
    pub branch_summary: String,
    /// Which revision this is, in the platform's own terms; an update can name it to be safe.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub revision: Option<String>,
    /// Which parts of the ticket are cut, and why; a part that is whole or was not asked is not named.
    #[serde(skip_serializing_if = "Completeness::is_empty")]
    pub completeness: Completeness,
    /// The platform's documents by name, where they were asked.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub raw: Option<BTreeMap<String, Json>>,
}

impl Ticket {
    /// Returns a ticket of which nothing but key and title is known.
    pub fn new(key: impl Into<TicketKey>, title: impl Into<String>) -> Self {
        let title = title.into();
        Self { key: key.into(), branch_summary: branch_summary(&title), title, ..Self::default() }
    }

    /// Says that a part of the ticket is cut.
    #[must_use]
    pub fn with_cut(mut self, part: impl Into<String>, cut: Part) -> Self {
        self.completeness.0.insert(part.into(), cut);
        self
    }
}

with!(Ticket {
    /// Sets the platform's own id.
    with_native_id: native_id: Option<String>,
    /// Sets other keys that lead here.
    with_aliases: aliases: Vec<String>,
    /// Sets where people read it.
    with_url: url: Option<String>,
    /// Sets the description.
    with_body: body: Option<RichText>,
    /// Sets what kind of ticket it is.
    with_type: ticket_type: TicketType,
    /// Sets where it stands.
    with_status: status: Status,
    /// Sets how it ended.
    with_resolution: resolution: Option<Resolution>,
    /// Sets how much it matters.
    with_priority: priority: Priority,
    /// Sets the labels.
    with_labels: labels: Vec<String>,
    /// Sets who works on it.
    with_assignees: assignees: Vec<User>,
    /// Sets who reported it.
    with_reporter: reporter: Option<User>,
    /// Sets the project it belongs to.
    with_project: project: Option<Project>,
    /// Sets what else holds it.
    with_containers: containers: Vec<Container>,
    /// Sets the ticket it is a part of.
    with_parent: parent: Option<TicketRef>,
    /// Sets the tickets that are parts of it.
    with_children: children: Vec<TicketRef>,
    /// Sets its relations to other tickets.
    with_links: links: Vec<Link>,
    /// Sets when it was made.
    with_created_at: created_at: Option<Time>,
    /// Sets when it last changed.
    with_updated_at: updated_at: Option<Time>,
    /// Sets when it was closed.
    with_closed_at: closed_at: Option<Time>,
    /// Sets when it is due.
    with_due: due: Option<Due>,
    /// Sets how much work it is thought to be.
    with_estimate: estimate: Option<Estimate>,
    /// Sets the notes, oldest first.
    with_notes: notes: Option<Vec<Note>>,
    /// Sets the attachments.
    with_attachments: attachments: Option<Vec<Attachment>>,
    /// Sets the custom fields.
    with_custom_fields: custom_fields: Option<Vec<CustomField>>,
    /// Sets the revision.
    with_revision: revision: Option<String>,
});

/// Returns a title as a slug for the name of a branch: ASCII words joined by `-`, at most 60 characters.
///
/// Letters beyond ASCII are kept, since git keeps them; everything else becomes a break between words.
pub fn branch_summary(title: &str) -> String {
    const LONGEST: usize = 60;
    let mut slug = String::new();
    for word in title.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()) {
        let word = word.to_lowercase();
        let length = slug.chars().count() + word.chars().count() + 1;
        if slug.is_empty() {
            slug.extend(word.chars().take(LONGEST));
        } else if length <= LONGEST {
            slug.push('-');
            slug.push_str(&word);
        } else {
            break;
        }
    }
    slug
}

words! {
    /// How a ticket was obtained.
    Route {
        /// From the platform itself, by the adapter.
        Direct = "direct",
        /// From a tool of an MCP server.
        Mcp = "mcp",
        /// From a command that prints JSON.
        Command = "command",
    }
}

/// Where a ticket's data came from.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default)]
#[non_exhaustive]
pub struct Provenance {
    /// The adapter's id.
    pub adapter: String,
    /// The adapter's version.
    pub version: String,
    /// How it was obtained.
    pub route: Route,
    /// When it was obtained.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fetched_at: Option<Time>,
    /// The tag with which it can be asked for again.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub etag: Option<String>,
}

/// The project that a ticket belongs to: a project, a repository, a team, a board, a queue.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default)]
#[non_exhaustive]
pub struct Project {
    /// The platform's own id.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// The key one types.
    pub key: String,
    /// The name people read.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Where people see it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
}

impl Project {
    /// Returns a project known by its key.
    pub fn new(key: impl Into<String>) -> Self {
        Self { key: key.into(), ..Self::default() }
    }
}

with!(Project {
    /// Sets the platform's own id.
    with_id: id: Option<String>,
    /// Sets the name people read.
    with_name: name: Option<String>,
    /// Sets where people see it.
    with_url: url: Option<String>,
});

words! {
    /// What kind of [`Container`] it is.
    ContainerKind {
        /// A board.
        Board = "board",
        /// A list or column of a board.
        List = "list",
        /// A group of a board.
        Group = "group",
        /// A sprint.
        Sprint = "sprint",
        /// A cycle.
        Cycle = "cycle",
        /// A milestone.
        Milestone = "milestone",
        /// A queue.
        Queue = "queue",
        /// A project inside what the platform calls a team or an area.
        Project = "project",
        /// A component, a category or an area.
        Component = "component",
    }
}

/// Something that holds tickets beside their project.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default)]
#[non_exhaustive]
pub struct Container {
    /// What kind it is.
    pub kind: ContainerKind,
    /// The platform's own id.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// The name people read.
    pub name: String,
}

impl Container {
    /// Returns a container of that kind and name.
    pub fn new(kind: ContainerKind, name: impl Into<String>) -> Self {
        Self { kind, id: None, name: name.into() }
    }
}

with!(Container {
    /// Sets the platform's own id.
    with_id: id: Option<String>,
});

/// Another ticket, as far as it is known from here.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default)]
#[non_exhaustive]
pub struct TicketRef {
    /// The canonical key.
    pub key: TicketKey,
    /// The title.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// Where people read it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
}

impl TicketRef {
    /// Returns a ticket known by its key.
    pub fn new(key: impl Into<TicketKey>) -> Self {
        Self { key: key.into(), ..Self::default() }
    }
}

with!(TicketRef {
    /// Sets the title.
    with_title: title: Option<String>,
    /// Sets where people read it.
    with_url: url: Option<String>,
});

words! {
    /// How one ticket relates to another.
    LinkKind {
        /// This one must be done before the other.
        Blocks = "blocks",
        /// The other must be done before this one.
        BlockedBy = "blocked_by",
        /// They have to do with each other.
        Relates = "relates",
        /// This one says the same as the other.
        Duplicates = "duplicates",
        /// The other says the same as this one.
        DuplicatedBy = "duplicated_by",
        /// This one leads to the other.
        Causes = "causes",
        /// The other leads to this one.
        CausedBy = "caused_by",
    }
}

/// A relation to another ticket.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default)]
#[non_exhaustive]
pub struct Link {
    /// How they relate.
    pub kind: LinkKind,
    /// The platform's word for it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub native: Option<String>,
    /// The other ticket.
    pub target: TicketRef,
}

impl Link {
    /// Returns a relation to that ticket.
    pub fn new(kind: LinkKind, target: TicketRef) -> Self {
        Self { kind, native: None, target }
    }
}

with!(Link {
    /// Sets the platform's word for it.
    with_native: native: Option<String>,
});

/// How much work a ticket is thought to be.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default)]
#[non_exhaustive]
pub struct Estimate {
    /// How much.
    pub value: f64,
    /// Of what: `points`, `hours`, …; absent where the platform does not say.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unit: Option<String>,
}

impl Estimate {
    /// Returns an estimate whose unit the platform does not say.
    pub fn without_unit(value: f64) -> Self {
        Self { value, unit: None }
    }

    /// Returns an estimate in that unit.
    pub fn new(value: f64, unit: impl Into<String>) -> Self {
        Self { value, unit: Some(unit.into()) }
    }
}

words! {
    /// Why something is not whole.
    CutReason {
        /// The platform gives no more.
        Cap = "cap",
        /// The account may not see the rest.
        Permission = "permission",
        /// Something failed on the way.
        Error = "error",
        /// It was interrupted.
        Interrupted = "interrupted",
        /// The limit that was asked for is reached.
        Limit = "limit",
        /// It takes requests of its own, which a list does not make: ask for the ticket alone.
        NotLoaded = "not_loaded",
    }
}

/// A part of a ticket, or of a list, that is not whole.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default)]
#[non_exhaustive]
pub struct Part {
    /// How much is here.
    pub loaded: u64,
    /// How much there is, if that is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub total: Option<u64>,
    /// Why the rest is missing.
    pub reason: CutReason,
}

impl Part {
    /// Returns a part of which so much is here.
    pub fn new(loaded: u64, total: Option<u64>, reason: CutReason) -> Self {
        Self { loaded, total, reason }
    }
}

/// The parts of a ticket that are cut, by the name of their field.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(transparent)]
pub struct Completeness(pub BTreeMap<String, Part>);

impl Completeness {
    /// Says whether nothing is cut.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::StatusCategory;

    #[test]
    fn an_unknown_word_is_kept_and_written_back() {
        let status: Status =
            serde_json::from_str(r#"{"category":"on_hold","native":{"name":"Hold"},"new_field":1}"#).unwrap();
        assert!(status.category.is_unknown());
        assert_eq!(serde_json::to_string(&status).unwrap(), r#"{"category":"on_hold","native":{"name":"Hold"}}"#);
        assert_eq!(StatusCategory::default().as_str(), "unknown");
    }

    #[test]
    fn a_branch_summary_is_short_and_made_of_whole_words() {
        assert_eq!(branch_summary("Fix: login & the  «Über» page!"), "fix-login-the-über-page");
        assert_eq!(branch_summary("—"), "");
        let long = branch_summary(&"word ".repeat(40));
        assert!(long.len() <= 60 && long.ends_with("word"), "{long}");
        assert_eq!(branch_summary(&"x".repeat(100)).len(), 60);
    }
}
