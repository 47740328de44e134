//! What the fake Linear keeps: one workspace, its people, teams and issues, and a clock that only writes move.
//!
//! Things refer to each other by their place in the lists here. Nothing is ever taken out of a list, so a place stays true;
//! what was deleted says so.

use jiff::{SignedDuration, Timestamp, civil::Date};
use serde_json::Value;

/// Everything that is kept.
#[derive(Debug)]
pub struct State {
    /// The workspace's name.
    pub workspace: String,
    /// The workspace's name in addresses.
    pub url_key: String,
    /// People and apps.
    pub users: Vec<User>,
    /// Teams.
    pub teams: Vec<Team>,
    /// Workflow states of all teams.
    pub states: Vec<WorkflowState>,
    /// Labels of all teams, and those of the workspace.
    pub labels: Vec<Label>,
    /// Projects.
    pub projects: Vec<Project>,
    /// Milestones of all projects.
    pub milestones: Vec<Milestone>,
    /// Cycles of all teams.
    pub cycles: Vec<Cycle>,
    /// Issues.
    pub issues: Vec<Issue>,
    /// Comments on all issues.
    pub comments: Vec<Comment>,
    /// Links on all issues.
    pub attachments: Vec<Attachment>,
    /// Relations between issues.
    pub relations: Vec<Relation>,
    pub(super) clock: Timestamp,
    last_id: u64,
}

/// What everything has.
#[derive(Clone, Debug)]
pub struct Meta {
    /// A UUID.
    pub id: String,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it was last changed.
    pub updated_at: Timestamp,
    /// When it was archived.
    pub archived_at: Option<Timestamp>,
    /// Whether it is gone for good.
    pub deleted: bool,
}

/// A person or an app.
#[derive(Clone, Debug)]
pub struct User {
    /// What everything has.
    pub meta: Meta,
    /// The full name.
    pub name: String,
    /// The name that mentions use.
    pub display_name: String,
    /// The address.
    pub email: String,
    /// Whether the account is in use.
    pub active: bool,
    /// Whether it is an app.
    pub app: bool,
}

/// A team.
#[derive(Clone, Debug)]
pub struct Team {
    /// What everything has.
    pub meta: Meta,
    /// What its issues' identifiers begin with.
    pub key: String,
    /// The name.
    pub name: String,
    /// Whether only its members know of it.
    pub private: bool,
    /// Its members.
    pub members: Vec<usize>,
    /// The state of a new issue.
    pub default_state: usize,
    /// The number of its last issue.
    pub last_number: u64,
}

/// A state of a team's issues.
#[derive(Clone, Debug)]
pub struct WorkflowState {
    /// What everything has.
    pub meta: Meta,
    /// The name.
    pub name: String,
    /// `triage`, `backlog`, `unstarted`, `started`, `completed`, `canceled` or `duplicate`.
    pub kind: String,
    /// Its place among the others.
    pub position: f64,
    /// Its team.
    pub team: usize,
}

/// A label, or a group of them.
#[derive(Clone, Debug)]
pub struct Label {
    /// What everything has.
    pub meta: Meta,
    /// The name.
    pub name: String,
    /// Whether it holds others and stands on no issue itself.
    pub is_group: bool,
    /// Its group. An issue has at most one label of a group.
    pub group: Option<usize>,
    /// Its team; absent if it is the workspace's.
    pub team: Option<usize>,
}

/// A project.
#[derive(Clone, Debug)]
pub struct Project {
    /// What everything has.
    pub meta: Meta,
    /// The name.
    pub name: String,
    /// What it is about.
    pub description: String,
    /// `backlog`, `planned`, `started`, `paused`, `completed` or `canceled`.
    pub state: String,
    /// Who leads it.
    pub lead: Option<usize>,
    /// Its teams.
    pub teams: Vec<usize>,
    /// When it should be done.
    pub target_date: Option<Date>,
}

/// A milestone of a project.
#[derive(Clone, Debug)]
pub struct Milestone {
    /// What everything has.
    pub meta: Meta,
    /// The name.
    pub name: String,
    /// Its project.
    pub project: usize,
    /// When it should be reached.
    pub target_date: Option<Date>,
}

