//! Jira's JSON in Jira's words, borrowed from the answer. What it means is for `mapping` to say.
//!
//! Cloud (v3) and Data Center (v2) share these types: what only one of them has is optional. An issue is in `api/issue`, the
//! catalogues that one chooses from (fields, types, transitions) are in `api/meta`.
//!
//! <https://developer.atlassian.com/cloud/jira/platform/rest/v3/> and <https://docs.atlassian.com/software/jira/docs/api/REST/9.17.0/>

mod id;
mod issue;
mod meta;

use serde::Deserialize;
use serde_json::value::RawValue;
use usher_adapter_sdk::{decode::Text, model::Time};

pub(crate) use id::Id;
pub(crate) use issue::{
    Attachment, Comment, Comments, Fields, Issue, IssueLink, LinkType, LinkedIssue, Project, Status, Worklog, Worklogs,
};
pub(crate) use meta::{
    Field, FieldMeta, FieldPage, FieldSchema, FieldsById, IssueType, IssueTypePage, IssueTypeStatuses, LinkTypes,
    Names, Transition, Transitions, Values,
};

/// Somebody: <https://developer.atlassian.com/cloud/jira/platform/rest/v3/api-group-users/>
///
/// Cloud knows people by `accountId`; Data Center by `name` (the login) and `key`.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct User<'a> {
    #[serde(borrow)]
    pub account_id: Option<Text<'a>>,
    #[serde(borrow)]
    pub account_type: Option<Text<'a>>,
    #[serde(borrow)]
    pub name: Option<Text<'a>>,
    #[serde(borrow)]
    pub key: Option<Text<'a>>,
    #[serde(borrow)]
    pub email_address: Option<Text<'a>>,
    #[serde(borrow)]
    pub display_name: Option<Text<'a>>,
    #[serde(borrow)]
    pub time_zone: Option<Text<'a>>,
}

/// Something with an id and a name: a priority, a resolution, a component, a version.
#[derive(Debug, Deserialize)]
pub(crate) struct Named<'a> {
    #[serde(borrow)]
    pub id: Option<Id<'a>>,
    #[serde(borrow)]
    pub name: Option<Text<'a>>,
}

/// What a server is: <https://developer.atlassian.com/cloud/jira/platform/rest/v3/api-group-server-info/>
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ServerInfo<'a> {
    #[serde(borrow)]
    pub version: Option<Text<'a>>,
    #[serde(borrow)]
    pub deployment_type: Option<Text<'a>>,
    pub server_time: Option<Time>,
}

/// Which site it is, beside the API: `/_edge/tenant_info`.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct TenantInfo<'a> {
    #[serde(borrow)]
    pub cloud_id: Text<'a>,
}

/// A page of a search, of Cloud's (`isLast`, `nextPageToken`) or of Data Center's (`startAt`, `total`).
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Found<'a> {
    #[serde(borrow, default)]
    pub issues: Vec<&'a RawValue>,
    #[serde(borrow)]
    pub next_page_token: Option<Text<'a>>,
    pub start_at: Option<u64>,
    pub total: Option<u64>,
    #[serde(borrow)]
    pub warning_messages: Option<Vec<Text<'a>>>,
}

/// An issue of which only its id and creation are asked.
#[derive(Debug, Deserialize)]
pub(crate) struct Listed<'a> {
    #[serde(borrow)]
    pub id: Id<'a>,
    #[serde(default)]
    pub fields: Option<ListedFields>,
}

/// What is asked of a listed issue beside its id.
#[derive(Debug, Deserialize)]
pub(crate) struct ListedFields {
    pub created: Option<Time>,
}

/// Issues by id: <https://developer.atlassian.com/cloud/jira/platform/rest/v3/api-group-issues/#api-rest-api-3-issue-bulkfetch-post>
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct BulkFetched<'a> {
    #[serde(borrow, default)]
    pub issues: Vec<&'a RawValue>,
    #[serde(borrow, default)]
    pub issue_errors: Vec<IssueError<'a>>,
}

/// An issue that could not be had, and why.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct IssueError<'a> {
    #[serde(borrow)]
    pub id: Option<Id<'a>>,
    #[serde(borrow)]
    pub error_message: Option<Text<'a>>,
}

/// What was made: <https://developer.atlassian.com/cloud/jira/platform/rest/v3/api-group-issues/#api-rest-api-3-issue-post>
#[derive(Debug, Deserialize)]
pub(crate) struct CreatedIssue<'a> {
    #[serde(borrow)]
    pub id: Id<'a>,
    #[serde(borrow)]
    pub key: Text<'a>,
}

/// A comment as the service desk has it.
#[derive(Debug, Deserialize)]
pub(crate) struct RequestComment<'a> {
    #[serde(borrow)]
    pub id: Id<'a>,
    pub public: Option<bool>,
}

/// A page of the service desk's comments.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct RequestComments<'a> {
    #[serde(borrow, default)]
    pub values: Vec<RequestComment<'a>>,
    pub is_last_page: Option<bool>,
}

/// A property: what an app, or this adapter, has hung on something.
#[derive(Debug, Deserialize)]
pub(crate) struct Property<'a> {
    #[serde(borrow)]
    pub key: Text<'a>,
    #[serde(borrow)]
    pub value: &'a RawValue,
}

/// What is wrong: sentences, and findings by field. Either may be empty; the service desk has one sentence.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct Complaint<'a> {
    #[serde(borrow)]
    pub error_messages: Option<Vec<Text<'a>>>,
    #[serde(borrow)]
    pub error_message: Option<Text<'a>>,
    #[serde(borrow)]
    pub message: Option<Text<'a>>,
    #[serde(borrow)]
    pub errors: Option<&'a RawValue>,
}
