//! Issues and what hangs on them, as GitHub's JSON.

use std::{
    hash::{DefaultHasher, Hash as _, Hasher as _},
    io::Write as _,
};

use jiff::Timestamp;
use serde_json::{Value, json};

use super::state::{Comment, Document, Issue, IssueType, Label, Milestone, Repository, State};

/// The addresses that stand in every answer.
#[derive(Debug)]
pub(super) struct Site {
    /// The address of the API, without a slash at its end.
    pub(super) api: String,
    /// The address of the pages for people, likewise.
    pub(super) html: String,
    /// Whether this is an Enterprise Server.
    pub(super) enterprise: bool,
}

impl Site {
    pub(super) fn repository_api(&self, repository: &Repository) -> String {
        format!("{}/repos/{}/{}", self.api, repository.owner, repository.name)
    }

    /// Returns the address of an issue in the API.
    pub(super) fn issue_api(&self, repository: &Repository, number: u64) -> String {
        format!("{}/issues/{number}", self.repository_api(repository))
    }

    fn issue_page(&self, repository: &Repository, issue: &Issue) -> String {
        let kind = if issue.pull_request { "pull" } else { "issues" };
        format!("{}/{}/{}/{kind}/{}", self.html, repository.owner, repository.name, issue.number)
    }

    /// Returns an issue as lists have it, written at most once for as long as it stays the same.
    pub(super) fn issue<'a>(&self, state: &State, repository: &Repository, issue: &'a Issue) -> &'a Document {
        issue.listed.get_or_init(|| document(&self.issue_json(state, repository, issue)))
    }

    /// Returns an issue as it is answered on its own: who closed it stands nowhere else.
    pub(super) fn whole_issue<'a>(&self, state: &State, repository: &Repository, issue: &'a Issue) -> &'a Document {
        issue.whole.get_or_init(|| {
            let listed = &self.issue(state, repository, issue).bytes;
            let closed_by = self.user_called(state, issue.closed_by.as_deref());
            let mut bytes = listed[..listed.len() - 1].to_vec();
            write!(bytes, ",\"closed_by\":{closed_by}}}").expect("a vector takes everything");
            written(bytes)
        })
    }

    fn issue_json(&self, state: &State, repository: &Repository, issue: &Issue) -> Value {
        let api = self.issue_api(repository, issue.number);
        let assignees: Vec<_> = issue.assignees.iter().map(|login| self.user_called(state, Some(login))).collect();
        let labels = issue.labels.iter().filter_map(|name| repository.label(name));
        let milestone = repository.milestones.iter().find(|milestone| Some(milestone.number) == issue.milestone);
        let issue_type = repository.issue_types.iter().find(|kind| Some(&kind.name) == issue.issue_type.as_ref());
        let mut json = json!({
            "active_lock_reason": null,
            "assignee": assignees.first(),
            "assignees": assignees,
            "author_association": association(repository, issue.user.as_deref()),
            "body": issue.body,
            "closed_at": issue.closed_at.map(time),
            "comments": issue.comments.len(),
            "comments_url": format!("{api}/comments"),
            "created_at": time(issue.created_at),
            "events_url": format!("{api}/events"),
            "html_url": self.issue_page(repository, issue),
            "id": issue.id,
            "issue_dependencies_summary": { "blocked_by": 0, "blocking": 0, "total_blocked_by": 0, "total_blocking": 0 },
            "labels": labels.map(|label| self.label(repository, label)).collect::<Vec<_>>(),
            "labels_url": format!("{api}/labels{{/name}}"),
            "locked": issue.locked,
            "milestone": milestone.map(|milestone| self.milestone(state, repository, milestone)),
            "node_id": format!("I_kwDO{}", issue.id),
            "number": issue.number,
            "performed_via_github_app": null,
            "reactions": reactions(&api),
            "repository_url": self.repository_api(repository),
            "state": if issue.open { "open" } else { "closed" },
            "state_reason": issue.state_reason,
            "sub_issues_summary": sub_issues_summary(repository, issue),
            "timeline_url": format!("{api}/timeline"),
            "title": issue.title,
            "type": issue_type.map(issue_type_json),
            "updated_at": time(issue.updated_at),
            "url": api,
            "user": self.user_called(state, issue.user.as_deref()),
        });
        if let Some(parent) = issue.parent {
            json["parent_issue_url"] = json!(self.issue_api(repository, parent));
        }
        if issue.pull_request {
            let page = self.issue_page(repository, issue);
            json["draft"] = json!(false);
            json["pull_request"] = json!({
                "diff_url": format!("{page}.diff"),
                "html_url": page,
                "merged_at": null,
                "patch_url": format!("{page}.patch"),
                "url": format!("{}/pulls/{}", self.repository_api(repository), issue.number),
            });
        }
        json
    }

    pub(super) fn comment(&self, state: &State, repository: &Repository, issue: &Issue, comment: &Comment) -> Value {
        let api = format!("{}/issues/comments/{}", self.repository_api(repository), comment.id);
        json!({
            "author_association": association(repository, comment.user.as_deref()),
            "body": comment.body,
            "created_at": time(comment.created_at),
            "html_url": format!("{}#issuecomment-{}", self.issue_page(repository, issue), comment.id),
            "id": comment.id,
            "issue_url": self.issue_api(repository, issue.number),
            "node_id": format!("IC_kwDO{}", comment.id),
            "performed_via_github_app": null,
            "reactions": reactions(&api),
            "updated_at": time(comment.created_at),
            "url": api,
            "user": self.user_called(state, comment.user.as_deref()),
        })
    }

    pub(super) fn label(&self, repository: &Repository, label: &Label) -> Value {
        json!({
            "color": label.color,
            "default": false,
            "description": label.description,
            "id": label.id,
            "name": label.name,
            "node_id": format!("LA_kwDO{}", label.id),
            "url": format!("{}/labels/{}", self.repository_api(repository), segment(&label.name)),
        })
    }

    pub(super) fn milestone(&self, state: &State, repository: &Repository, milestone: &Milestone) -> Value {
        let api = format!("{}/milestones/{}", self.repository_api(repository), milestone.number);
        let within = |open| {
            let issues = repository.issues();
            issues.filter(|issue| issue.milestone == Some(milestone.number) && issue.open == open).count()
        };
        let page = format!("{}/{}/{}/milestone/{}", self.html, repository.owner, repository.name, milestone.number);
        json!({
            "closed_at": null,
            "closed_issues": within(false),
            "created_at": "2024-01-01T00:00:00Z",
            "creator": self.user_called(state, repository.assignable.first().map(String::as_str)),
            "description": null,
            "due_on": milestone.due_on.map(time),
            "html_url": page,
            "id": milestone.id,
            "labels_url": format!("{api}/labels"),
            "node_id": format!("MI_kwDO{}", milestone.id),
            "number": milestone.number,
            "open_issues": within(true),
            "state": if milestone.open { "open" } else { "closed" },
            "title": milestone.title,
            "updated_at": "2024-01-01T00:00:00Z",
            "url": api,
        })
    }
}

