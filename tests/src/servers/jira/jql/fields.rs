//! What a query can ask about an issue: one table of names, and what stands behind each of them.

use jiff::Timestamp;
use serde_json::Value;

use super::evaluate::Search;
use crate::servers::jira::state::Issue;

/// A field of queries.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Field {
    Assignee,
    Category,
    Comment,
    Component,
    Created,
    Custom(String),
    Description,
    Due,
    FixVersion,
    Key,
    Labels,
    Parent,
    Priority,
    Project,
    Reporter,
    Resolution,
    Resolved,
    Sprint,
    Status,
    Summary,
    Text,
    Type,
    Updated,
}

/// Names of fields, sorted.
const NAMES: &[(&str, Field)] = &[
    ("assignee", Field::Assignee),
    ("comment", Field::Comment),
    ("component", Field::Component),
    ("created", Field::Created),
    ("createddate", Field::Created),
    ("description", Field::Description),
    ("due", Field::Due),
    ("duedate", Field::Due),
    ("fixversion", Field::FixVersion),
    ("id", Field::Key),
    ("issue", Field::Key),
    ("issuekey", Field::Key),
    ("issuetype", Field::Type),
    ("key", Field::Key),
    ("labels", Field::Labels),
    ("parent", Field::Parent),
    ("priority", Field::Priority),
    ("project", Field::Project),
    ("reporter", Field::Reporter),
    ("resolution", Field::Resolution),
    ("resolutiondate", Field::Resolved),
    ("resolved", Field::Resolved),
    ("sprint", Field::Sprint),
    ("status", Field::Status),
    ("statuscategory", Field::Category),
    ("summary", Field::Summary),
    ("text", Field::Text),
    ("type", Field::Type),
    ("updated", Field::Updated),
    ("updateddate", Field::Updated),
];

/// The field in which sprints stand.
pub(in super::super) const SPRINT: &str = "customfield_10020";

impl Field {
    /// Returns the field of a name: one of the table, `cf[10016]`, or what the site calls a field of its own.
    pub(super) fn named(search: &Search, name: &str) -> Result<Self, String> {
        let lower = name.to_lowercase();
        if let Some((_, field)) = NAMES.iter().find(|(known, _)| *known == lower) {
            return Ok(field.clone());
        }
        let id =
            lower.strip_prefix("cf[").and_then(|rest| rest.strip_suffix(']')).map(|id| format!("customfield_{id}"));
        let fits = |field: &&crate::servers::jira::state::CustomField| match &id {
            Some(id) => field.id == *id,
            None => field.name.eq_ignore_ascii_case(name),
        };
        let known = search.state.custom_fields.iter().find(fits);
        let unknown = || format!("Field '{name}' does not exist or you do not have permission to view it.");
        known.map(|field| Self::Custom(field.id.clone())).ok_or_else(unknown)
    }
}

/// What an issue has in a field.
#[derive(Debug)]
pub(super) enum Content {
    /// Things, each with every name that a query can call it by, in small letters.
    Names(Vec<Vec<String>>),
    Texts(Vec<String>),
    Time(Option<Timestamp>),
    Number(Option<f64>),
    /// Keys compare by their number within a project, ids by their own.
    Key {
        id: u64,
        project: String,
        number: u64,
    },
}