/// A cycle of a team.
#[derive(Clone, Debug)]
pub struct Cycle {
    /// What everything has.
    pub meta: Meta,
    /// Its number in the team.
    pub number: u64,
    /// Its name; most have none.
    pub name: Option<String>,
    /// Its team.
    pub team: usize,
    /// When it begins.
    pub starts_at: Timestamp,
    /// When it ends.
    pub ends_at: Timestamp,
}

/// An issue.
#[derive(Clone, Debug)]
pub struct Issue {
    /// What everything has.
    pub meta: Meta,
    /// Its number in the team.
    pub number: u64,
    /// The title.
    pub title: String,
    /// The text, Markdown.
    pub description: Option<String>,
    /// 0 none, 1 urgent, 2 high, 3 medium, 4 low.
    pub priority: u8,
    /// The estimate.
    pub estimate: Option<u32>,
    /// When it is due.
    pub due_date: Option<Date>,
    /// Its team.
    pub team: usize,
    /// Its state, one of its team's.
    pub state: usize,
    /// Who works on it.
    pub assignee: Option<usize>,
    /// Who made it.
    pub creator: Option<usize>,
    /// Its labels.
    pub labels: Vec<usize>,
    /// Who hears of it.
    pub subscribers: Vec<usize>,
    /// The issue that it is a part of.
    pub parent: Option<usize>,
    /// The issues that are parts of it.
    pub children: Vec<usize>,
    /// Its project.
    pub project: Option<usize>,
    /// Its milestone, one of its project's.
    pub milestone: Option<usize>,
    /// Its cycle, one of its team's.
    pub cycle: Option<usize>,
    /// Its comments.
    pub comments: Vec<usize>,
    /// The identifiers that it had in other teams.
    pub previous_identifiers: Vec<String>,
    /// When work on it began.
    pub started_at: Option<Timestamp>,
    /// When it was done.
    pub completed_at: Option<Timestamp>,
    /// When it was given up.
    pub canceled_at: Option<Timestamp>,
    /// When its service level is broken.
    pub sla_breaches_at: Option<Timestamp>,
    /// Whether it is in the trash.
    pub trashed: bool,
}

/// Who wrote a comment.
#[derive(Clone, Debug, PartialEq)]
pub enum Author {
    /// Somebody of the workspace.
    User(usize),
    /// An integration.
    Bot(String),
    /// Somebody from outside.
    External(String),
}

/// A comment.
#[derive(Clone, Debug)]
pub struct Comment {
    /// What everything has.
    pub meta: Meta,
    /// Its issue.
    pub issue: usize,
    /// The text, Markdown.
    pub body: String,
    /// Who wrote it.
    pub author: Author,
    /// The comment that it answers.
    pub parent: Option<usize>,
    /// When its text was changed.
    pub edited_at: Option<Timestamp>,
}

/// A link on an issue.
#[derive(Clone, Debug)]
pub struct Attachment {
    /// What everything has.
    pub meta: Meta,
    /// Its issue.
    pub issue: usize,
    /// The title.
    pub title: String,
    /// The line below it.
    pub subtitle: Option<String>,
    /// Where it leads. An issue has one attachment for an address.
    pub url: String,
    /// The kind of service it leads to.
    pub source_type: Option<String>,
    /// What that service says about it.
    pub metadata: Value,
    /// Who made it.
    pub creator: Option<usize>,
}

/// A relation between two issues.
#[derive(Clone, Debug)]
pub struct Relation {
    /// What everything has.
    pub meta: Meta,
    /// The issue that it starts at.
    pub issue: usize,
    /// The issue that it leads to.
    pub related: usize,
    /// `blocks`, `duplicate`, `related` or `similar`.
    pub kind: String,
}

impl Default for State {
    fn default() -> Self {
        Self {
            workspace: "Acme".to_owned(),
            url_key: "acme".to_owned(),
            users: Vec::new(),
            teams: Vec::new(),
            states: Vec::new(),
            labels: Vec::new(),
            projects: Vec::new(),
            milestones: Vec::new(),
            cycles: Vec::new(),
            issues: Vec::new(),
            comments: Vec::new(),
            attachments: Vec::new(),
            relations: Vec::new(),
            clock: "2026-01-01T00:00:00.241Z".parse().expect("a time"),
            last_id: 0,
        }
    }
}

