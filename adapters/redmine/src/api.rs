//! Redmine's JSON in Redmine's words, borrowed from the answer. What it means is for `mapping` to say.
//!
//! A field that older servers, narrower rights or a list leave out is optional.

use serde::Deserialize;
use serde_json::value::RawValue;
use usher_adapter_sdk::{decode::Text, model::Time};

/// The answer to one issue: <https://www.redmine.org/projects/redmine/wiki/Rest_Issues#Showing-an-issue>
#[derive(Debug, Deserialize)]
pub(crate) struct One<'a> {
    #[serde(borrow)]
    pub issue: Issue<'a>,
}

/// A page of a list: <https://www.redmine.org/projects/redmine/wiki/Rest_Issues#Listing-issues>
#[derive(Debug, Deserialize)]
pub(crate) struct Issues<'a> {
    #[serde(borrow)]
    pub issues: Vec<&'a RawValue>,
    pub total_count: u64,
}

/// An issue, alone or in a list.
#[derive(Debug, Deserialize)]
pub(crate) struct Issue<'a> {
    pub id: u64,
    #[serde(borrow)]
    pub project: Option<Named<'a>>,
    #[serde(borrow)]
    pub tracker: Option<Named<'a>>,
    #[serde(borrow)]
    pub status: Option<Status<'a>>,
    #[serde(borrow)]
    pub priority: Option<Named<'a>>,
    #[serde(borrow)]
    pub author: Option<Named<'a>>,
    /// A person or a group.
    #[serde(borrow)]
    pub assigned_to: Option<Named<'a>>,
    #[serde(borrow)]
    pub category: Option<Named<'a>>,
    #[serde(borrow)]
    pub fixed_version: Option<Named<'a>>,
    pub parent: Option<Id>,
    #[serde(borrow)]
    pub subject: Text<'a>,
    #[serde(borrow)]
    pub description: Option<Text<'a>>,
    #[serde(borrow)]
    pub start_date: Option<Text<'a>>,
    #[serde(borrow)]
    pub due_date: Option<Text<'a>>,
    pub done_ratio: Option<u64>,
    pub is_private: Option<bool>,
    pub estimated_hours: Option<f64>,
    pub total_estimated_hours: Option<f64>,
    pub spent_hours: Option<f64>,
    pub total_spent_hours: Option<f64>,
    #[serde(borrow)]
    pub custom_fields: Option<Vec<CustomValue<'a>>>,
    pub created_on: Option<Time>,
    pub updated_on: Option<Time>,
    pub closed_on: Option<Time>,
    #[serde(borrow)]
    pub attachments: Option<Vec<Attachment<'a>>>,
    #[serde(borrow)]
    pub relations: Option<Vec<Relation<'a>>>,
    // The rest comes with a single issue alone.
    #[serde(borrow)]
    pub journals: Option<Vec<Journal<'a>>>,
    #[serde(borrow)]
    pub children: Option<Vec<Child<'a>>>,
    #[serde(borrow)]
    pub watchers: Option<Vec<Named<'a>>>,
    #[serde(borrow)]
    pub changesets: Option<Vec<Changeset<'a>>>,
    #[serde(borrow)]
    pub allowed_statuses: Option<Vec<Status<'a>>>,
}

/// Something with an id.
#[derive(Debug, Clone, Copy, Deserialize)]
pub(crate) struct Id {
    pub id: u64,
}

/// Something with an id and a name.
#[derive(Debug, Deserialize)]
pub(crate) struct Named<'a> {
    pub id: u64,
    #[serde(borrow, default)]
    pub name: Text<'a>,
}

/// A status: <https://www.redmine.org/projects/redmine/wiki/Rest_IssueStatuses>
#[derive(Debug, Deserialize)]
pub(crate) struct Status<'a> {
    pub id: u64,
    #[serde(borrow)]
    pub name: Text<'a>,
    /// Older servers say it only in the list of all statuses.
    pub is_closed: Option<bool>,
}

