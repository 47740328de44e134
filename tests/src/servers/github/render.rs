//! What is kept, as GitHub's JSON.

use std::hash::{DefaultHasher, Hash as _, Hasher as _};

use jiff::Timestamp;
use serde_json::{Map, Value, json};

use super::state::{Comment, Document, Issue, IssueType, Label, Milestone, Repository, State, User};

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

/// Links that users of every kind have, behind their own address.
const USER_LINKS: &[(&str, &str)] = &[
    ("events_url", "/events{/privacy}"),
    ("followers_url", "/followers"),
    ("following_url", "/following{/other_user}"),
    ("gists_url", "/gists{/gist_id}"),
    ("organizations_url", "/orgs"),
    ("received_events_url", "/received_events"),
    ("repos_url", "/repos"),
    ("starred_url", "/starred{/owner}{/repo}"),
    ("subscriptions_url", "/subscriptions"),
    ("url", ""),
];

/// Links of a repository, behind its own address.
const REPOSITORY_LINKS: &[(&str, &str)] = &[
    ("archive_url", "/{archive_format}{/ref}"),
    ("assignees_url", "/assignees{/user}"),
    ("blobs_url", "/git/blobs{/sha}"),
    ("branches_url", "/branches{/branch}"),
    ("collaborators_url", "/collaborators{/collaborator}"),
    ("comments_url", "/comments{/number}"),
    ("commits_url", "/commits{/sha}"),
    ("compare_url", "/compare/{base}...{head}"),
    ("contents_url", "/contents/{+path}"),
    ("contributors_url", "/contributors"),
    ("deployments_url", "/deployments"),
    ("downloads_url", "/downloads"),
    ("events_url", "/events"),
    ("forks_url", "/forks"),
    ("git_commits_url", "/git/commits{/sha}"),
    ("git_refs_url", "/git/refs{/sha}"),
    ("git_tags_url", "/git/tags{/sha}"),
    ("hooks_url", "/hooks"),
    ("issue_comment_url", "/issues/comments{/number}"),
    ("issue_events_url", "/issues/events{/number}"),
    ("issues_url", "/issues{/number}"),
    ("keys_url", "/keys{/key_id}"),
    ("labels_url", "/labels{/name}"),
    ("languages_url", "/languages"),
    ("merges_url", "/merges"),
    ("milestones_url", "/milestones{/number}"),
    ("notifications_url", "/notifications{?since,all,participating}"),
    ("pulls_url", "/pulls{/number}"),
    ("releases_url", "/releases{/id}"),
    ("stargazers_url", "/stargazers"),
    ("statuses_url", "/statuses/{sha}"),
    ("subscribers_url", "/subscribers"),
    ("subscription_url", "/subscription"),
    ("tags_url", "/tags"),
    ("teams_url", "/teams"),
    ("trees_url", "/git/trees{/sha}"),
    ("url", ""),
];

impl Site {
    fn repository_api(&self, repository: &Repository) -> String {
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

    /// Returns an issue, written at most once for as long as it stays the same.
    pub(super) fn issue<'a>(&self, state: &State, repository: &Repository, issue: &'a Issue) -> &'a Document {
        issue.rendered.get_or_init(|| document(&self.issue_json(state, repository, issue)))
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

    /// Returns a user by login; nobody, and a deleted account, is null.
    pub(super) fn user_called(&self, state: &State, login: Option<&str>) -> Value {
        login.and_then(|login| state.user(login)).map_or(Value::Null, |user| self.user(user))
    }

    fn user(&self, user: &User) -> Value {
        let api = format!("{}/users/{}", self.api, user.login);
        let mut json = links(&api, USER_LINKS);
        json.extend(members(json!({
            "avatar_url": format!("https://avatars.githubusercontent.com/u/{}?v=4", user.id),
            "gravatar_id": "",
            "html_url": format!("{}/{}", self.html, user.login),
            "id": user.id,
            "login": user.login,
            "node_id": format!("U_kgDO{}", user.id),
            "site_admin": false,
            "type": if user.organization { "Organization" } else { "User" },
            "user_view_type": "public",
        })));
        Value::Object(json)
    }

    /// Returns a user as they see themselves.
    pub(super) fn own_user(&self, user: &User) -> Value {
        let mut json = members(self.user(user));
        json.extend(members(json!({
            "bio": null, "blog": "", "company": null, "email": null, "hireable": null, "location": null, "name": null,
            "collaborators": 0, "created_at": "2011-01-25T18:44:36Z", "disk_usage": 0, "followers": 0, "following": 0,
            "owned_private_repos": 0, "private_gists": 0, "public_gists": 0, "public_repos": 0, "total_private_repos": 0,
            "two_factor_authentication": true, "updated_at": "2024-01-01T00:00:00Z",
        })));
        Value::Object(json)
    }

    pub(super) fn repository(&self, state: &State, repository: &Repository, push: bool) -> Value {
        let api = self.repository_api(repository);
        let page = format!("{}/{}/{}", self.html, repository.owner, repository.name);
        let open = repository.issues().filter(|issue| issue.open).count();
        let mut json = links(&api, REPOSITORY_LINKS);
        json.extend(members(json!({
            "archived": false, "clone_url": format!("{page}.git"), "created_at": "2024-01-01T00:00:00Z", "default_branch": "main",
            "description": null, "disabled": false, "fork": false, "forks": 0, "forks_count": 0,
            "full_name": repository.full_name(), "git_url": format!("git://{}", page.trim_start_matches("https://")),
            "has_discussions": false, "has_issues": repository.has_issues, "has_pages": false, "has_projects": true,
            "has_wiki": false, "homepage": null, "html_url": page, "id": repository.id, "language": null, "license": null,
            "mirror_url": null, "name": repository.name, "network_count": 0, "node_id": format!("R_kgDO{}", repository.id),
            "open_issues": open, "open_issues_count": open, "owner": self.user_called(state, Some(&repository.owner)),
            "permissions": { "admin": false, "maintain": false, "pull": true, "push": push, "triage": push },
            "private": repository.private, "pushed_at": "2024-01-01T00:00:00Z", "size": 0, "stargazers_count": 0,
            "ssh_url": format!("git@github.com:{}.git", repository.full_name()), "subscribers_count": 0, "svn_url": page,
            "updated_at": "2024-01-01T00:00:00Z", "visibility": if repository.private { "private" } else { "public" },
            "watchers": 0, "watchers_count": 0,
        })));
        Value::Object(json)
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
    let bytes = serde_json::to_vec(json).expect("a value can be written");
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

fn links(base: &str, links: &[(&str, &str)]) -> Map<String, Value> {
    links.iter().map(|(name, rest)| ((*name).to_owned(), Value::from(format!("{base}{rest}")))).collect()
}

fn members(json: Value) -> Map<String, Value> {
    match json {
        Value::Object(members) => members,
        other => unreachable!("{other} is no object"),
    }
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
    let completed = repository.issues().filter(|child| issue.sub_issues.contains(&child.number) && !child.open).count();
    let percent = (completed * 100).checked_div(total).unwrap_or(0);
    json!({ "completed": completed, "percent_completed": percent, "total": total })
}

/// Returns a name as a part of a path.
fn segment(name: &str) -> String {
    percent_encoding::utf8_percent_encode(name, percent_encoding::NON_ALPHANUMERIC).to_string()
}
