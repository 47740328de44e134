//! What the fake Azure DevOps keeps: people, projects, work items, and a clock that only writes move.
//!
//! People and projects refer to each other by their place in the lists here; work items by their number.

use std::collections::BTreeMap;

use jiff::{SignedDuration, Timestamp};
use serde_json::Value;

/// Everything that is kept.
#[derive(Debug)]
pub struct State {
    /// People.
    pub users: Vec<User>,
    /// Projects.
    pub projects: Vec<Project>,
    /// Work items by their number.
    pub items: BTreeMap<u64, WorkItem>,
    /// Files by their id.
    pub files: BTreeMap<String, File>,
    pub(super) clock: Timestamp,
    last_number: u64,
}

/// A person.
#[derive(Clone, Debug)]
pub struct User {
    /// A UUID.
    pub id: String,
    /// The full name.
    pub display_name: String,
    /// The name to sign in with.
    pub unique_name: String,
}

/// A project.
#[derive(Clone, Debug)]
pub struct Project {
    /// A UUID.
    pub id: String,
    /// The name, which may have spaces in it.
    pub name: String,
    /// Who may see it; everybody, if nobody is named.
    pub members: Option<Vec<usize>>,
    /// The types of its work items.
    pub types: Vec<WorkItemType>,
    /// Paths of its areas, the project's own first.
    pub areas: Vec<String>,
    /// Paths of its iterations, the project's own first.
    pub iterations: Vec<String>,
}

/// A type of work items.
#[derive(Clone, Debug)]
pub struct WorkItemType {
    /// The name.
    pub name: &'static str,
    /// The name that no renaming changes.
    pub reference_name: &'static str,
    /// Its states and their categories, in their order.
    pub states: &'static [(&'static str, &'static str)],
    /// Fields beside those that every type has.
    pub fields: &'static [&'static str],
}

/// A work item. What it says is a bag of fields by their reference names; what is empty is not in it.
#[derive(Clone, Debug)]
pub struct WorkItem {
    /// Its number.
    pub id: u64,
    /// Its project.
    pub project: usize,
    /// How often it was changed, from 1 on.
    pub rev: u64,
    /// Its fields.
    pub fields: BTreeMap<String, Field>,
    /// Long fields that are Markdown; the others are HTML.
    pub markdown: Vec<String>,
    /// What it is related to.
    pub relations: Vec<Relation>,
    /// Its comments, oldest first.
    pub comments: Vec<Comment>,
    /// Whether it is in the recycle bin.
    pub deleted: bool,
}

/// What a field holds.
#[derive(Clone, Debug, PartialEq)]
pub enum Field {
    /// Somebody, by their place.
    Person(usize),
    /// A time.
    Time(Timestamp),
    /// Anything else.
    Value(Value),
}

/// A relation of a work item.
#[derive(Clone, Debug)]
pub struct Relation {
    /// Its kind: `System.LinkTypes.Hierarchy-Forward`, `AttachedFile`, `Hyperlink`.
    pub rel: String,
    /// Where it leads.
    pub target: Target,
    /// What is said about it.
    pub attributes: Value,
}

/// Where a relation leads.
#[derive(Clone, Debug, PartialEq)]
pub enum Target {
    /// To a work item.
    Item(u64),
    /// To a file.
    File(String),
    /// To anything else.
    Address(String),
}

/// A comment.
#[derive(Clone, Debug)]
pub struct Comment {
    /// Its number in all of the organisation.
    pub id: u64,
    /// The text.
    pub text: String,
    /// Whether it is Markdown; else it is HTML.
    pub markdown: bool,
    /// Who wrote it.
    pub author: usize,
    /// When.
    pub created: Timestamp,
}

/// A file.
#[derive(Clone, Debug)]
pub struct File {
    /// Its name.
    pub name: String,
    /// What is in it.
    pub content: Vec<u8>,
}

impl Default for State {
    fn default() -> Self {
        Self {
            users: Vec::new(),
            projects: Vec::new(),
            items: BTreeMap::new(),
            files: BTreeMap::new(),
            clock: "2026-01-01T00:00:00.77Z".parse().expect("a time"),
            last_number: 0,
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
    pub fn next_number(&mut self) -> u64 {
        self.last_number += 1;
        self.last_number
    }

    /// Returns the number of a comment that no other has.
    pub fn next_number_of_comment(&mut self) -> u64 {
        let numbers = self.items.values().flat_map(|item| &item.comments).map(|comment| comment.id);
        numbers.max().unwrap_or(40) + 1
    }

    /// Returns a UUID that nothing else has.
    pub fn next_uuid(&mut self) -> String {
        // Work items are counted by themselves, so that their numbers have no gaps.
        let number = self.users.len() + self.projects.len() + self.files.len();
        format!("d291b0c4-a05c-4ea6-8df1-{number:012x}")
    }

    /// Returns a work item. For tests, which know it is there.
    pub fn item(&mut self, id: u64) -> &mut WorkItem {
        self.items.get_mut(&id).unwrap_or_else(|| panic!("the fake Azure DevOps has no work item {id}"))
    }
}

impl Project {
    /// Returns a type by its name, whatever the case of its letters.
    pub fn work_item_type(&self, name: &str) -> Option<&WorkItemType> {
        self.types.iter().find(|kind| kind.name.eq_ignore_ascii_case(name))
    }
}

impl WorkItem {
    /// Returns the text of a field; an empty one if there is none.
    pub fn text(&self, field: &str) -> &str {
        match self.fields.get(field) {
            Some(Field::Value(Value::String(text))) => text,
            _ => "",
        }
    }

    /// Sets a field.
    pub fn set(&mut self, field: &str, value: impl Into<Value>) {
        self.fields.insert(field.to_owned(), Field::Value(value.into()));
    }

    /// Returns its tags.
    pub fn tags(&self) -> Vec<&str> {
        let tags = self.text("System.Tags").split(';').map(str::trim);
        tags.filter(|tag| !tag.is_empty()).collect()
    }
}