pub(super) fn issue_type_json(kind: &IssueType) -> Value {
    json!({
        "color": "gray",
        "created_at": "2024-01-01T00:00:00Z",
        "description": null,
        "id": kind.id,
        "is_enabled": true,
        "name": kind.name,
        "node_id": format!("IT_kwDO{}", kind.id),
        "updated_at": "2024-01-01T00:00:00Z",
    })
}

/// Writes JSON down.
pub(super) fn document(json: &Value) -> Document {
    written(serde_json::to_vec(json).expect("a value can be written"))
}

fn written(bytes: Vec<u8>) -> Document {
    let mut hasher = DefaultHasher::new();
    bytes.hash(&mut hasher);
    Document { bytes: bytes.into(), hash: hasher.finish() }
}

/// Returns documents as one list.
pub(super) fn list<'a>(documents: impl Iterator<Item = &'a Document>) -> Document {
    let (mut bytes, mut hasher) = (vec![b'['], DefaultHasher::new());
    for (number, document) in documents.enumerate() {
        if number > 0 {
            bytes.push(b',');
        }
        bytes.extend_from_slice(&document.bytes);
        document.hash.hash(&mut hasher);
    }
    bytes.push(b']');
    Document { bytes: bytes.into(), hash: hasher.finish() }
}

fn association(repository: &Repository, login: Option<&str>) -> &'static str {
    let member = login.is_some_and(|login| repository.assignable.iter().any(|known| known == login));
    if member { "MEMBER" } else { "NONE" }
}

fn time(time: Timestamp) -> String {
    time.to_string()
}

fn reactions(api: &str) -> Value {
    json!({
        "+1": 0, "-1": 0, "confused": 0, "eyes": 0, "heart": 0, "hooray": 0, "laugh": 0, "rocket": 0,
        "total_count": 0, "url": format!("{api}/reactions"),
    })
}

fn sub_issues_summary(repository: &Repository, issue: &Issue) -> Value {
    let total = issue.sub_issues.len();
    let children = issue.sub_issues.iter().filter_map(|number| repository.here(*number));
    let completed = children.filter(|child| !child.open).count();
    let percent = (completed * 100).checked_div(total).unwrap_or(0);
    json!({ "completed": completed, "percent_completed": percent, "total": total })
}

/// Returns a name as a part of a path.
fn segment(name: &str) -> String {
    percent_encoding::utf8_percent_encode(name, percent_encoding::NON_ALPHANUMERIC).to_string()
}