impl Search<'_> {
    /// Returns what an issue has in a field.
    pub(super) fn content(&self, issue: &Issue, field: &Field) -> Content {
        let state = self.state;
        let lower = |texts: &[&str]| texts.iter().map(|text| text.to_lowercase()).collect::<Vec<_>>();
        let user = |user: Option<usize>| Content::Names(user.map(|user| self.user_names(user)).into_iter().collect());
        let named = |named: &super::super::state::Named| lower(&[&named.name, &named.id.to_string()]);
        let text = |value: &Value| Content::Texts(words_of(value).into_iter().collect());
        match field {
            Field::Assignee => user(issue.assignee),
            Field::Reporter => user(issue.reporter),
            Field::Category => Content::Names(vec![category_names(&state.statuses[issue.status].category)]),
            Field::Comment => {
                Content::Texts(issue.comments.iter().filter_map(|comment| words_of(&comment.body)).collect())
            }
            Field::Component => {
                let components = &state.projects[issue.project].components;
                Content::Names(issue.components.iter().map(|component| named(&components[*component])).collect())
            }
            Field::Created => Content::Time(Some(issue.created)),
            Field::Updated => Content::Time(Some(issue.updated)),
            Field::Resolved => Content::Time(issue.resolved),
            Field::Due => {
                Content::Time(issue.due.and_then(|due| Some(due.to_zoned(self.zone.clone()).ok()?.timestamp())))
            }
            Field::Custom(id) => custom(issue.custom.get(id).unwrap_or(&Value::Null)),
            Field::Description => text(&issue.description),
            Field::FixVersion => {
                let versions = &state.projects[issue.project].versions;
                Content::Names(issue.fix_versions.iter().map(|version| named(&versions[*version])).collect())
            }
            Field::Key => {
                let project = state.projects[issue.project].key.clone();
                Content::Key { id: issue.id, project, number: issue.number }
            }
            // Labels are the only names whose letters' case counts, so they are compared as they are.
            Field::Labels => Content::Names(issue.labels.iter().map(|label| vec![label.clone()]).collect()),
            Field::Parent => {
                let parent = issue.parent.and_then(|parent| state.issues.get(&parent));
                let names = parent.map(|parent| lower(&[&state.key(parent), &parent.id.to_string()]));
                Content::Names(names.into_iter().collect())
            }
            Field::Priority => {
                Content::Names(issue.priority.map(|priority| named(&state.priorities[priority])).into_iter().collect())
            }
            Field::Project => {
                let project = &state.projects[issue.project];
                Content::Names(vec![lower(&[&project.key, &project.name, &project.id.to_string()])])
            }
            Field::Resolution => Content::Names(
                issue.resolution.map(|resolution| named(&state.resolutions[resolution])).into_iter().collect(),
            ),
            Field::Sprint => {
                let sprints = issue.custom.get(SPRINT).and_then(Value::as_array).into_iter().flatten();
                let names =
                    |sprint: &Value| lower(&[sprint["name"].as_str().unwrap_or_default(), &sprint["id"].to_string()]);
                Content::Names(sprints.map(names).collect())
            }
            Field::Status => {
                let status = &state.statuses[issue.status];
                Content::Names(vec![lower(&[&status.name, &status.id.to_string()])])
            }
            Field::Summary => Content::Texts(vec![issue.summary.clone()]),
            Field::Text => {
                let bodies = issue.comments.iter().map(|comment| &comment.body).chain([&issue.description]);
                Content::Texts(bodies.filter_map(words_of).chain([issue.summary.clone()]).collect())
            }
            Field::Type => {
                let kind = &state.issue_types[issue.issue_type];
                Content::Names(vec![lower(&[&kind.name, &kind.id.to_string()])])
            }
        }
    }

    /// Returns the names that a query can call a person by.
    pub(super) fn user_names(&self, user: usize) -> Vec<String> {
        let user = &self.state.users[user];
        let names = match self.cloud {
            true => vec![&user.account_id, &user.display_name, &user.email],
            false => vec![&user.name, &user.key],
        };
        names.into_iter().map(|name| name.to_lowercase()).collect()
    }

    /// Returns every name of a kind of things; nothing for fields whose values are free.
    pub(super) fn known_names(&self, field: &Field) -> Option<Vec<Vec<String>>> {
        let state = self.state;
        let pair = |id: u64, name: &str| vec![name.to_lowercase(), id.to_string()];
        Some(match field {
            Field::Assignee | Field::Reporter => (0..state.users.len()).map(|user| self.user_names(user)).collect(),
            Field::Category => ["new", "indeterminate", "done"].map(category_names).into(),
            Field::Priority => state.priorities.iter().map(|named| pair(named.id, &named.name)).collect(),
            Field::Project => {
                let visible = (0..state.projects.len()).filter(|project| self.may_see(*project));
                let names = |project: &super::super::state::Project| {
                    vec![project.key.to_lowercase(), project.name.to_lowercase(), project.id.to_string()]
                };
                visible.map(|project| names(&state.projects[project])).collect()
            }
            Field::Resolution => {
                let unresolved = vec!["unresolved".to_owned()];
                let known = state.resolutions.iter().map(|named| pair(named.id, &named.name));
                known.chain([unresolved]).collect()
            }
            Field::Status => state.statuses.iter().map(|status| pair(status.id, &status.name)).collect(),
            Field::Type => state.issue_types.iter().map(|kind| pair(kind.id, &kind.name)).collect(),
            _ => return None,
        })
    }
}

fn category_names(key: &str) -> Vec<String> {
    let (name, id) = match key {
        "new" => ("to do", "2"),
        "indeterminate" => ("in progress", "4"),
        _ => ("done", "3"),
    };
    vec![key.to_owned(), name.to_owned(), id.to_owned()]
}

fn custom(value: &Value) -> Content {
    match value {
        Value::Number(number) => Content::Number(number.as_f64()),
        Value::String(text) => Content::Texts(vec![text.clone()]),
        Value::Object(option) => {
            let name = option.get("value").and_then(Value::as_str).unwrap_or_default();
            Content::Names(vec![vec![name.to_lowercase()]])
        }
        _ => Content::Names(Vec::new()),
    }
}

/// Returns the words of a text: a string, or all the strings of a document.
fn words_of(body: &Value) -> Option<String> {
    match body {
        Value::String(text) => Some(text.clone()),
        Value::Object(node) => {
            let own = node.get("text").and_then(Value::as_str).map(str::to_owned);
            let below = node.get("content").and_then(Value::as_array).into_iter().flatten().filter_map(words_of);
            Some(own.into_iter().chain(below).collect::<Vec<_>>().join(" "))
        }
        _ => None,
    }
}