/// The value of a custom field; a text, a list of texts where `multiple`, or nothing.
#[derive(Debug, Deserialize)]
pub(crate) struct CustomValue<'a> {
    pub id: u64,
    #[serde(borrow)]
    pub name: Option<Text<'a>>,
    pub multiple: Option<bool>,
    #[serde(borrow)]
    pub value: Option<&'a RawValue>,
}

/// A change of an issue, a note on it, or both: <https://www.redmine.org/projects/redmine/wiki/Rest_IssueJournals>
#[derive(Debug, Deserialize)]
pub(crate) struct Journal<'a> {
    pub id: u64,
    #[serde(borrow)]
    pub user: Option<Named<'a>>,
    #[serde(borrow)]
    pub notes: Option<Text<'a>>,
    pub created_on: Option<Time>,
    pub updated_on: Option<Time>,
    pub private_notes: Option<bool>,
}

/// A file: <https://www.redmine.org/projects/redmine/wiki/Rest_Attachments>
#[derive(Debug, Deserialize)]
pub(crate) struct Attachment<'a> {
    pub id: u64,
    #[serde(borrow)]
    pub filename: Text<'a>,
    pub filesize: Option<u64>,
    #[serde(borrow)]
    pub content_type: Option<Text<'a>>,
    #[serde(borrow)]
    pub content_url: Option<Text<'a>>,
    #[serde(borrow)]
    pub author: Option<Named<'a>>,
    pub created_on: Option<Time>,
}

/// A relation: <https://www.redmine.org/projects/redmine/wiki/Rest_IssueRelations>
#[derive(Debug, Deserialize)]
pub(crate) struct Relation<'a> {
    pub id: u64,
    pub issue_id: u64,
    pub issue_to_id: u64,
    #[serde(borrow)]
    pub relation_type: Text<'a>,
}

/// An issue that is a part of another; deeper ones stand in it.
#[derive(Debug, Deserialize)]
pub(crate) struct Child<'a> {
    pub id: u64,
    #[serde(borrow, default)]
    pub subject: Text<'a>,
}

/// A commit that names the issue.
#[derive(Debug, Deserialize)]
pub(crate) struct Changeset<'a> {
    #[serde(borrow)]
    pub revision: Text<'a>,
}

/// The account: <https://www.redmine.org/projects/redmine/wiki/Rest_Users>
#[derive(Debug, Deserialize)]
pub(crate) struct CurrentUser<'a> {
    #[serde(borrow)]
    pub user: User<'a>,
}

/// An account. Its `api_key`, which stands there too, never comes here: the manifest names it as a secret.
#[derive(Debug, Deserialize)]
pub(crate) struct User<'a> {
    pub id: u64,
    #[serde(borrow)]
    pub login: Option<Text<'a>>,
    #[serde(borrow)]
    pub firstname: Option<Text<'a>>,
    #[serde(borrow)]
    pub lastname: Option<Text<'a>>,
    #[serde(borrow)]
    pub mail: Option<Text<'a>>,
    #[serde(default)]
    pub admin: bool,
    #[serde(borrow, default)]
    pub memberships: Vec<Membership<'a>>,
}

/// A person's or a group's place in a project: <https://www.redmine.org/projects/redmine/wiki/Rest_Memberships>
#[derive(Debug, Deserialize)]
pub(crate) struct Membership<'a> {
    pub project: Option<Id>,
    #[serde(borrow)]
    pub user: Option<Named<'a>>,
    #[serde(borrow)]
    pub group: Option<Named<'a>>,
    #[serde(default)]
    pub roles: Vec<Id>,
}

/// What a role may do: <https://www.redmine.org/projects/redmine/wiki/Rest_Roles>
#[derive(Debug, Deserialize)]
pub(crate) struct OneRole<'a> {
    #[serde(borrow)]
    pub role: Role<'a>,
}

#[derive(Debug, Deserialize)]
pub(crate) struct Role<'a> {
    #[serde(borrow, default)]
    pub permissions: Vec<Text<'a>>,
}

