//! Which tickets are wanted.

use serde::{Deserialize, Serialize};

use crate::model::{
    PriorityLevel, StatusCategory, Time, TypeLevel,
    word::{with, words},
};

/// In a filter for people: whoever the credentials belong to.
pub const ME: &str = "@me";

/// In a filter for people: nobody.
pub const NOBODY: &str = "@none";

words! {
    /// The name of one part of [`Criteria`], as a page says which of them it has applied.
    Criterion {
        /// `status_category`
        StatusCategory = "status_category",
        /// `is_open`
        IsOpen = "is_open",
        /// `status`
        Status = "status",
        /// `assignee`
        Assignee = "assignee",
        /// `reporter`
        Reporter = "reporter",
        /// `labels`
        Labels = "labels",
        /// `project`
        Project = "project",
        /// `containers`
        Containers = "containers",
        /// `type_level` and `type_name`
        Type = "type",
        /// `priority`
        Priority = "priority",
        /// `text`
        Text = "text",
        /// `created`
        Created = "created",
        /// `updated`
        Updated = "updated",
        /// `sort`
        Sort = "sort",
    }
}

words! {
    /// What a list can be sorted by.
    SortField {
        /// When it was made.
        Created = "created",
        /// When it last changed.
        Updated = "updated",
        /// How much it matters.
        Priority = "priority",
        /// Its key, numbers in their order.
        Key = "key",
    }
}

/// An order: earlier times, more urgent priorities and smaller keys first, unless it is turned around.
///
/// Numbers in keys compare as numbers. What has no value comes last, whichever way the order goes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Sort {
    /// By what.
    pub by: SortField,
    /// Whether the last comes first.
    #[serde(default)]
    pub descending: bool,
}

impl Sort {
    /// Returns the order by that field, first things first.
    pub fn by(by: SortField) -> Self {
        Self { by, descending: false }
    }

    /// Turns the order around.
    #[must_use]
    pub fn descending(mut self) -> Self {
        self.descending = true;
        self
    }
}

/// From a time (included) to a time (excluded); an open end is absent.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
#[non_exhaustive]
pub struct TimeRange {
    /// The first instant that belongs to it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub from: Option<Time>,
    /// The first instant that no longer does.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub to: Option<Time>,
}

impl TimeRange {
    /// Returns the range between two ends, either of which may be open.
    pub fn new(from: Option<Time>, to: Option<Time>) -> Self {
        Self { from, to }
    }

    /// Says whether nothing is asked.
    pub fn is_everything(&self) -> bool {
        self.from.is_none() && self.to.is_none()
    }

    /// Says whether a time belongs to it; an absent time belongs only to the range that is open at both ends.
    pub fn contains(&self, time: Option<Time>) -> bool {
        match time {
            Some(time) => self.from.is_none_or(|from| from <= time) && self.to.is_none_or(|to| time < to),
            None => self.is_everything(),
        }
    }
}

/// A structured filter. Parts are joined by *and*; several values of one part by *or*, labels excepted.
///
/// Names, labels and words compare without regard to case, ids exactly; a ticket without a value fits no
/// filter for it but [`NOBODY`].
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
#[non_exhaustive]
pub struct Criteria {
    /// Any of these categories.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub status_category: Vec<StatusCategory>,
    /// Open, or not open.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub is_open: Option<bool>,
    /// Any of these native states, by name or id.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub status: Vec<String>,
    /// Any of these people: [`ME`], [`NOBODY`], an id, a handle, a mail address or a name.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub assignee: Vec<String>,
    /// Any of these people.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub reporter: Vec<String>,
    /// *All* of these labels.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub labels: Vec<String>,
    /// Any of these projects, by key.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub project: Vec<String>,
    /// Any of these containers (queue, board, sprint, milestone, …), by name or id.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub containers: Vec<String>,
    /// Any of these kinds.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub type_level: Vec<TypeLevel>,
    /// Any of these native types, by name or id.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub type_name: Vec<String>,
    /// Any of these levels.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub priority: Vec<PriorityLevel>,
    /// Words to look for in title and body, as the platform's own search understands them. Where the host has
    /// to look itself, every word must be there, in any case and any order.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
    /// When it was made.
    #[serde(skip_serializing_if = "TimeRange::is_everything")]
    pub created: TimeRange,
    /// When it last changed.
    #[serde(skip_serializing_if = "TimeRange::is_everything")]
    pub updated: TimeRange,
    /// In which order.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sort: Option<Sort>,
    /// How many at most. A hint for the size of pages, never a reason to end the list: the host itself stops at
    /// the limit, and takes from the next cursor that there may be more.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub limit: Option<u64>,
}

