//! What hangs on issues, as Jira's JSON; issues themselves are in `page`.

use jiff::{Timestamp, tz::TimeZone};
use serde_json::{Map, Value, json};

use super::state::{Attachment, Comment, Issue, Link, State, Worklog};

/// The addresses that stand in every answer, and which Jira this is.
#[derive(Clone, Debug)]
pub(super) struct Site {
    /// The address of the site as the caller reached it, without a slash at its end.
    pub(super) base: String,
    /// The address of the files' server.
    pub(super) media: String,
    pub(super) cloud: bool,
}

impl Site {
    /// Returns an address in the API.
    pub(super) fn api(&self, path: &str) -> String {
        let version = if self.cloud { 3 } else { 2 };
        format!("{}/rest/api/{version}/{path}", self.base)
    }

    /// Returns what one issue shows of another.
    pub(super) fn linked(&self, state: &State, issue: &Issue) -> Value {
        json!({
            "id": issue.id.to_string(),
            "key": state.key(issue),
            "self": self.api(&format!("issue/{}", issue.id)),
            "fields": {
                "summary": issue.summary,
                "status": self.status(&state.statuses[issue.status]),
                "priority": issue.priority.map(|place| self.named("priority", &state.priorities[place])),
                "issuetype": self.issue_type(&state.issue_types[issue.issue_type]),
            },
        })
    }

    pub(super) fn links(&self, state: &State, issue: &Issue) -> Value {
        let ours = state.links.iter().filter(|link| link.from == issue.id || link.to == issue.id);
        ours.map(|link| self.link(state, link, Some(issue.id))).collect()
    }

    /// Returns a link, as one of its ends shows it or as it is.
    pub(super) fn link(&self, state: &State, link: &Link, seen_from: Option<u64>) -> Value {
        let mut json = json!({
            "id": link.id.to_string(),
            "self": self.api(&format!("issueLink/{}", link.id)),
            "type": self.link_type(&state.link_types[link.link_type]),
        });
        // Who blocks is shown to the one that is blocked as the inward issue, and the other way round.
        if seen_from != Some(link.from) {
            json["inwardIssue"] = self.linked(state, &state.issues[&link.from]);
        }
        if seen_from != Some(link.to) {
            json["outwardIssue"] = self.linked(state, &state.issues[&link.to]);
        }
        json
    }

    /// Returns a part of an issue's comments. Within an issue it is a summary, and long ones are cut.
    pub(super) fn comments(
        &self,
        state: &State,
        issue: &Issue,
        start: usize,
        size: usize,
        newest_first: bool,
    ) -> Value {
        let mut comments: Vec<_> = issue.comments.iter().collect();
        if newest_first {
            comments.reverse();
        }
        let part = comments.iter().skip(start).take(size);
        let part: Vec<_> = part.map(|comment| self.comment(state, issue, comment, false)).collect();
        json!({ "comments": part, "maxResults": size, "total": comments.len(), "startAt": start })
    }

    /// Returns a comment; its properties only if they were asked for.
    pub(super) fn comment(&self, state: &State, issue: &Issue, comment: &Comment, with_properties: bool) -> Value {
        let mut json = json!({
            "self": self.api(&format!("issue/{}/comment/{}", issue.id, comment.id)),
            "id": comment.id.to_string(),
            "author": self.user(state, comment.author),
            "body": comment.body,
            "updateAuthor": self.user(state, comment.author),
            "created": time(comment.created),
            "updated": time(comment.created),
        });
        if self.cloud {
            json["jsdPublic"] = json!(comment.public);
        }
        if let Some(visibility) = &comment.visibility {
            json["visibility"] = visibility.clone();
        }
        if with_properties {
            let properties = comment.properties.iter().map(|(key, value)| json!({ "key": key, "value": value }));
            json["properties"] = properties.collect();
        }
        json
    }

    pub(super) fn worklogs(&self, state: &State, issue: &Issue, start: usize, size: usize) -> Value {
        let part = issue.worklogs.iter().skip(start).take(size);
        let part: Vec<_> = part.map(|worklog| self.worklog(state, issue, worklog)).collect();
        json!({ "startAt": start, "maxResults": size, "total": issue.worklogs.len(), "worklogs": part })
    }