/// What can be chosen: lists of one name each, of which an answer holds one.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Lists<'a> {
    #[serde(borrow)]
    pub issue_statuses: Vec<Status<'a>>,
    #[serde(borrow)]
    pub trackers: Vec<Named<'a>>,
    #[serde(borrow)]
    pub issue_priorities: Vec<Named<'a>>,
    #[serde(borrow)]
    pub versions: Vec<Named<'a>>,
    #[serde(borrow)]
    pub memberships: Vec<Membership<'a>>,
    #[serde(borrow)]
    pub users: Vec<User<'a>>,
    #[serde(borrow)]
    pub projects: Vec<Project<'a>>,
    #[serde(borrow)]
    pub custom_fields: Vec<Definition<'a>>,
    pub total_count: u64,
}

/// A project: <https://www.redmine.org/projects/redmine/wiki/Rest_Projects>
#[derive(Debug, Deserialize)]
pub(crate) struct OneProject<'a> {
    #[serde(borrow)]
    pub project: Project<'a>,
}

#[derive(Debug, Deserialize)]
pub(crate) struct Project<'a> {
    pub id: u64,
    #[serde(borrow, default)]
    pub name: Text<'a>,
    #[serde(borrow, default)]
    pub identifier: Text<'a>,
    #[serde(borrow, default)]
    pub trackers: Vec<Named<'a>>,
    #[serde(borrow, default)]
    pub issue_categories: Vec<Named<'a>>,
    #[serde(borrow, default)]
    pub issue_custom_fields: Vec<Named<'a>>,
}

/// A custom field; only administrators may read these: <https://www.redmine.org/projects/redmine/wiki/Rest_CustomFields>
#[derive(Debug, Deserialize)]
pub(crate) struct Definition<'a> {
    pub id: u64,
    #[serde(borrow, default)]
    pub name: Text<'a>,
    #[serde(borrow, default)]
    pub customized_type: Text<'a>,
    #[serde(borrow, default)]
    pub field_format: Text<'a>,
    #[serde(default)]
    pub multiple: bool,
    #[serde(default)]
    pub is_required: bool,
    pub max_length: Option<u64>,
    #[serde(borrow)]
    pub regexp: Option<Text<'a>>,
    #[serde(borrow, default)]
    pub possible_values: Vec<PossibleValue<'a>>,
    #[serde(borrow, default)]
    pub trackers: Vec<Named<'a>>,
}

#[derive(Debug, Deserialize)]
pub(crate) struct PossibleValue<'a> {
    #[serde(borrow)]
    pub value: Text<'a>,
    #[serde(borrow)]
    pub label: Option<Text<'a>>,
}

/// What a search finds: <https://www.redmine.org/projects/redmine/wiki/Rest_Search>
#[derive(Debug, Deserialize)]
pub(crate) struct Results<'a> {
    #[serde(borrow)]
    pub results: Vec<Found<'a>>,
    pub total_count: u64,
}

/// Something that was found.
#[derive(Debug, Deserialize)]
pub(crate) struct Found<'a> {
    pub id: u64,
    /// `issue`, `issue-closed`, or what else there is.
    #[serde(borrow, rename = "type")]
    pub kind: Option<Text<'a>>,
}

impl Found<'_> {
    /// Says whether it is an issue: those alone were asked for, where the answer does not say.
    pub(crate) fn is_issue(&self) -> bool {
        self.kind.as_deref().is_none_or(|kind| kind == "issue" || kind.starts_with("issue-"))
    }
}

/// The answer to the first step of attaching a file.
#[derive(Debug, Deserialize)]
pub(crate) struct Uploaded<'a> {
    #[serde(borrow)]
    pub upload: Upload<'a>,
}

#[derive(Debug, Deserialize)]
pub(crate) struct Upload<'a> {
    #[serde(borrow)]
    pub token: Text<'a>,
}

/// What is wrong with a request, in sentences of the account's language.
#[derive(Debug, Default, Deserialize)]
pub(crate) struct Complaint<'a> {
    #[serde(borrow, default)]
    pub errors: Vec<Text<'a>>,
}
