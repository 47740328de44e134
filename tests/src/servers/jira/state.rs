//! What the fake Jira keeps: people, projects, issues, and a clock that only writes move.
//!
//! People, projects and the words of the site refer to each other by their place in the lists here; issues by their id.

use std::{
    cell::RefCell,
    collections::{BTreeMap, HashMap},
};

use jiff::{SignedDuration, Timestamp, civil::Date};
use serde_json::{Map, Value};

use super::jql::SortKey;

/// Everything that is kept.
#[derive(Debug)]
pub struct State {
    /// People.
    pub users: Vec<User>,
    /// Projects.
    pub projects: Vec<Project>,
    /// Types of issues.
    pub issue_types: Vec<IssueType>,
    /// Statuses.
    pub statuses: Vec<Status>,
    /// Priorities, the most urgent one first.
    pub priorities: Vec<Named>,
    /// Resolutions.
    pub resolutions: Vec<Named>,
    /// Types of links.
    pub link_types: Vec<LinkType>,
    /// Fields that this site has added.
    pub custom_fields: Vec<CustomField>,
    /// Issues by their id.
    pub issues: BTreeMap<u64, Issue>,
    /// The id of each issue by every key that it has or had, in capitals: keys are given once.
    called: HashMap<String, u64>,
    /// Links between issues.
    pub links: Vec<Link>,
    /// Files by their id.
    pub attachments: BTreeMap<u64, Attachment>,
    /// What the index of searches still believes of an issue; nothing, if it has not heard of it.
    pub(super) stale: BTreeMap<u64, Option<Issue>>,
    /// Whether searches lag behind writes.
    pub(super) lagging: bool,
    /// The tokens of pages that were given out. To look at a page gives one out, and changes nothing else.
    pub(super) tokens: RefCell<BTreeMap<String, PageToken>>,
    pub(super) clock: Timestamp,
    last_id: u64,
}

/// Where a search goes on.
#[derive(Clone, Debug)]
pub(super) struct PageToken {
    /// The query that it belongs to.
    pub(super) jql: String,
    /// The place of the last issue before; none, if there was none yet.
    pub(super) after: Option<SortKey>,
}

/// A person.
#[derive(Clone, Debug)]
pub struct User {
    /// The id on Cloud.
    pub account_id: String,
    /// The login on Data Center.
    pub name: String,
    /// The key on Data Center.
    pub key: String,
    /// The full name.
    pub display_name: String,
    /// The address.
    pub email: String,
    /// Whether others may know it. On Cloud most people hide it.
    pub shows_email: bool,
    /// Whether the account is in use.
    pub active: bool,
    /// The zone in which dates of a query are read.
    pub time_zone: String,
}

/// A project.
#[derive(Clone, Debug)]
pub struct Project {
    /// The number.
    pub id: u64,
    /// What its issues' keys begin with.
    pub key: String,
    /// The name.
    pub name: String,
    /// Whether it is a service project.
    pub service: bool,
    /// Who may see it; everybody, if nobody is named.
    pub members: Option<Vec<usize>>,
    /// The types of its issues.
    pub issue_types: Vec<usize>,
    /// Its components: number and name.
    pub components: Vec<Named>,
    /// Its versions.
    pub versions: Vec<Named>,
    /// The ways between its statuses.
    pub transitions: Vec<Transition>,
    /// The number of its last issue.
    pub last_number: u64,
}

/// Something that has a number and a name.
#[derive(Clone, Debug)]
pub struct Named {
    /// The number.
    pub id: u64,
    /// The name.
    pub name: String,
}

/// A type of issues.
#[derive(Clone, Debug)]
pub struct IssueType {
    /// The number.
    pub id: u64,
    /// The name.
    pub name: String,
    /// Whether its issues are parts of others.
    pub subtask: bool,
    /// Fields of its screens beside those that every type has, and whether they must be given.
    pub fields: Vec<(String, bool)>,
}

/// A status.
#[derive(Clone, Debug)]
pub struct Status {
    /// The number.
    pub id: u64,
    /// The name.
    pub name: String,
    /// `new`, `indeterminate` or `done`.
    pub category: String,
}

