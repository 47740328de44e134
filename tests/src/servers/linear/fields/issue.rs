//! What an issue has, in answers and in filters.

use serde_json::{Value, json};

use super::{Field, Node, PRIORITIES, View, leaf, one, owned};
use crate::servers::linear::state::Issue;

impl View<'_> {
    pub(super) fn issue(&self, place: usize, name: &str) -> Option<Field> {
        let (state, issue) = (self.state, &self.state.issues[place]);
        Some(match name {
            "assignee" => one(issue.assignee, Node::User),
            "attachments" => {
                self.here(owned(&state.attachments, |attachment| attachment.issue == place).map(Node::Attachment))
            }
            "autoArchivedAt" | "autoClosedAt" | "snoozedUntilAt" | "startedTriageAt" | "triagedAt" => Field::Time(None),
            "botActor" | "delegate" | "externalUserCreator" | "snoozedBy" | "sourceComment" => Field::One(None),
            "branchName" => {
                let user = issue.assignee.map_or("acme", |user| &state.users[user].display_name);
                leaf(format!("{user}/{}-{}", state.identifier(issue).to_lowercase(), slug(&issue.title)))
            }
            "canceledAt" => Field::Time(issue.canceled_at),
            "children" => self.here(issue.children.iter().copied().map(Node::Issue)),
            "comments" => self.here(issue.comments.iter().copied().map(Node::Comment)),
            "completedAt" => Field::Time(issue.completed_at),
            "creator" => one(issue.creator, Node::User),
            "customerTicketCount" => leaf(0),
            "cycle" => one(issue.cycle, Node::Cycle),
            "description" => leaf(issue.description.as_deref()),
            "dueDate" => Field::Day(issue.due_date),
            "estimate" => leaf(issue.estimate),
            "identifier" => leaf(state.identifier(issue)),
            "integrationSourceType" | "slaType" => leaf(Value::Null),
            "inverseRelations" => {
                self.here(owned(&state.relations, |relation| relation.related == place).map(Node::Relation))
            }
            "labelIds" => leaf(issue.labels.iter().map(|label| json!(state.labels[*label].meta.id)).collect::<Value>()),
            "labels" => self.here(issue.labels.iter().copied().map(Node::Label)),
            "number" => leaf(issue.number),
            "parent" => one(issue.parent, Node::Issue),
            "previousIdentifiers" => leaf(json!(issue.previous_identifiers)),
            "priority" => leaf(issue.priority),
            "priorityLabel" => leaf(PRIORITIES[usize::from(issue.priority)]),
            "prioritySortOrder" | "sortOrder" => leaf(-f64::from(u32::try_from(place).ok()?)),
            "project" => one(issue.project, Node::Project),
            "projectMilestone" => one(issue.milestone, Node::Milestone),
            "reactionData" => leaf(json!([])),
            "relations" => self.here(owned(&state.relations, |relation| relation.issue == place).map(Node::Relation)),
            "slaBreachesAt" => Field::Time(issue.sla_breaches_at),
            "slaStartedAt" => Field::Time(issue.sla_breaches_at.map(|_| issue.meta.created_at)),
            "slaHighRiskAt" | "slaMediumRiskAt" => Field::Time(None),
            "startedAt" => Field::Time(issue.started_at),
            "state" => Field::One(Some(Node::WorkflowState(issue.state))),
            "subIssueSortOrder" => leaf(issue.parent.map(|_| 0)),
            "subscribers" => self.here(issue.subscribers.iter().copied().map(Node::User)),
            "team" => Field::One(Some(Node::Team(issue.team))),
            "title" => leaf(issue.title.as_str()),
            "trashed" => leaf(issue.trashed.then_some(true)),
            "url" => leaf(self.issue_url(issue)),
            _ => return self.issue_in_filters(place, name),
        })
    }

    /// Returns what only filters know of an issue.
    pub(super) fn issue_in_filters(&self, place: usize, name: &str) -> Option<Field> {
        let issue = &self.state.issues[place];
        let related = |from: bool, kind: &str| {
            let ours = |end: usize| end == place;
            let mut there =
                self.state.relations.iter().filter(|relation| !relation.meta.deleted && relation.kind == kind);
            leaf(there.any(|relation| if from { ours(relation.issue) } else { ours(relation.related) }))
        };
        Some(match name {
            "customerCount" | "customerImportantCount" => leaf(0),
            "hasBlockedByRelations" => related(false, "blocks"),
            "hasBlockingRelations" => related(true, "blocks"),
            "hasDuplicateRelations" => related(true, "duplicate"),
            "hasRelatedRelations" => related(true, "related"),
            "searchableContent" => {
                leaf(format!("{}\n{}", issue.title, issue.description.as_deref().unwrap_or_default()))
            }
            _ => return None,
        })
    }

    /// Returns the address of an issue's page.
    pub(in super::super) fn issue_url(&self, issue: &Issue) -> String {
        let (key, identifier) = (&self.state.url_key, self.state.identifier(issue));
        format!("https://linear.app/{key}/issue/{identifier}/{}", slug(&issue.title))
    }
}

/// Returns a title as it stands in an address.
pub(super) fn slug(title: &str) -> String {
    let lower = title.to_lowercase();
    let words = lower.split(|letter: char| !letter.is_ascii_alphanumeric()).filter(|word| !word.is_empty());
    words.collect::<Vec<_>>().join("-")
}
