//! What there is to choose from: fields, types, states, transitions.

use std::{collections::BTreeMap, fmt};

use serde::Deserialize;
use serde_json::value::RawValue;
use usher_adapter_sdk::decode::Text;

use super::{Id, LinkType, Status};

/// What people call each field, by its id.
pub(crate) type Names<'a> = BTreeMap<Text<'a>, Text<'a>>;

/// What each field holds, by its id.
pub(crate) type FieldsById<'a> = BTreeMap<Text<'a>, FieldSchema<'a>>;

/// What a field holds: <https://developer.atlassian.com/cloud/jira/platform/rest/v3/api-group-issue-fields/>
#[derive(Debug, Default, Deserialize)]
pub(crate) struct FieldSchema<'a> {
    #[serde(borrow, rename = "type")]
    pub kind: Option<Text<'a>>,
    #[serde(borrow)]
    pub items: Option<Text<'a>>,
    #[serde(borrow)]
    pub custom: Option<Text<'a>>,
    #[serde(borrow)]
    pub system: Option<Text<'a>>,
}

/// A field of the site.
#[derive(Debug, Deserialize)]
pub(crate) struct Field<'a> {
    #[serde(borrow)]
    pub id: Text<'a>,
    #[serde(borrow)]
    pub name: Option<Text<'a>>,
    #[serde(borrow)]
    pub schema: Option<FieldSchema<'a>>,
}

/// A field as a screen has it: for a new issue, an edit or a transition.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct FieldMeta<'a> {
    /// Its id, where it does not stand in front of it.
    #[serde(borrow)]
    pub field_id: Option<Text<'a>>,
    #[serde(borrow)]
    pub key: Option<Text<'a>>,
    #[serde(borrow)]
    pub name: Option<Text<'a>>,
    #[serde(default)]
    pub required: bool,
    #[serde(default)]
    pub has_default_value: bool,
    #[serde(borrow)]
    pub schema: Option<FieldSchema<'a>>,
    #[serde(borrow)]
    pub allowed_values: Option<Vec<&'a RawValue>>,
}

/// A type of issues: <https://developer.atlassian.com/cloud/jira/platform/rest/v3/api-group-issue-types/>
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct IssueType<'a> {
    #[serde(borrow)]
    pub id: Option<Id<'a>>,
    #[serde(borrow)]
    pub name: Text<'a>,
    pub subtask: Option<bool>,
    pub hierarchy_level: Option<i64>,
}

/// A type, with the states that it knows in a project.
#[derive(Debug, Deserialize)]
pub(crate) struct IssueTypeStatuses<'a> {
    #[serde(borrow)]
    pub name: Text<'a>,
    #[serde(borrow, default)]
    pub statuses: Vec<Status<'a>>,
}

/// A page of types for new issues: `issueTypes` on Cloud, `values` on Data Center.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct IssueTypePage<'a> {
    #[serde(borrow, alias = "values", default)]
    pub issue_types: Vec<IssueType<'a>>,
}

/// A page of fields for new issues: `fields` on Cloud, `values` on Data Center.
#[derive(Debug, Deserialize)]
pub(crate) struct FieldPage<'a> {
    #[serde(borrow, alias = "values", default)]
    pub fields: Vec<FieldMeta<'a>>,
}

/// A page of anything.
#[derive(Debug, Deserialize)]
#[serde(bound(deserialize = "T: Deserialize<'de>"))]
pub(crate) struct Values<T> {
    #[serde(default = "Vec::new")]
    pub values: Vec<T>,
}

/// A way out of a state. Its name is not that of the state it leads to.
#[derive(Debug, Deserialize)]
pub(crate) struct Transition<'a> {
    #[serde(borrow)]
    pub id: Id<'a>,
    #[serde(borrow)]
    pub name: Text<'a>,
    /// Missing on old servers.
    #[serde(borrow)]
    pub to: Option<Status<'a>>,
    #[serde(borrow, default)]
    pub fields: BTreeMap<Text<'a>, FieldMeta<'a>>,
}

/// The ways out of the state that an issue is in.
#[derive(Debug, Deserialize)]
pub(crate) struct Transitions<'a> {
    #[serde(borrow, default)]
    pub transitions: Vec<Transition<'a>>,
}

/// The kinds of links.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct LinkTypes<'a> {
    #[serde(borrow)]
    pub issue_link_types: Vec<LinkType<'a>>,
}

impl fmt::Display for FieldMeta<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name.as_deref().or(self.field_id.as_deref()).or(self.key.as_deref()).unwrap_or("a field"))
    }
}