impl State {
    /// Moves the clock by a second, so that no two writes have the same time, and returns the new time.
    pub fn tick(&mut self) -> Timestamp {
        self.clock += SignedDuration::from_secs(1);
        self.clock
    }

    /// Returns what something new has: an id that nothing else has, and the time.
    pub fn meta(&mut self) -> Meta {
        self.last_id += 1;
        let number = self.last_id;
        // Mixed, so that the order of ids says nothing about the order of making.
        let mixed = number.wrapping_mul(0x9e37_79b9_7f4a_7c15);
        let id = format!("{:08x}-{:04x}-4a53-9d8a-{number:012x}", mixed >> 32, mixed & 0xffff);
        let now = self.tick();
        Meta { id, created_at: now, updated_at: now, archived_at: None, deleted: false }
    }

    /// Returns the identifier of an issue.
    pub fn identifier(&self, issue: &Issue) -> String {
        format!("{}-{}", self.teams[issue.team].key, issue.number)
    }

    /// Returns the place of an issue by its id, its identifier, or one that it had before.
    pub fn find_issue(&self, name: &str) -> Option<usize> {
        let by_id = self.issues.iter().position(|issue| issue.meta.id == name);
        by_id.or_else(|| self.identified(name)).filter(|place| !self.issues[*place].meta.deleted)
    }

    /// Returns an issue by its identifier. For tests, which know it is there.
    pub fn issue(&mut self, identifier: &str) -> &mut Issue {
        let place = self.find_issue(identifier);
        let place = place.unwrap_or_else(|| panic!("the fake Linear has no issue {identifier}"));
        &mut self.issues[place]
    }

    /// Adds an issue at the end of its team's numbers, and returns its place.
    pub fn add_issue(&mut self, mut issue: Issue) -> usize {
        let place = self.issues.len();
        let team = &mut self.teams[issue.team];
        team.last_number += 1;
        issue.number = team.last_number;
        if let Some(parent) = issue.parent {
            self.issues[parent].children.push(place);
        }
        self.issues.push(issue);
        place
    }

    /// Adds a comment, and returns its place.
    pub fn add_comment(&mut self, comment: Comment) -> usize {
        let place = self.comments.len();
        self.issues[comment.issue].comments.push(place);
        self.comments.push(comment);
        place
    }

    /// Moves an issue to another team's state. It gets a new number, and keeps the old identifier among its former ones.
    pub fn move_issue(&mut self, place: usize, team: usize, state: usize) {
        let former = self.identifier(&self.issues[place]);
        self.teams[team].last_number += 1;
        let issue = &mut self.issues[place];
        issue.previous_identifiers.push(former);
        (issue.team, issue.state, issue.number) = (team, state, self.teams[team].last_number);
        let labels = &self.labels;
        issue.labels.retain(|label| labels[*label].team.is_none_or(|owner| owner == team));
        issue.cycle = None;
    }

    fn identified(&self, identifier: &str) -> Option<usize> {
        let (key, number) = identifier.rsplit_once('-')?;
        let number: u64 = number.parse().ok()?;
        let current = self
            .issues
            .iter()
            .position(|issue| issue.number == number && self.teams[issue.team].key.eq_ignore_ascii_case(key));
        let former = || {
            let had = |issue: &Issue| issue.previous_identifiers.iter().any(|had| had.eq_ignore_ascii_case(identifier));
            self.issues.iter().position(had)
        };
        current.or_else(former)
    }
}

impl Issue {
    /// Returns an issue of a team without anything but a title, in the team's first state.
    pub fn new(state: &mut State, team: usize, title: &str) -> Self {
        Self {
            meta: state.meta(),
            number: 0,
            title: title.to_owned(),
            description: None,
            priority: 0,
            estimate: None,
            due_date: None,
            team,
            state: state.teams[team].default_state,
            assignee: None,
            creator: None,
            labels: Vec::new(),
            subscribers: Vec::new(),
            parent: None,
            children: Vec::new(),
            project: None,
            milestone: None,
            cycle: None,
            comments: Vec::new(),
            previous_identifiers: Vec::new(),
            started_at: None,
            completed_at: None,
            canceled_at: None,
            sla_breaches_at: None,
            trashed: false,
        }
    }
}
