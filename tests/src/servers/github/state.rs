//! What the fake GitHub keeps: people, repositories, issues, and a clock that only writes move.

use std::{cell::OnceCell, collections::BTreeMap};

use bytes::Bytes;
use jiff::{SignedDuration, Timestamp};

/// Everything that is kept.
#[derive(Debug)]
pub struct State {
    /// People and organisations.
    pub users: Vec<User>,
    /// Repositories.
    pub repositories: Vec<Repository>,
    clock: Timestamp,
    last_id: u64,
}

/// A person or an organisation.
#[derive(Clone, Debug)]
pub struct User {
    /// The number that no renaming changes.
    pub id: u64,
    /// The name in addresses.
    pub login: String,
    /// Whether it is an organisation.
    pub organization: bool,
}

/// A repository with its issues.
#[derive(Debug)]
pub struct Repository {
    /// The number that no renaming changes.
    pub id: u64,
    /// The owner's login.
    pub owner: String,
    /// The name.
    pub name: String,
    /// Full names that it had before.
    pub former_names: Vec<String>,
    /// Whether only those with access know of it.
    pub private: bool,
    /// Whether it has issues at all.
    pub has_issues: bool,
    /// The labels.
    pub labels: Vec<Label>,
    /// The milestones.
    pub milestones: Vec<Milestone>,
    /// The issue types of its organisation.
    pub issue_types: Vec<IssueType>,
    /// The logins that an issue can be assigned to.
    pub assignable: Vec<String>,
    /// Every number that was ever given out.
    pub numbers: BTreeMap<u64, Place>,
}

/// What became of a number.
#[derive(Debug)]
pub enum Place {
    /// The issue is here.
    Here(Box<Issue>),
    /// It was transferred to another repository.
    Moved {
        /// That repository.
        repository: u64,
        /// Its number there.
        number: u64,
    },
    /// It was deleted.
    Deleted,
}

/// A label.
#[derive(Clone, Debug)]
pub struct Label {
    /// Its number.
    pub id: u64,
    /// Its name.
    pub name: String,
    /// Six hexadecimal digits.
    pub color: String,
    /// What it is for.
    pub description: Option<String>,
}

/// A milestone.
#[derive(Clone, Debug)]
pub struct Milestone {
    /// Its number in all of GitHub.
    pub id: u64,
    /// Its number in the repository.
    pub number: u64,
    /// Its title.
    pub title: String,
    /// Whether it is open.
    pub open: bool,
    /// When it is due.
    pub due_on: Option<Timestamp>,
}

/// An issue type.
#[derive(Clone, Debug)]
pub struct IssueType {
    /// Its number.
    pub id: u64,
    /// Its name.
    pub name: String,
}

/// An issue or a pull request.
#[derive(Clone, Debug)]
pub struct Issue {
    /// The number in all of GitHub, which is not the one that people see.
    pub id: u64,
    /// The number in the repository.
    pub number: u64,
    /// The title.
    pub title: String,
    /// The text, byte for byte as it was written.
    pub body: Option<String>,
    /// Who wrote it; absent once that account is deleted.
    pub user: Option<String>,
    /// Names of labels.
    pub labels: Vec<String>,
    /// Logins.
    pub assignees: Vec<String>,
    /// The number of a milestone.
    pub milestone: Option<u64>,
    /// The name of an issue type.
    pub issue_type: Option<String>,
    /// Whether it is open.
    pub open: bool,
    /// Why it is in that state.
    pub state_reason: Option<String>,
    /// Whether it is a pull request.
    pub pull_request: bool,
    /// Whether only members may comment.
    pub locked: bool,
    /// The comments, oldest first.
    pub comments: Vec<Comment>,
    /// The parent's number, in the same repository.
    pub parent: Option<u64>,
    /// Numbers of sub-issues, in the same repository.
    pub sub_issues: Vec<u64>,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it was last changed.
    pub updated_at: Timestamp,
    /// When it was closed.
    pub closed_at: Option<Timestamp>,
    /// Who closed it.
    pub closed_by: Option<String>,
    /// Its JSON in lists.
    pub(super) listed: OnceCell<Document>,
    /// Its JSON on its own, which has more in it.
    pub(super) whole: OnceCell<Document>,
}

/// A comment.
#[derive(Clone, Debug)]
pub struct Comment {
    /// The number in all of GitHub.
    pub id: u64,
    /// Who wrote it; absent once that account is deleted.
    pub user: Option<String>,
    /// The text, byte for byte as it was written.
    pub body: String,
    /// When it was made.
    pub created_at: Timestamp,
}

