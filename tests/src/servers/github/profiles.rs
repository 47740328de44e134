//! Users and repositories, as GitHub's JSON: many links, and little else.

use serde_json::{Map, Value, json};

use super::{
    render::Site,
    state::{Repository, State, User},
};

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

fn links(base: &str, links: &[(&str, &str)]) -> Map<String, Value> {
    links.iter().map(|(name, rest)| ((*name).to_owned(), Value::from(format!("{base}{rest}")))).collect()
}

fn members(json: Value) -> Map<String, Value> {
    match json {
        Value::Object(members) => members,
        other => unreachable!("{other} is no object"),
    }
}