/// A way from one status to another.
#[derive(Clone, Debug)]
pub struct Transition {
    /// The number.
    pub id: u64,
    /// The name, which is not that of the status it leads to.
    pub name: String,
    /// Where it begins; anywhere, if nothing is said.
    pub from: Option<Vec<usize>>,
    /// The status that it leads to.
    pub to: usize,
    /// The fields of its screen, and whether they must be given.
    pub fields: Vec<(String, bool)>,
}

/// A type of links, in both directions.
#[derive(Clone, Debug)]
pub struct LinkType {
    /// The number.
    pub id: u64,
    /// The name.
    pub name: String,
    /// What the issue at the end says: `is blocked by`.
    pub inward: String,
    /// What the issue at the beginning says: `blocks`.
    pub outward: String,
}

/// A field that a site has added.
#[derive(Clone, Debug)]
pub struct CustomField {
    /// `customfield_` and a number.
    pub id: String,
    /// The name. Two fields may have the same.
    pub name: String,
    /// `number`, `string`, `option`, `array` (of sprints), `date` or `user`.
    pub kind: &'static str,
    /// The names that an option can have.
    pub options: Vec<Named>,
}

/// An issue.
#[derive(Clone, Debug)]
pub struct Issue {
    /// The number that no move changes.
    pub id: u64,
    /// Its project.
    pub project: usize,
    /// Its number in the project.
    pub number: u64,
    /// The summary.
    pub summary: String,
    /// The text: a document on Cloud, wiki markup on Data Center.
    pub description: Value,
    /// Its type.
    pub issue_type: usize,
    /// Its status.
    pub status: usize,
    /// Its priority.
    pub priority: Option<usize>,
    /// How it ended.
    pub resolution: Option<usize>,
    /// Who works on it.
    pub assignee: Option<usize>,
    /// Who asked for it.
    pub reporter: Option<usize>,
    /// Who typed it in.
    pub creator: Option<usize>,
    /// Words without spaces.
    pub labels: Vec<String>,
    /// Places in the project's list of components.
    pub components: Vec<usize>,
    /// Places in the project's list of versions.
    pub fix_versions: Vec<usize>,
    /// The id of the issue that it is a part of.
    pub parent: Option<u64>,
    /// When it was made.
    pub created: Timestamp,
    /// When it was last changed.
    pub updated: Timestamp,
    /// When it ended.
    pub resolved: Option<Timestamp>,
    /// When it is due.
    pub due: Option<Date>,
    /// Comments, oldest first.
    pub comments: Vec<Comment>,
    /// Ids of files.
    pub attachments: Vec<u64>,
    /// Work that was written down.
    pub worklogs: Vec<Worklog>,
    /// What the site's own fields hold, by their ids.
    pub custom: Map<String, Value>,
    /// Properties, which only programs see.
    pub properties: Map<String, Value>,
}

/// A comment.
#[derive(Clone, Debug)]
pub struct Comment {
    /// The number.
    pub id: u64,
    /// Who wrote it.
    pub author: Option<usize>,
    /// The text: a document on Cloud, wiki markup on Data Center.
    pub body: Value,
    /// When it was made.
    pub created: Timestamp,
    /// Whether customers of a service project see it.
    pub public: bool,
    /// Whom else it is hidden from.
    pub visibility: Option<Value>,
    /// Properties, which only programs see.
    pub properties: Map<String, Value>,
}

/// Work that was written down.
#[derive(Clone, Debug)]
pub struct Worklog {
    /// The number.
    pub id: u64,
    /// Who worked.
    pub author: usize,
    /// What was done.
    pub comment: Value,
    /// When the work began.
    pub started: Timestamp,
    /// How long it took.
    pub seconds: u32,
}

/// A file.
#[derive(Clone, Debug)]
pub struct Attachment {
    /// The issue that it hangs on.
    pub issue: u64,
    /// Its name.
    pub filename: String,
    /// Its kind.
    pub kind: String,
    /// What is in it.
    pub content: Vec<u8>,
    /// Who brought it.
    pub author: usize,
    /// When.
    pub created: Timestamp,
}

/// A link between two issues.
#[derive(Clone, Debug)]
pub struct Link {
    /// The number.
    pub id: u64,
    /// Its type.
    pub link_type: usize,
    /// The issue that says `blocks`.
    pub from: u64,
    /// The issue that says `is blocked by`.
    pub to: u64,
}