    fn worklog(&self, state: &State, issue: &Issue, worklog: &Worklog) -> Value {
        json!({
            "self": self.api(&format!("issue/{}/worklog/{}", issue.id, worklog.id)),
            "id": worklog.id.to_string(),
            "issueId": issue.id.to_string(),
            "author": self.user(state, Some(worklog.author)),
            "updateAuthor": self.user(state, Some(worklog.author)),
            "comment": worklog.comment,
            "created": time(worklog.started),
            "updated": time(worklog.started),
            "started": time(worklog.started),
            "timeSpent": format!("{}m", worklog.seconds / 60),
            "timeSpentSeconds": worklog.seconds,
        })
    }

    /// Returns a file as an issue shows it; its id is a text there.
    pub(super) fn attachment(&self, state: &State, id: u64, attachment: &Attachment) -> Value {
        let content = match self.cloud {
            true => self.api(&format!("attachment/content/{id}")),
            false => format!("{}/secure/attachment/{id}/{}", self.base, segment(&attachment.filename)),
        };
        json!({
            "self": self.api(&format!("attachment/{id}")),
            "id": id.to_string(),
            "filename": attachment.filename,
            "author": self.user(state, Some(attachment.author)),
            "created": time(attachment.created),
            "size": attachment.content.len(),
            "mimeType": attachment.kind,
            "content": content,
        })
    }
}

/// The fields that every site has, their names, the type of what they hold, and whether `*navigable` means them.
pub(super) const FIELDS: &[(&str, &str, &str, bool)] = &[
    ("assignee", "Assignee", "user", true),
    ("attachment", "Attachment", "array", false),
    ("comment", "Comment", "comments-page", false),
    ("components", "Components", "array", true),
    ("created", "Created", "datetime", true),
    ("creator", "Creator", "user", true),
    ("description", "Description", "string", true),
    ("duedate", "Due date", "date", true),
    ("environment", "Environment", "string", true),
    ("fixVersions", "Fix versions", "array", true),
    ("issuelinks", "Linked Issues", "array", true),
    ("issuetype", "Issue Type", "issuetype", true),
    ("labels", "Labels", "array", true),
    ("parent", "Parent", "issuelink", true),
    ("priority", "Priority", "priority", true),
    ("project", "Project", "project", true),
    ("reporter", "Reporter", "user", true),
    ("resolution", "Resolution", "resolution", true),
    ("resolutiondate", "Resolved", "datetime", true),
    ("status", "Status", "status", true),
    ("subtasks", "Sub-tasks", "array", true),
    ("summary", "Summary", "string", true),
    ("timetracking", "Time tracking", "timetracking", false),
    ("updated", "Updated", "datetime", true),
    ("versions", "Affects versions", "array", true),
    ("votes", "Votes", "votes", true),
    ("watches", "Watchers", "watches", true),
    ("worklog", "Log Work", "array", false),
];

/// Returns what people call each field.
pub(super) fn names(state: &State) -> Map<String, Value> {
    let own = state.custom_fields.iter().map(|field| (field.id.clone(), json!(field.name)));
    FIELDS.iter().map(|(id, name, ..)| ((*id).to_owned(), json!(name))).chain(own).collect()
}

/// Returns what each field holds.
pub(super) fn schemas(state: &State) -> Map<String, Value> {
    let own = state.custom_fields.iter().map(|field| (field.id.clone(), super::options::custom_schema(field)));
    let system = |(id, _, kind, _): &(&str, &str, &str, bool)| ((*id).to_owned(), super::options::schema(id, kind));
    FIELDS.iter().map(system).chain(own).collect()
}

/// Returns a time as Jira writes it: without a colon in the offset.
pub(super) fn time(time: Timestamp) -> Value {
    let zone = TimeZone::fixed(jiff::tz::offset(2));
    Value::from(time.to_zoned(zone).strftime("%Y-%m-%dT%H:%M:%S.%3f%z").to_string())
}

pub(super) fn time_tracking(issue: &Issue) -> Value {
    let spent: u32 = issue.worklogs.iter().map(|worklog| worklog.seconds).sum();
    if spent == 0 { json!({}) } else { json!({ "timeSpent": format!("{}m", spent / 60), "timeSpentSeconds": spent }) }
}

fn segment(name: &str) -> String {
    percent_encoding::utf8_percent_encode(name, percent_encoding::NON_ALPHANUMERIC).to_string()
}
