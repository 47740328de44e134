//! Issues as one answer shows them. What many of them share is written once for the answer, and what is kept as JSON is not copied.

use std::collections::BTreeMap;

use serde::Serialize;
use serde_json::{Map, Value, json, value::RawValue};

use super::{
    fields::Wanted,
    jql::Search,
    render::{FIELDS, Site, names, schemas, time, time_tracking},
    state::{Issue, State},
};

/// A part of an answer.
#[derive(Debug, Serialize)]
#[serde(untagged)]
pub(super) enum Part<'a> {
    Made(Value),
    Kept(&'a Value),
    Text(&'a str),
    Texts(&'a [String]),
    Written(&'a RawValue),
    List(Vec<Self>),
    Members(Members<'a>),
}

/// The members of an object.
pub(super) type Members<'a> = BTreeMap<&'a str, Part<'a>>;

impl From<Value> for Part<'_> {
    fn from(value: Value) -> Self {
        Self::Made(value)
    }
}

/// Issues of one answer.
pub(super) struct Page<'a> {
    search: &'a Search<'a>,
    site: &'a Site,
    wanted: &'a Wanted,
    /// The names of the fields that are wanted.
    names: Vec<&'a str>,
    words: Words,
}

/// What issues share, written.
struct Words {
    issue_types: Vec<Box<RawValue>>,
    priorities: Vec<Box<RawValue>>,
    projects: Vec<Box<RawValue>>,
    resolutions: Vec<Box<RawValue>>,
    statuses: Vec<Box<RawValue>>,
    users: Vec<Box<RawValue>>,
}

impl Words {
    fn new(site: &Site, state: &State) -> Self {
        Self {
            issue_types: state.issue_types.iter().map(|kind| written(&site.issue_type(kind))).collect(),
            priorities: state.priorities.iter().map(|named| written(&site.named("priority", named))).collect(),
            projects: (0..state.projects.len()).map(|place| written(&site.project_in_issue(state, place))).collect(),
            resolutions: state.resolutions.iter().map(|named| written(&site.named("resolution", named))).collect(),
            statuses: state.statuses.iter().map(|status| written(&site.status(status))).collect(),
            users: (0..state.users.len()).map(|place| written(&site.user(state, Some(place)))).collect(),
        }
    }
}

fn written(value: &Value) -> Box<RawValue> {
    serde_json::value::to_raw_value(value).expect("a value is JSON")
}

impl<'a> Page<'a> {
    pub(super) fn new(search: &'a Search<'a>, site: &'a Site, wanted: &'a Wanted) -> Self {
        let state = search.state;
        let names = FIELDS.iter().map(|field| field.0).chain(state.custom_fields.iter().map(|field| field.id.as_str()));
        let names = names.filter(|name| wanted.has(name)).collect();
        Self { search, site, wanted, names, words: Words::new(site, state) }
    }

    /// Returns an answer's members that have to do with the issues.
    pub(super) fn body<'b>(&'b self, issues: impl Iterator<Item = &'b Issue>) -> Members<'b> {
        let mut body = Members::from([("issues", Part::List(issues.map(|issue| self.issue(issue)).collect()))]);
        if self.wanted.expands("names") {
            body.insert("names", Value::Object(names(self.search.state)).into());
        }
        body
    }

    /// Returns an issue with the fields that were asked for.
    pub(super) fn issue<'b>(&'b self, issue: &'b Issue) -> Part<'b> {
        let (state, site, wanted) = (self.search.state, self.site, self.wanted);
        let expand = Part::Text("renderedFields,names,schema,operations,editmeta,changelog,versionedRepresentations");
        let mut members = Members::from([
            ("expand", expand),
            ("id", json!(issue.id.to_string()).into()),
            ("key", json!(state.key(issue)).into()),
            ("self", json!(site.api(&format!("issue/{}", issue.id))).into()),
        ]);
        if wanted.any() {
            let fields = self.names.iter().map(|name| (*name, self.field(issue, name)));
            members.insert("fields", Part::Members(fields.collect()));
        }
        if wanted.expands("names") {
            members.insert("names", Value::Object(names(state)).into());
        }
        if wanted.expands("schema") {
            members.insert("schema", Value::Object(schemas(state)).into());
        }
        if wanted.expands("renderedFields") {
            let rendered = json!({ "description": format!("<p>{}</p>", issue.summary) });
            members.insert("renderedFields", rendered.into());
        }
        if wanted.expands("transitions") {
            members.insert("transitions", json!(site.transitions(state, issue, false)).into());
        }
        if !wanted.properties.is_empty() {
            let known = issue.properties.iter().filter(|(name, _)| wanted.properties.contains(name));
            let known = known.map(|(name, value)| (name.clone(), value.clone())).collect::<Map<_, _>>();
            members.insert("properties", Value::Object(known).into());
        }
        Part::Members(members)
    }

    fn field<'b>(&'b self, issue: &'b Issue, name: &str) -> Part<'b> {
        let (state, site, words) = (self.search.state, self.site, &self.words);
        let project = &state.projects[issue.project];
        let user = |user| word(&words.users, user);
        let value = match name {
            "assignee" => return user(issue.assignee),
            "creator" => return user(issue.creator),
            "description" => return Part::Kept(&issue.description),
            "issuetype" => return Part::Written(&words.issue_types[issue.issue_type]),
            "labels" => return Part::Texts(&issue.labels),
            "priority" => return word(&words.priorities, issue.priority),
            "project" => return Part::Written(&words.projects[issue.project]),
            "reporter" => return user(issue.reporter),
            "resolution" => return word(&words.resolutions, issue.resolution),
            "status" => return Part::Written(&words.statuses[issue.status]),
            "summary" => return Part::Text(&issue.summary),
            "attachment" => {
                issue.attachments.iter().map(|id| site.attachment(state, *id, &state.attachments[id])).collect()
            }
            "comment" => site.comments(state, issue, 0, 20, false),
            "components" => {
                issue.components.iter().map(|place| site.named("component", &project.components[*place])).collect()
            }
            "created" => time(issue.created),
            "duedate" => json!(issue.due.map(|due| due.to_string())),
            "fixVersions" => issue.fix_versions.iter().map(|place| site.version(&project.versions[*place])).collect(),
            "issuelinks" => site.links(state, issue),
            "parent" => issue
                .parent
                .and_then(|id| state.issues.get(&id))
                .map_or(Value::Null, |parent| site.linked(state, parent)),
            "resolutiondate" => issue.resolved.map_or(Value::Null, time),
            "subtasks" => {
                let parts = self.search.index.subtasks(state, issue.id).iter();
                parts.map(|part| site.linked(state, &state.issues[part])).collect()
            }
            "timetracking" => time_tracking(issue),
            "updated" => time(issue.updated),
            "versions" => json!([]),
            "votes" => {
                json!({ "self": site.api(&format!("issue/{}/votes", state.key(issue))), "votes": 0, "hasVoted": false })
            }
            "watches" => {
                json!({ "self": site.api(&format!("issue/{}/watchers", state.key(issue))), "watchCount": 1, "isWatching": false })
            }
            "worklog" => site.worklogs(state, issue, 0, 20),
            "environment" => Value::Null,
            custom => return issue.custom.get(custom).map_or(Value::Null.into(), Part::Kept),
        };
        value.into()
    }
}

fn word(words: &[Box<RawValue>], place: Option<usize>) -> Part<'_> {
    place.map_or(Value::Null.into(), |place| Part::Written(&words[place]))
}
