//! Which documents are cut, and which operations of each are kept.

/// A document, and its cut.
pub(crate) struct Document {
    /// The platform, which is the folder of the cut too.
    pub(crate) platform: &'static str,
    /// Where it may be found below `USHER_SPECS`.
    pub(crate) found_at: &'static [&'static str],
    /// What the cut is called.
    pub(crate) cut: &'static str,
    /// The paths and methods that are kept. A path that the document does not have is left out.
    pub(crate) operations: Operations,
}

/// Paths with their methods, sorted.
pub(crate) type Operations = &'static [(&'static str, &'static [&'static str])];

/// All documents. GitHub's are in the npm package `@octokit/openapi`.
pub(crate) const DOCUMENTS: &[Document] = &[
    Document {
        platform: "github",
        found_at: &["generated/api.github.com.json", "github/api.github.com.issues.openapi.json"],
        cut: "api.github.com.openapi.json",
        operations: GITHUB,
    },
    Document {
        platform: "github",
        found_at: &["generated/ghes-3.19.json", "github/ghes-3.19.issues.openapi.json"],
        cut: "ghes-3.19.openapi.json",
        operations: GITHUB,
    },
    Document {
        platform: "jira",
        found_at: &["swagger-v3.v3.json"],
        cut: "cloud-v3.openapi.json",
        operations: JIRA_CLOUD,
    },
    Document {
        platform: "redmine",
        found_at: &["openapi.yaml", "redmine/redmine-unofficial.openapi.yaml"],
        cut: "redmine.openapi.json",
        operations: REDMINE,
    },
];

/// GitHub: what the fake has.
const GITHUB: Operations = &[
    ("/meta", &["get"]),
    ("/orgs/{org}/issue-fields", &["get"]),
    ("/rate_limit", &["get"]),
    ("/repos/{owner}/{repo}", &["get"]),
    ("/repos/{owner}/{repo}/assignees", &["get"]),
    ("/repos/{owner}/{repo}/issue-types", &["get"]),
    ("/repos/{owner}/{repo}/issues", &["get", "post"]),
    ("/repos/{owner}/{repo}/issues/{issue_number}", &["get", "patch"]),
    ("/repos/{owner}/{repo}/issues/{issue_number}/assignees", &["delete", "post"]),
    ("/repos/{owner}/{repo}/issues/{issue_number}/comments", &["get", "post"]),
    ("/repos/{owner}/{repo}/issues/{issue_number}/labels", &["post"]),
    ("/repos/{owner}/{repo}/issues/{issue_number}/labels/{name}", &["delete"]),
    ("/repos/{owner}/{repo}/issues/{issue_number}/parent", &["get"]),
    ("/repos/{owner}/{repo}/issues/{issue_number}/sub_issue", &["delete"]),
    ("/repos/{owner}/{repo}/issues/{issue_number}/sub_issues", &["get", "post"]),
    ("/repos/{owner}/{repo}/labels", &["get"]),
    ("/repos/{owner}/{repo}/milestones", &["get"]),
    ("/search/issues", &["get"]),
    ("/user", &["get"]),
];

/// Jira Cloud: what the fake and the adapter have, and the removed search, which answers 410.
const JIRA_CLOUD: Operations = &[
    ("/rest/api/3/attachment/content/{id}", &["get"]),
    ("/rest/api/3/attachment/{id}", &["get"]),
    ("/rest/api/3/comment/list", &["post"]),
    ("/rest/api/3/comment/{commentId}/properties/{propertyKey}", &["get", "put"]),
    ("/rest/api/3/field", &["get"]),
    ("/rest/api/3/issue", &["post"]),
    ("/rest/api/3/issue/bulkfetch", &["post"]),
    ("/rest/api/3/issue/createmeta/{projectIdOrKey}/issuetypes", &["get"]),
    ("/rest/api/3/issue/createmeta/{projectIdOrKey}/issuetypes/{issueTypeId}", &["get"]),
    ("/rest/api/3/issue/{issueIdOrKey}", &["get", "put"]),
    ("/rest/api/3/issue/{issueIdOrKey}/assignee", &["put"]),
    ("/rest/api/3/issue/{issueIdOrKey}/attachments", &["post"]),
    ("/rest/api/3/issue/{issueIdOrKey}/comment", &["get", "post"]),
    ("/rest/api/3/issue/{issueIdOrKey}/comment/{id}", &["get"]),
    ("/rest/api/3/issue/{issueIdOrKey}/editmeta", &["get"]),
    ("/rest/api/3/issue/{issueIdOrKey}/properties/{propertyKey}", &["get", "put"]),
    ("/rest/api/3/issue/{issueIdOrKey}/transitions", &["get", "post"]),
    ("/rest/api/3/issue/{issueIdOrKey}/worklog", &["get"]),
    ("/rest/api/3/issueLink", &["post"]),
    ("/rest/api/3/issueLink/{linkId}", &["delete", "get"]),
    ("/rest/api/3/issueLinkType", &["get"]),
    ("/rest/api/3/issuetype", &["get"]),
    ("/rest/api/3/label", &["get"]),
    ("/rest/api/3/mypermissions", &["get"]),
    ("/rest/api/3/myself", &["get"]),
    ("/rest/api/3/priority", &["get"]),
    ("/rest/api/3/priority/search", &["get"]),
    ("/rest/api/3/project/search", &["get"]),
    ("/rest/api/3/project/{projectIdOrKey}", &["get"]),
    ("/rest/api/3/project/{projectIdOrKey}/components", &["get"]),
    ("/rest/api/3/project/{projectIdOrKey}/statuses", &["get"]),
    ("/rest/api/3/project/{projectIdOrKey}/versions", &["get"]),
    ("/rest/api/3/resolution", &["get"]),
    ("/rest/api/3/search", &["get", "post"]),
    ("/rest/api/3/search/approximate-count", &["post"]),
    ("/rest/api/3/search/jql", &["get", "post"]),
    ("/rest/api/3/serverInfo", &["get"]),
    ("/rest/api/3/status", &["get"]),
    ("/rest/api/3/user/assignable/search", &["get"]),
    ("/rest/api/3/user/search", &["get"]),
];

/// Redmine: what the adapter asks.
const REDMINE: Operations = &[
    ("/attachments/download/{attachment_id}/{filename}", &["get"]),
    ("/custom_fields.{format}", &["get"]),
    ("/enumerations/issue_priorities.{format}", &["get"]),
    ("/issue_statuses.{format}", &["get"]),
    ("/issues.{format}", &["get", "post"]),
    ("/issues/{issue_id}.{format}", &["get", "put"]),
    ("/issues/{issue_id}/relations.{format}", &["post"]),
    ("/projects.{format}", &["get"]),
    ("/projects/{project_id}.{format}", &["get"]),
    ("/projects/{project_id}/memberships.{format}", &["get"]),
    ("/projects/{project_id}/search.{format}", &["get"]),
    ("/projects/{project_id}/versions.{format}", &["get"]),
    ("/relations/{issue_relation_id}.{format}", &["delete"]),
    ("/roles/{role_id}.{format}", &["get"]),
    ("/search.{format}", &["get"]),
    ("/trackers.{format}", &["get"]),
    ("/uploads.{format}", &["post"]),
    ("/users.{format}", &["get"]),
    ("/users/current.{format}", &["get"]),
];