/// JSON that was written once, and a number that stands for its content.
#[derive(Clone, Debug)]
pub(super) struct Document {
    pub(super) bytes: Bytes,
    pub(super) hash: u64,
}

impl Default for State {
    fn default() -> Self {
        // Issues of today have ids above 2^31: whoever keeps them in 32 bits is found out.
        let clock = "2026-01-01T00:00:00Z".parse().expect("a time");
        Self { users: Vec::new(), repositories: Vec::new(), clock, last_id: 3_000_000_000 }
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

    /// Returns a user.
    pub fn user(&self, login: &str) -> Option<&User> {
        self.users.iter().find(|user| user.login.eq_ignore_ascii_case(login))
    }

    /// Returns a repository by `owner/name`. For tests, which know it is there.
    pub fn repository(&mut self, full_name: &str) -> &mut Repository {
        let found = self.repositories.iter_mut().find(|repository| repository.full_name() == full_name);
        found.unwrap_or_else(|| panic!("the fake GitHub has no repository {full_name}"))
    }

    /// Moves an issue to another repository, and returns its number there.
    pub fn transfer(&mut self, from: &str, number: u64, to: &str) -> u64 {
        let target = self.repository(to);
        let (repository, new_number) = (target.id, target.next_number());
        let moved = self.repository(from).numbers.insert(number, Place::Moved { repository, number: new_number });
        let Some(Place::Here(mut issue)) = moved else { panic!("{from}#{number} is not there to be moved") };
        issue.number = new_number;
        (issue.parent, issue.sub_issues) = (None, Vec::new());
        self.repository(to).numbers.insert(new_number, Place::Here(issue));
        self.repositories.iter_mut().for_each(Repository::forget_rendered);
        new_number
    }
}

impl Repository {
    /// Returns `owner/name`.
    pub fn full_name(&self) -> String {
        format!("{}/{}", self.owner, self.name)
    }

    /// Returns an issue. For tests, which know it is there.
    pub fn issue(&mut self, number: u64) -> &mut Issue {
        let name = self.full_name();
        match self.numbers.get_mut(&number) {
            Some(Place::Here(issue)) => issue,
            _ => panic!("the fake GitHub has no issue {name}#{number}"),
        }
    }

    /// Returns the issues that are here, by number.
    pub fn issues(&self) -> impl DoubleEndedIterator<Item = &Issue> {
        self.numbers.values().filter_map(|place| match place {
            Place::Here(issue) => Some(&**issue),
            Place::Moved { .. } | Place::Deleted => None,
        })
    }

    /// Returns an issue, if it is here.
    pub fn here(&self, number: u64) -> Option<&Issue> {
        match self.numbers.get(&number)? {
            Place::Here(issue) => Some(issue),
            Place::Moved { .. } | Place::Deleted => None,
        }
    }

    /// Returns the number of the next issue.
    pub fn next_number(&self) -> u64 {
        self.numbers.last_key_value().map_or(0, |(number, _)| *number) + 1
    }

    /// Returns a label, whatever the case of its letters.
    pub fn label(&self, name: &str) -> Option<&Label> {
        self.labels.iter().find(|label| label.name.eq_ignore_ascii_case(name))
    }

    /// Forgets what was written of every issue, after a change that shows in many.
    pub(super) fn forget_rendered(&mut self) {
        for place in self.numbers.values_mut() {
            if let Place::Here(issue) = place {
                (issue.listed, issue.whole) = (OnceCell::new(), OnceCell::new());
            }
        }
    }
}

impl Issue {
    /// Returns an open issue without anything but a title. Where it is put gives it its numbers and times.
    pub fn new(title: &str) -> Self {
        Self {
            id: 0,
            number: 0,
            title: title.to_owned(),
            body: None,
            user: None,
            labels: Vec::new(),
            assignees: Vec::new(),
            milestone: None,
            issue_type: None,
            open: true,
            state_reason: None,
            pull_request: false,
            locked: false,
            comments: Vec::new(),
            parent: None,
            sub_issues: Vec::new(),
            created_at: Timestamp::UNIX_EPOCH,
            updated_at: Timestamp::UNIX_EPOCH,
            closed_at: None,
            closed_by: None,
            listed: OnceCell::new(),
            whole: OnceCell::new(),
        }
    }
}
