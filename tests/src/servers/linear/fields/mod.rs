//! What each thing has: one table for each type, read by selections and by filters alike.
//!
//! A name that is not in its table is one that the fake does not have; the caller reports it. Nothing is made up for it.

mod hanging;
mod issue;
mod people;
mod project;
mod team;

use serde_json::json;

use super::state::{Issue, Meta, State};
use crate::servers::graphql;
pub(super) use crate::servers::graphql::leaf;

/// A thing, by its place in the state's list.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Node {
    Attachment(usize),
    /// The bot that wrote the comment with this place.
    Bot(usize),
    Comment(usize),
    Cycle(usize),
    /// The person from outside who wrote the comment with this place.
    ExternalUser(usize),
    Issue(usize),
    Label(usize),
    Milestone(usize),
    Organization,
    Project(usize),
    Relation(usize),
    /// An issue that a search found.
    SearchResult(usize),
    Team(usize),
    User(usize),
    WorkflowState(usize),
}

/// What a field holds.
pub(super) type Field = graphql::Field<Node>;

/// The fields of an object that is made for one answer only.
pub(super) type Plain = graphql::Plain<Node>;

/// The state as somebody sees it.
#[derive(Clone, Copy)]
pub(super) struct View<'a> {
    pub(super) state: &'a State,
    /// The place of who asks.
    pub(super) viewer: usize,
}

impl Node {
    /// Returns the name of the type in the schema.
    pub(super) fn type_name(self) -> &'static str {
        match self {
            Self::Attachment(_) => "Attachment",
            Self::Bot(_) => "ActorBot",
            Self::Comment(_) => "Comment",
            Self::Cycle(_) => "Cycle",
            Self::ExternalUser(_) => "ExternalUser",
            Self::Issue(_) => "Issue",
            Self::Label(_) => "IssueLabel",
            Self::Milestone(_) => "ProjectMilestone",
            Self::Organization => "Organization",
            Self::Project(_) => "Project",
            Self::Relation(_) => "IssueRelation",
            Self::SearchResult(_) => "IssueSearchResult",
            Self::Team(_) => "Team",
            Self::User(_) => "User",
            Self::WorkflowState(_) => "WorkflowState",
        }
    }

    /// Returns what everything has, if this does.
    pub(super) fn meta(self, state: &State) -> Option<&Meta> {
        let meta = match self {
            Self::Attachment(place) => &state.attachments[place].meta,
            Self::Comment(place) => &state.comments[place].meta,
            Self::Cycle(place) => &state.cycles[place].meta,
            Self::Issue(place) | Self::SearchResult(place) => &state.issues[place].meta,
            Self::Label(place) => &state.labels[place].meta,
            Self::Milestone(place) => &state.milestones[place].meta,
            Self::Project(place) => &state.projects[place].meta,
            Self::Relation(place) => &state.relations[place].meta,
            Self::Team(place) => &state.teams[place].meta,
            Self::User(place) => &state.users[place].meta,
            Self::WorkflowState(place) => &state.states[place].meta,
            Self::Bot(_) | Self::ExternalUser(_) | Self::Organization => return None,
        };
        Some(meta)
    }
}

impl View<'_> {
    /// Returns what a thing has under a name.
    pub(super) fn field(&self, node: Node, name: &str) -> Option<Field> {
        if let Some(field) = node.meta(self.state).and_then(|meta| meta_field(meta, name)) {
            return Some(field);
        }
        match node {
            Node::Attachment(place) => self.attachment(place, name),
            Node::Bot(place) => hanging::bot(&self.state.comments[place], name),
            Node::Comment(place) => self.comment(place, name),
            Node::Cycle(place) => self.cycle(place, name),
            Node::ExternalUser(place) => hanging::external_user(&self.state.comments[place], name),
            Node::Issue(place) => self.issue(place, name),
            Node::SearchResult(place) if name == "metadata" => Some(leaf(json!({ "score": 1, "issue": place }))),
            Node::SearchResult(place) => self.issue(place, name),
            Node::Label(place) => self.label(place, name),
            Node::Milestone(place) => self.milestone(place, name),
            Node::Organization => self.organization(name),
            Node::Project(place) => self.project(place, name),
            Node::Relation(place) => self.relation(place, name),
            Node::Team(place) => self.team(place, name),
            Node::User(place) => self.user(place, name),
            Node::WorkflowState(place) => self.workflow_state(place, name),
        }
    }

    /// Returns everything of a list that is still there.
    fn here(&self, nodes: impl Iterator<Item = Node>) -> Field {
        let there = |node: &Node| node.meta(self.state).is_none_or(|meta| !meta.deleted);
        Field::Many(nodes.filter(there).collect())
    }

    fn issues(&self, fits: impl Fn(&Issue) -> bool) -> Field {
        let places = self.state.issues.iter().enumerate().filter(|(_, issue)| fits(issue));
        self.here(places.map(|(place, _)| Node::Issue(place)))
    }
}

/// The words for the priorities from 0 on.
pub(super) const PRIORITIES: [&str; 5] = ["No priority", "Urgent", "High", "Medium", "Low"];

fn meta_field(meta: &Meta, name: &str) -> Option<Field> {
    Some(match name {
        "id" => leaf(meta.id.as_str()),
        "createdAt" => Field::Time(Some(meta.created_at)),
        "updatedAt" => Field::Time(Some(meta.updated_at)),
        "archivedAt" => Field::Time(meta.archived_at),
        _ => return None,
    })
}

fn one(place: Option<usize>, node: fn(usize) -> Node) -> Field {
    Field::One(place.map(node))
}

/// Returns the places of those things of a list that fit.
fn owned<T>(list: &[T], fits: impl Fn(&T) -> bool) -> impl Iterator<Item = usize> {
    list.iter().enumerate().filter(move |(_, thing)| fits(thing)).map(|(place, _)| place)
}
