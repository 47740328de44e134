//! Azure DevOps' JSON in its own words, borrowed from the answer. What it means is for `mapping` to say.
//!
//! The fields of a work item are in `api/fields`, people in `api/identity`. A field that older servers, or other ways to
//! an answer, leave out is optional. Lists of what is *not* read, with the reasons, are in `ignored`.

mod fields;
mod identity;

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::value::RawValue;
use usher_adapter_sdk::{decode::Text, model::Time};

pub(crate) use fields::Fields;
pub(crate) use identity::Identity;

/// A work item: <https://learn.microsoft.com/rest/api/azure/devops/wit/work-items/get-work-item>
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct WorkItem<'a> {
    pub id: u64,
    pub rev: Option<u64>,
    #[serde(borrow)]
    pub fields: Fields<'a>,
    #[serde(borrow)]
    pub relations: Option<Vec<Relation<'a>>>,
    /// Which texts are Markdown; without it all are HTML.
    #[serde(borrow)]
    pub multiline_fields_format: Option<BTreeMap<Text<'a>, Text<'a>>>,
    #[serde(borrow)]
    pub comment_version_ref: Option<CommentVersion<'a>>,
}

/// The comment that a revision has added or changed.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct CommentVersion<'a> {
    pub comment_id: Option<u64>,
    pub version: Option<u64>,
    #[serde(borrow)]
    pub text: Option<Text<'a>>,
}

/// A link to another work item, a page or a file.
#[derive(Debug, Deserialize)]
pub(crate) struct Relation<'a> {
    #[serde(borrow)]
    pub rel: Text<'a>,
    #[serde(borrow)]
    pub url: Text<'a>,
    #[serde(borrow)]
    pub attributes: Option<RelationAttributes<'a>>,
}

/// What is known of a link.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct RelationAttributes<'a> {
    #[serde(borrow)]
    pub name: Option<Text<'a>>,
    pub resource_size: Option<u64>,
    pub resource_created_date: Option<Time>,
}

/// A comment: <https://learn.microsoft.com/rest/api/azure/devops/wit/comments/get-comments>
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Comment<'a> {
    #[serde(alias = "commentId")]
    pub id: u64,
    #[serde(borrow)]
    pub text: Option<Text<'a>>,
    /// `markdown` or `html`; older versions know only the latter and do not say it.
    #[serde(borrow)]
    pub format: Option<Text<'a>>,
    #[serde(borrow)]
    pub created_by: Option<Identity<'a>>,
    pub created_date: Option<Time>,
    pub modified_date: Option<Time>,
    pub is_deleted: Option<bool>,
}

/// A page of comments.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct CommentList<'a> {
    pub total_count: Option<u64>,
    #[serde(borrow)]
    pub comments: Vec<Comment<'a>>,
    #[serde(borrow)]
    pub continuation_token: Option<Text<'a>>,
}

/// A list of anything.
#[derive(Debug, Deserialize)]
pub(crate) struct List<T> {
    pub value: Vec<T>,
}

/// A page of work items; one that was left out is `null`.
#[derive(Debug, Deserialize)]
pub(crate) struct Batch<'a> {
    #[serde(borrow)]
    pub value: Vec<Option<&'a RawValue>>,
}

/// What a WIQL query has found: <https://learn.microsoft.com/rest/api/azure/devops/wit/wiql/query-by-wiql>
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct QueryResult {
    pub work_items: Option<Vec<Reference>>,
    pub work_item_relations: Option<Vec<Pair>>,
}

/// A work item that was found.
#[derive(Debug, Deserialize)]
pub(crate) struct Reference {
    pub id: u64,
}

/// Two work items of a query for links; the first has none before it.
#[derive(Debug, Deserialize)]
pub(crate) struct Pair {
    pub source: Option<Reference>,
    pub target: Option<Reference>,
}

/// A work item type: <https://learn.microsoft.com/rest/api/azure/devops/wit/work-item-types/list>
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct WorkItemType {
    pub name: String,
    pub reference_name: Option<String>,
    pub is_disabled: Option<bool>,
    #[serde(default)]
    pub states: Vec<State>,
    /// Where one may go from each state; the empty one is that of something new.
    #[serde(default)]
    pub transitions: BTreeMap<String, Vec<Transition>>,
    #[serde(default)]
    pub fields: Vec<TypeField>,
}

