//! Where a ticket stands, what kind it is and how much it matters: our word beside the platform's.

use serde::{Deserialize, Serialize};

use super::word::{with, words};

/// Something of the platform's that has an id, a name, or both.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default)]
#[non_exhaustive]
pub struct Named {
    /// The platform's own id.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// The name people read.
    pub name: String,
}

impl Named {
    /// Returns something that has a name and no id.
    pub fn new(name: impl Into<String>) -> Self {
        Self { id: None, name: name.into() }
    }
}

with!(Named {
    /// Sets the platform's own id.
    with_id: id: Option<String>,
});

impl From<&str> for Named {
    fn from(name: &str) -> Self {
        Self::new(name)
    }
}

impl From<String> for Named {
    fn from(name: String) -> Self {
        Self::new(name)
    }
}

words! {
    /// The steps that every platform's states fall into.
    StatusCategory {
        /// Not planned yet.
        Backlog = "backlog",
        /// Planned, not begun.
        Todo = "todo",
        /// Somebody works on it.
        InProgress = "in_progress",
        /// Somebody looks at the work.
        InReview = "in_review",
        /// It waits for something else.
        Blocked = "blocked",
        /// Finished as intended.
        Done = "done",
        /// Ended without being done.
        Canceled = "canceled",
    }
}

impl StatusCategory {
    /// Says whether a ticket of that category is open, if that follows from it.
    pub fn is_open(&self) -> Option<bool> {
        match self {
            Self::Backlog | Self::Todo | Self::InProgress | Self::InReview | Self::Blocked => Some(true),
            Self::Done | Self::Canceled => Some(false),
            Self::Unknown(_) => None,
        }
    }
}

/// Where a ticket stands.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default)]
#[non_exhaustive]
pub struct Status {
    /// The step it falls into.
    pub category: StatusCategory,
    /// Whether it still asks for work; absent where nobody can say.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub is_open: Option<bool>,
    /// The platform's own state.
    pub native: Named,
}

impl Status {
    /// Returns a status; whether it is open follows from the category.
    pub fn new(category: StatusCategory, native: impl Into<Named>) -> Self {
        Self { is_open: category.is_open(), category, native: native.into() }
    }
}

with!(Status {
    /// Says whether it still asks for work, where the platform knows better than the category.
    with_is_open: is_open: Option<bool>,
});

/// How a closed ticket ended.
pub type Resolution = Named;

words! {
    /// The kinds of work that every platform's types fall into.
    TypeLevel {
        /// Something new.
        Feature = "feature",
        /// Something broken.
        Bug = "bug",
        /// Something to do.
        Task = "task",
        /// Something to keep in order.
        Maintenance = "maintenance",
        /// A larger piece of work that holds others.
        Epic = "epic",
        /// A piece of another ticket.
        Subtask = "subtask",
        /// An interruption of a service.
        Incident = "incident",
        /// Something that somebody asks for.
        Request = "request",
        /// A change to a service.
        Change = "change",
        /// The cause of incidents.
        Problem = "problem",
    }
}

/// What kind of ticket it is.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default)]
#[non_exhaustive]
pub struct TicketType {
    /// The kind it falls into.
    pub level: TypeLevel,
    /// The platform's own type.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub native: Option<Named>,
}

impl TicketType {
    /// Returns a type and the platform's word for it.
    pub fn new(level: TypeLevel, native: impl Into<Named>) -> Self {
        Self { level, native: Some(native.into()) }
    }
}

words! {
    /// The levels that every platform's priorities fall into.
    PriorityLevel {
        /// Now.
        Urgent = "urgent",
        /// Next.
        High = "high",
        /// In its turn.
        Medium = "medium",
        /// Later.
        Low = "low",
        /// Perhaps.
        Lowest = "lowest",
        /// The platform says that it has no priority.
        None = "none",
    }
}

/// How much a ticket matters.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default)]
#[non_exhaustive]
pub struct Priority {
    /// The level it falls into.
    pub level: PriorityLevel,
    /// The platform's own priority.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub native: Option<Named>,
}

impl Priority {
    /// Returns a priority and the platform's word for it.
    pub fn new(level: PriorityLevel, native: impl Into<Named>) -> Self {
        Self { level, native: Some(native.into()) }
    }
}
