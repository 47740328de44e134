//! What each thing has: one table for each type, read by selections and by filters alike.
//!
//! A name that is not in its table is one that the fake does not have; the caller reports it. Nothing is made up for it.

use jiff::{Timestamp, civil::Date};
use serde_json::{Value, json};

use super::state::{Author, Comment, Issue, Meta, State};

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
#[derive(Clone, Debug)]
pub(super) enum Field {
    Leaf(Value),
    Time(Option<Timestamp>),
    Day(Option<Date>),
    One(Option<Node>),
    Many(Vec<Node>),
    /// An object that is made for this answer only.
    Plain(Plain),
    Plains(Vec<Plain>),
}

/// The fields of such an object.
pub(super) type Plain = Vec<(&'static str, Field)>;

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
            Node::Bot(place) => bot(&self.state.comments[place], name),
            Node::Comment(place) => self.comment(place, name),
            Node::Cycle(place) => self.cycle(place, name),
            Node::ExternalUser(place) => external_user(&self.state.comments[place], name),
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

    /// Returns the address of an issue's page.
    pub(super) fn issue_url(&self, issue: &Issue) -> String {
        let (key, identifier) = (&self.state.url_key, self.state.identifier(issue));
        format!("https://linear.app/{key}/issue/{identifier}/{}", slug(&issue.title))
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

    fn issue(&self, place: usize, name: &str) -> Option<Field> {
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
    fn issue_in_filters(&self, place: usize, name: &str) -> Option<Field> {
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

    fn comment(&self, place: usize, name: &str) -> Option<Field> {
        let (state, comment) = (self.state, &self.state.comments[place]);
        let issue = &state.issues[comment.issue];
        let parent = comment.parent;
        Some(match name {
            "body" => leaf(comment.body.as_str()),
            "botActor" => Field::One(matches!(comment.author, Author::Bot(_)).then_some(Node::Bot(place))),
            "children" => self.here(owned(&state.comments, |child| child.parent == Some(place)).map(Node::Comment)),
            "editedAt" => Field::Time(comment.edited_at),
            "externalUser" => {
                Field::One(matches!(comment.author, Author::External(_)).then_some(Node::ExternalUser(place)))
            }
            "hideInLinear" => leaf(false),
            "issue" => Field::One(Some(Node::Issue(comment.issue))),
            "issueId" => leaf(issue.meta.id.as_str()),
            "externalThread" | "onBehalfOf" | "project" | "resolvingComment" | "resolvingUser" => Field::One(None),
            "parent" => one(parent, Node::Comment),
            "parentId" => leaf(parent.map(|parent| state.comments[parent].meta.id.as_str())),
            "quotedText" => leaf(Value::Null),
            "reactionData" => leaf(json!([])),
            "resolvedAt" => Field::Time(None),
            "url" => leaf(format!("{}#comment-{}", self.issue_url(issue), &comment.meta.id[..8])),
            "user" => match comment.author {
                Author::User(user) => Field::One(Some(Node::User(user))),
                Author::Bot(_) | Author::External(_) => Field::One(None),
            },
            _ => return None,
        })
    }

    fn attachment(&self, place: usize, name: &str) -> Option<Field> {
        let attachment = &self.state.attachments[place];
        Some(match name {
            "creator" => one(attachment.creator, Node::User),
            "externalUserCreator" | "originalIssue" => Field::One(None),
            "groupBySource" => leaf(false),
            "issue" => Field::One(Some(Node::Issue(attachment.issue))),
            "metadata" => leaf(attachment.metadata.clone()),
            "source" => leaf(attachment.source_type.as_ref().map(|kind| json!({ "type": kind })).unwrap_or_default()),
            "sourceType" => leaf(attachment.source_type.as_deref()),
            "subtitle" => leaf(attachment.subtitle.as_deref()),
            "title" => leaf(attachment.title.as_str()),
            "url" => leaf(attachment.url.as_str()),
            _ => return None,
        })
    }

    fn cycle(&self, place: usize, name: &str) -> Option<Field> {
        let (cycle, now) = (&self.state.cycles[place], self.state.clock);
        let active = cycle.starts_at <= now && now < cycle.ends_at;
        Some(match name {
            "completedAt" => Field::Time((cycle.ends_at <= now).then_some(cycle.ends_at)),
            "description" => leaf(Value::Null),
            "endsAt" => Field::Time(Some(cycle.ends_at)),
            "isActive" => leaf(active),
            "isFuture" => leaf(now < cycle.starts_at),
            "isPast" => leaf(cycle.ends_at <= now),
            "issues" => self.issues(|issue| issue.cycle == Some(place)),
            "name" => leaf(cycle.name.as_deref()),
            "number" => leaf(cycle.number),
            "progress" => leaf(0),
            "startsAt" => Field::Time(Some(cycle.starts_at)),
            "team" => Field::One(Some(Node::Team(cycle.team))),
            _ => return None,
        })
    }

    fn label(&self, place: usize, name: &str) -> Option<Field> {
        let label = &self.state.labels[place];
        Some(match name {
            "children" => self.here(owned(&self.state.labels, |child| child.group == Some(place)).map(Node::Label)),
            "color" => leaf("#5e6ad2"),
            "creator" => Field::One(None),
            "description" => leaf(Value::Null),
            "isGroup" => leaf(label.is_group),
            "issues" => self.issues(|issue| issue.labels.contains(&place)),
            "name" => leaf(label.name.as_str()),
            "parent" => one(label.group, Node::Label),
            "retiredAt" | "lastAppliedAt" => Field::Time(None),
            "team" => one(label.team, Node::Team),
            _ => return None,
        })
    }

    fn milestone(&self, place: usize, name: &str) -> Option<Field> {
        let milestone = &self.state.milestones[place];
        Some(match name {
            "description" => leaf(Value::Null),
            "issues" => self.issues(|issue| issue.milestone == Some(place)),
            "name" => leaf(milestone.name.as_str()),
            "project" => Field::One(Some(Node::Project(milestone.project))),
            "progress" | "sortOrder" => leaf(0),
            "targetDate" => Field::Day(milestone.target_date),
            _ => return None,
        })
    }

    fn organization(&self, name: &str) -> Option<Field> {
        let state = self.state;
        Some(match name {
            "id" => leaf("0a0a0a0a-0000-4a53-9d8a-000000000000"),
            "createdAt" | "updatedAt" => Field::Time("2024-01-01T00:00:00Z".parse().ok()),
            "archivedAt" => Field::Time(None),
            "name" => leaf(state.workspace.as_str()),
            "urlKey" => leaf(state.url_key.as_str()),
            "previousUrlKeys" => leaf(json!([])),
            "labels" => self.here((0..state.labels.len()).map(Node::Label)),
            "teams" => self.teams(),
            "userCount" => leaf(state.users.len()),
            "users" => self.here((0..state.users.len()).map(Node::User)),
            "logoUrl" | "gitBranchFormat" => leaf(Value::Null),
            _ => return None,
        })
    }

    fn project(&self, place: usize, name: &str) -> Option<Field> {
        let (state, project) = (self.state, &self.state.projects[place]);
        let slug_id = &project.meta.id[24..];
        Some(match name {
            "canceledAt" | "completedAt" | "startedAt" => Field::Time(None),
            "color" => leaf("#bec2c8"),
            "content" | "health" | "icon" => leaf(Value::Null),
            "creator" => Field::One(None),
            "description" => leaf(project.description.as_str()),
            "issues" => self.issues(|issue| issue.project == Some(place)),
            "lead" => one(project.lead, Node::User),
            "members" => self.here(project.lead.into_iter().map(Node::User)),
            "name" => leaf(project.name.as_str()),
            "priority" | "progress" | "scope" | "sortOrder" => leaf(0),
            "priorityLabel" => leaf(PRIORITIES[0]),
            "projectMilestones" => {
                self.here(owned(&state.milestones, |milestone| milestone.project == place).map(Node::Milestone))
            }
            "slugId" => leaf(slug_id),
            "startDate" => Field::Day(None),
            "state" => leaf(project.state.as_str()),
            "targetDate" => Field::Day(project.target_date),
            "teams" | "accessibleTeams" => self.here(project.teams.iter().copied().map(Node::Team)),
            "trashed" => leaf(Value::Null),
            "url" => leaf(format!("https://linear.app/{}/project/{}-{slug_id}", state.url_key, slug(&project.name))),
            _ => return None,
        })
    }

    fn relation(&self, place: usize, name: &str) -> Option<Field> {
        let relation = &self.state.relations[place];
        Some(match name {
            "issue" => Field::One(Some(Node::Issue(relation.issue))),
            "relatedIssue" => Field::One(Some(Node::Issue(relation.related))),
            "type" => leaf(relation.kind.as_str()),
            _ => return None,
        })
    }

    /// Returns the teams that the viewer may see.
    pub(super) fn teams(&self) -> Field {
        self.here((0..self.state.teams.len()).filter(|team| self.may_see(*team)).map(Node::Team))
    }

    /// Returns whether the viewer may see a team.
    pub(super) fn may_see(&self, team: usize) -> bool {
        let team = &self.state.teams[team];
        !team.private || team.members.contains(&self.viewer)
    }

    fn team(&self, place: usize, name: &str) -> Option<Field> {
        let (state, team) = (self.state, &self.state.teams[place]);
        Some(match name {
            "activeCycle" => {
                let active = |cycle: &usize| {
                    state.cycles[*cycle].starts_at <= state.clock && state.clock < state.cycles[*cycle].ends_at
                };
                one(owned(&state.cycles, |cycle| cycle.team == place).find(active), Node::Cycle)
            }
            "color" => leaf("#5e6ad2"),
            "cycles" => self.here(owned(&state.cycles, |cycle| cycle.team == place).map(Node::Cycle)),
            "cyclesEnabled" => leaf(state.cycles.iter().any(|cycle| cycle.team == place)),
            "defaultIssueState" => Field::One(Some(Node::WorkflowState(team.default_state))),
            "description" | "icon" => leaf(Value::Null),
            "displayName" | "name" => leaf(team.name.as_str()),
            "issueCount" => leaf(state.issues.iter().filter(|issue| issue.team == place).count()),
            "issueEstimationType" => leaf("linear"),
            "issues" => self.issues(|issue| issue.team == place),
            "key" => leaf(team.key.as_str()),
            "labels" => {
                let ours = |label: &super::state::Label| label.team.is_none_or(|owner| owner == place);
                self.here(owned(&state.labels, ours).map(Node::Label))
            }
            "members" | "users" => self.here(team.members.iter().copied().map(Node::User)),
            "organization" => Field::One(Some(Node::Organization)),
            "parent" | "restrictedBy" => Field::One(None),
            "private" => leaf(team.private),
            "projects" => {
                self.here(owned(&state.projects, |project| project.teams.contains(&place)).map(Node::Project))
            }
            "retiredAt" => Field::Time(None),
            "states" => self.here(owned(&state.states, |state| state.team == place).map(Node::WorkflowState)),
            "timezone" => leaf("Europe/Berlin"),
            "triageEnabled" => {
                leaf(owned(&state.states, |state| state.team == place && state.kind == "triage").count() > 0)
            }
            "visibility" => leaf(if team.private { "private" } else { "public" }),
            _ => return None,
        })
    }

    fn user(&self, place: usize, name: &str) -> Option<Field> {
        let user = &self.state.users[place];
        Some(match name {
            "active" => leaf(user.active),
            "admin" | "guest" | "owner" | "invited" | "isInvited" => leaf(false),
            "app" => leaf(user.app),
            "assignedIssues" => self.issues(|issue| issue.assignee == Some(place)),
            "avatarUrl" | "description" | "timezone" | "title" => leaf(Value::Null),
            "createdIssues" => self.issues(|issue| issue.creator == Some(place)),
            "displayName" => leaf(user.display_name.as_str()),
            "email" => leaf(user.email.as_str()),
            "initials" => leaf(user.name.chars().take(1).collect::<String>()),
            "isAssignable" | "isMentionable" => leaf(user.active),
            "isMe" => leaf(place == self.viewer),
            "name" => leaf(user.name.as_str()),
            "organization" => Field::One(Some(Node::Organization)),
            "teams" => self.here(owned(&self.state.teams, |team| team.members.contains(&place)).map(Node::Team)),
            "url" => leaf(format!("https://linear.app/{}/profiles/{}", self.state.url_key, user.display_name)),
            _ => return None,
        })
    }

    fn workflow_state(&self, place: usize, name: &str) -> Option<Field> {
        let state = &self.state.states[place];
        Some(match name {
            "color" => leaf("#e2e2e2"),
            "description" => leaf(Value::Null),
            "inheritedFrom" => Field::One(None),
            "issues" => self.issues(|issue| issue.state == place),
            "name" => leaf(state.name.as_str()),
            "position" => leaf(state.position),
            "team" => Field::One(Some(Node::Team(state.team))),
            "type" => leaf(state.kind.as_str()),
            _ => return None,
        })
    }
}

/// The words for the priorities from 0 on.
pub(super) const PRIORITIES: [&str; 5] = ["No priority", "Urgent", "High", "Medium", "Low"];

/// Returns a field with a value.
pub(super) fn leaf(value: impl Into<Value>) -> Field {
    Field::Leaf(value.into())
}

fn meta_field(meta: &Meta, name: &str) -> Option<Field> {
    Some(match name {
        "id" => leaf(meta.id.as_str()),
        "createdAt" => Field::Time(Some(meta.created_at)),
        "updatedAt" => Field::Time(Some(meta.updated_at)),
        "archivedAt" => Field::Time(meta.archived_at),
        _ => return None,
    })
}

fn bot(comment: &Comment, name: &str) -> Option<Field> {
    let Author::Bot(bot) = &comment.author else { return None };
    Some(match name {
        "id" | "avatarUrl" | "subType" | "userDisplayName" => leaf(Value::Null),
        "name" => leaf(bot.as_str()),
        "type" => leaf("integration"),
        _ => return None,
    })
}

fn external_user(comment: &Comment, name: &str) -> Option<Field> {
    let Author::External(person) = &comment.author else { return None };
    Some(match name {
        "id" => leaf(format!("e{}", &comment.meta.id[1..])),
        "name" | "displayName" => leaf(person.as_str()),
        "email" | "avatarUrl" => leaf(Value::Null),
        "archivedAt" | "lastSeen" => Field::Time(None),
        "createdAt" | "updatedAt" => Field::Time(Some(comment.meta.created_at)),
        "organization" => Field::One(Some(Node::Organization)),
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

/// Returns a title as it stands in an address.
fn slug(title: &str) -> String {
    let lower = title.to_lowercase();
    let words = lower.split(|letter: char| !letter.is_ascii_alphanumeric()).filter(|word| !word.is_empty());
    words.collect::<Vec<_>>().join("-")
}