with!(Criteria {
    /// Asks for any of these categories.
    with_status_category: status_category: Vec<StatusCategory>,
    /// Asks for open or for closed tickets.
    with_is_open: is_open: Option<bool>,
    /// Asks for any of these native states.
    with_status: status: Vec<String>,
    /// Asks for any of these people.
    with_assignee: assignee: Vec<String>,
    /// Asks for any of these people.
    with_reporter: reporter: Vec<String>,
    /// Asks for all of these labels.
    with_labels: labels: Vec<String>,
    /// Asks for any of these projects.
    with_project: project: Vec<String>,
    /// Asks for any of these containers.
    with_containers: containers: Vec<String>,
    /// Asks for any of these kinds.
    with_type_level: type_level: Vec<TypeLevel>,
    /// Asks for any of these native types.
    with_type_name: type_name: Vec<String>,
    /// Asks for any of these levels.
    with_priority: priority: Vec<PriorityLevel>,
    /// Asks for these words.
    with_text: text: Option<String>,
    /// Asks for a time of making.
    with_created: created: TimeRange,
    /// Asks for a time of the last change.
    with_updated: updated: TimeRange,
    /// Asks for an order.
    with_sort: sort: Option<Sort>,
    /// Asks for so many at most.
    with_limit: limit: Option<u64>,
});

impl Criteria {
    /// Returns the names of the parts that are asked for.
    pub fn asked(&self) -> Vec<Criterion> {
        [
            (!self.status_category.is_empty(), Criterion::StatusCategory),
            (self.is_open.is_some(), Criterion::IsOpen),
            (!self.status.is_empty(), Criterion::Status),
            (!self.assignee.is_empty(), Criterion::Assignee),
            (!self.reporter.is_empty(), Criterion::Reporter),
            (!self.labels.is_empty(), Criterion::Labels),
            (!self.project.is_empty(), Criterion::Project),
            (!self.containers.is_empty(), Criterion::Containers),
            (!self.type_level.is_empty() || !self.type_name.is_empty(), Criterion::Type),
            (!self.priority.is_empty(), Criterion::Priority),
            (self.text.is_some(), Criterion::Text),
            (!self.created.is_everything(), Criterion::Created),
            (!self.updated.is_everything(), Criterion::Updated),
            (self.sort.is_some(), Criterion::Sort),
        ]
        .into_iter()
        .filter_map(|(asked, name)| asked.then_some(name))
        .collect()
    }
}

words! {
    /// How a [`Query`] is written.
    QueryLanguage {
        /// Words to look for.
        Text = "text",
        /// The platform's own language: JQL, WIQL, search syntax, TicketSQL.
        Native = "native",
    }
}

/// A text search.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Query {
    /// What to look for.
    pub text: String,
    /// How it is written.
    pub language: QueryLanguage,
    /// What else must hold; a page names what it has applied.
    #[serde(default)]
    pub criteria: Criteria,
}

impl Query {
    /// Returns a search for words.
    pub fn text(text: impl Into<String>) -> Self {
        Self { text: text.into(), language: QueryLanguage::Text, criteria: Criteria::default() }
    }

    /// Returns a search in the platform's own language.
    pub fn native(text: impl Into<String>) -> Self {
        Self { language: QueryLanguage::Native, ..Self::text(text) }
    }
}

with!(Query {
    /// Adds what else must hold.
    with_criteria: criteria: Criteria,
});