impl Default for State {
    fn default() -> Self {
        Self {
            users: Vec::new(),
            projects: Vec::new(),
            issue_types: Vec::new(),
            statuses: Vec::new(),
            priorities: Vec::new(),
            resolutions: Vec::new(),
            link_types: Vec::new(),
            custom_fields: Vec::new(),
            issues: BTreeMap::new(),
            called: HashMap::new(),
            links: Vec::new(),
            attachments: BTreeMap::new(),
            stale: BTreeMap::new(),
            lagging: false,
            tokens: RefCell::default(),
            clock: "2026-01-01T00:00:00.056Z".parse().expect("a time"),
            last_id: 10_000,
        }
    }
}

impl State {
    /// Moves the clock by a second, so that no two writes have the same time, and returns the new time.
    pub fn tick(&mut self) -> Timestamp {
        self.clock += SignedDuration::from_secs(1);
        self.clock
    }

    /// Returns a number that nothing else has.
    pub fn next_id(&mut self) -> u64 {
        self.last_id += 1;
        self.last_id
    }

    /// Returns the key of an issue.
    pub fn key(&self, issue: &Issue) -> String {
        format!("{}-{}", self.projects[issue.project].key, issue.number)
    }

    /// Returns the id of an issue by its id, its key, or one that it had before; the case of a key does not matter.
    pub fn find_issue(&self, name: &str) -> Option<u64> {
        if let Ok(id) = name.parse() {
            return self.issues.contains_key(&id).then_some(id);
        }
        self.called.get(&name.to_ascii_uppercase()).copied().filter(|id| self.issues.contains_key(id))
    }

    /// Returns an issue by its key. For tests, which know it is there.
    pub fn issue(&mut self, key: &str) -> &mut Issue {
        let id = self.find_issue(key).unwrap_or_else(|| panic!("the fake Jira has no issue {key}"));
        self.issues.get_mut(&id).expect("it was found a moment ago")
    }

    /// Gives an issue a number in its project, and keeps it.
    pub fn add(&mut self, mut issue: Issue) -> u64 {
        let project = &mut self.projects[issue.project];
        project.last_number += 1;
        issue.number = project.last_number;
        let id = issue.id;
        self.called.insert(format!("{}-{}", project.key, issue.number).to_ascii_uppercase(), id);
        self.before_write(id);
        self.issues.insert(id, issue);
        id
    }

    /// Moves an issue to another project. It keeps its id, and its old key among the former ones.
    pub fn move_issue(&mut self, key: &str, project: usize) {
        let id = self.find_issue(key).unwrap_or_else(|| panic!("the fake Jira has no issue {key}"));
        self.projects[project].last_number += 1;
        let number = self.projects[project].last_number;
        let issue = self.issues.get_mut(&id).expect("it was found a moment ago");
        (issue.project, issue.number) = (project, number);
        self.called.insert(format!("{}-{number}", self.projects[project].key).to_ascii_uppercase(), id);
    }

    /// Lets the index keep what it knows of an issue that is about to change.
    pub(super) fn before_write(&mut self, id: u64) {
        if self.lagging {
            let known = self.issues.get(&id).cloned();
            self.stale.entry(id).or_insert(known);
        }
    }
}

impl Issue {
    /// Returns an issue of a project without anything but a summary. Where it is put gives it its number.
    pub fn new(state: &mut State, project: usize, summary: &str) -> Self {
        let (id, now) = (state.next_id(), state.tick());
        Self {
            id,
            project,
            number: 0,
            summary: summary.to_owned(),
            description: Value::Null,
            issue_type: state.projects[project].issue_types[0],
            status: 0,
            priority: None,
            resolution: None,
            assignee: None,
            reporter: None,
            creator: None,
            labels: Vec::new(),
            components: Vec::new(),
            fix_versions: Vec::new(),
            parent: None,
            created: now,
            updated: now,
            resolved: None,
            due: None,
            comments: Vec::new(),
            attachments: Vec::new(),
            worklogs: Vec::new(),
            custom: Map::new(),
            properties: Map::new(),
        }
    }
}