/// A state of a type: <https://learn.microsoft.com/rest/api/azure/devops/wit/work-item-type-states/list>
#[derive(Debug, Clone, Deserialize)]
pub(crate) struct State {
    pub name: String,
    pub category: Option<String>,
}

/// A step from one state to another.
#[derive(Debug, Clone, Deserialize)]
pub(crate) struct Transition {
    pub to: String,
}

/// A field of a type: <https://learn.microsoft.com/rest/api/azure/devops/wit/work-item-types-field/list>
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct TypeField {
    pub reference_name: String,
    pub name: Option<String>,
    pub always_required: Option<bool>,
    #[serde(default)]
    pub allowed_values: Vec<serde_json::Value>,
}

/// A field of the organisation: <https://learn.microsoft.com/rest/api/azure/devops/wit/fields/list>
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Field<'a> {
    #[serde(borrow)]
    pub reference_name: Text<'a>,
    #[serde(borrow, rename = "type")]
    pub field_type: Option<Text<'a>>,
}

/// An area or an iteration: <https://learn.microsoft.com/rest/api/azure/devops/wit/classification-nodes>
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Node {
    pub id: u64,
    pub name: String,
    pub structure_type: Option<String>,
    #[serde(default)]
    pub children: Vec<Node>,
}

/// A tag: <https://learn.microsoft.com/rest/api/azure/devops/wit/tags/list>
#[derive(Debug, Deserialize)]
pub(crate) struct Tag<'a> {
    #[serde(borrow)]
    pub name: Text<'a>,
}

/// A project: <https://learn.microsoft.com/rest/api/azure/devops/core/projects/list>
#[derive(Debug, Deserialize)]
pub(crate) struct Project<'a> {
    #[serde(borrow)]
    pub id: Option<Text<'a>>,
    #[serde(borrow)]
    pub name: Text<'a>,
}

/// A file that was uploaded: <https://learn.microsoft.com/rest/api/azure/devops/wit/attachments/create>
#[derive(Debug, Deserialize)]
pub(crate) struct Uploaded<'a> {
    #[serde(borrow)]
    pub id: Text<'a>,
    #[serde(borrow)]
    pub url: Text<'a>,
}

/// What a server says of itself and of us: `_apis/connectionData`.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ConnectionData {
    pub authenticated_user: Me,
    pub deployment_type: Option<String>,
}

/// An account, as a server knows its own.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Me {
    pub id: String,
    pub descriptor: Option<String>,
    pub subject_descriptor: Option<String>,
    pub provider_display_name: Option<String>,
    pub custom_display_name: Option<String>,
    #[serde(default)]
    pub properties: BTreeMap<String, Property>,
}

/// A property of an account, wrapped as .NET does it.
#[derive(Debug, Clone, Deserialize)]
pub(crate) struct Property {
    #[serde(rename = "$value")]
    pub value: Option<serde_json::Value>,
}

/// Somebody, as the directory knows them: <https://learn.microsoft.com/rest/api/azure/devops/ims/identities/read-identities>
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Directory {
    pub id: String,
    pub provider_display_name: Option<String>,
    #[serde(default)]
    pub properties: BTreeMap<String, Property>,
}

/// An error. Its `message` is for people; the number in front of it, and `typeKey`, are for us.
///
/// <https://learn.microsoft.com/azure/devops/integrate/concepts/rest-api-overview>
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Complaint<'a> {
    #[serde(borrow)]
    pub message: Option<Text<'a>>,
    #[serde(borrow)]
    pub type_key: Option<Text<'a>>,
    #[serde(borrow)]
    pub custom_properties: Option<ComplaintProperties<'a>>,
}

/// What an error says beside its message.
#[derive(Debug, Default, Deserialize)]
pub(crate) struct ComplaintProperties<'a> {
    #[serde(borrow, rename = "RuleValidationErrors")]
    pub rule_validation_errors: Option<Vec<Finding<'a>>>,
}

/// What is wrong with one field.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Finding<'a> {
    #[serde(borrow)]
    pub field_reference_name: Option<Text<'a>>,
    #[serde(borrow)]
    pub error_message: Option<Text<'a>>,
}
