//! What a write looks up before it is sent, and what it answers; and what can be chosen.

use serde::Deserialize;
use usher_adapter_sdk::{
    decode::Text,
    model::{Due, Time},
};

use super::{Connection, Named, State, User};

/// A team.
#[derive(Debug, Deserialize)]
pub(crate) struct Team<'a> {
    #[serde(borrow)]
    pub id: Option<Text<'a>>,
    #[serde(borrow)]
    pub key: Option<Text<'a>>,
    #[serde(borrow)]
    pub name: Option<Text<'a>>,
}

/// A cycle. One without a name is called by its number.
#[derive(Debug, Deserialize)]
pub(crate) struct Cycle<'a> {
    #[serde(borrow)]
    pub id: Option<Text<'a>>,
    #[serde(borrow)]
    pub name: Option<Text<'a>>,
    pub number: Option<f64>,
    #[serde(borrow)]
    pub team: Option<Team<'a>>,
}

/// The issue that was made or changed, as it now is.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Written<'a> {
    #[serde(borrow)]
    pub id: Text<'a>,
    #[serde(borrow)]
    pub identifier: Text<'a>,
    #[serde(borrow)]
    pub url: Option<Text<'a>>,
    #[serde(borrow)]
    pub title: Text<'a>,
    #[serde(borrow)]
    pub description: Option<Text<'a>>,
    pub priority: Option<f64>,
    pub estimate: Option<f64>,
    pub due_date: Option<Due>,
    pub updated_at: Option<Time>,
    #[serde(borrow, default)]
    pub label_ids: Vec<Text<'a>>,
    #[serde(borrow)]
    pub state: Option<State<'a>>,
    #[serde(borrow)]
    pub team: Option<TeamNames<'a>>,
    #[serde(borrow)]
    pub assignee: Option<User<'a>>,
    #[serde(borrow)]
    pub project: Option<Named<'a>>,
    #[serde(borrow)]
    pub project_milestone: Option<Named<'a>>,
    #[serde(borrow)]
    pub cycle: Option<Cycle<'a>>,
    #[serde(borrow)]
    pub parent: Option<Held<'a>>,
    // What only an issue has that is about to be changed.
    #[serde(borrow)]
    pub labels: Option<Connection<Named<'a>>>,
    #[serde(borrow)]
    pub relations: Option<Connection<HeldRelation<'a>>>,
    #[serde(borrow)]
    pub inverse_relations: Option<Connection<HeldRelation<'a>>>,
}

/// Another issue, by everything it is known by.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Held<'a> {
    #[serde(borrow)]
    pub id: Text<'a>,
    #[serde(borrow)]
    pub identifier: Text<'a>,
    #[serde(borrow, default)]
    pub previous_identifiers: Vec<Text<'a>>,
}

impl Held<'_> {
    /// Says whether it is the issue that is meant, also by an old key.
    pub(crate) fn is(&self, key: &str) -> bool {
        [&self.id, &self.identifier]
            .into_iter()
            .chain(&self.previous_identifiers)
            .any(|own| own.eq_ignore_ascii_case(key))
    }
}

/// A relation that can be ended.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct HeldRelation<'a> {
    #[serde(borrow)]
    pub id: Text<'a>,
    #[serde(borrow, rename = "type")]
    pub kind: Text<'a>,
    #[serde(borrow)]
    pub related_issue: Option<Held<'a>>,
    #[serde(borrow)]
    pub issue: Option<Held<'a>>,
}

/// A team, with the states and labels that its issues can have.
#[derive(Debug, Deserialize)]
pub(crate) struct TeamNames<'a> {
    #[serde(borrow)]
    pub id: Text<'a>,
    #[serde(borrow)]
    pub key: Text<'a>,
    #[serde(borrow)]
    pub name: Option<Text<'a>>,
    #[serde(borrow)]
    pub states: Option<Connection<State<'a>>>,
    #[serde(borrow)]
    pub labels: Option<Connection<Label<'a>>>,
}

/// A label that can be given; a group cannot.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Label<'a> {
    #[serde(borrow)]
    pub id: Text<'a>,
    #[serde(borrow)]
    pub name: Text<'a>,
    pub is_group: bool,
}

/// The answer to `Names`.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct Names<'a> {
    #[serde(borrow)]
    pub issue: Option<Written<'a>>,
    #[serde(borrow)]
    pub teams: Option<Connection<TeamNames<'a>>>,
    #[serde(borrow)]
    pub users: Option<Connection<User<'a>>>,
    #[serde(borrow)]
    pub projects: Option<Connection<Named<'a>>>,
    #[serde(borrow)]
    pub project_milestones: Option<Connection<Milestone<'a>>>,
    #[serde(borrow)]
    pub cycles: Option<Connection<Cycle<'a>>>,
    #[serde(borrow)]
    pub viewer: Option<User<'a>>,
}

/// A milestone, and the project that it is one of.
#[derive(Debug, Deserialize)]
pub(crate) struct Milestone<'a> {
    #[serde(borrow)]
    pub id: Text<'a>,
    #[serde(borrow)]
    pub name: Text<'a>,
    #[serde(borrow)]
    pub project: Option<Named<'a>>,
}

/// The answer to `IssueCreate`.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct IssueCreated<'a> {
    #[serde(borrow)]
    pub issue_create: IssuePayload<'a>,
}

/// The answer to `IssueUpdate`.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct IssueUpdated<'a> {
    #[serde(borrow)]
    pub issue_update: IssuePayload<'a>,
}

/// What became of an issue.
#[derive(Debug, Deserialize)]
pub(crate) struct IssuePayload<'a> {
    pub success: bool,
    #[serde(borrow)]
    pub issue: Option<Written<'a>>,
}

/// The answer to `CommentCreate`.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct CommentCreated<'a> {
    #[serde(borrow)]
    pub comment_create: CommentPayload<'a>,
}

/// What became of a comment.
#[derive(Debug, Deserialize)]
pub(crate) struct CommentPayload<'a> {
    pub success: bool,
    #[serde(borrow)]
    pub comment: Option<super::Comment<'a>>,
}

/// The answer to `RelationCreate` or to `RelationDelete`.
#[derive(Debug, Deserialize)]
pub(crate) struct RelationWritten {
    #[serde(alias = "issueRelationCreate", alias = "issueRelationDelete")]
    pub relation: Payload,
}

/// Whether something was done.
#[derive(Debug, Deserialize)]
pub(crate) struct Payload {
    pub success: bool,
}

/// The answer to `FoundIssues`.
#[derive(Debug, Deserialize)]
pub(crate) struct FoundIssues<'a> {
    #[serde(borrow)]
    pub issues: Connection<FoundIssue<'a>>,
}

/// An issue that was found again.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct FoundIssue<'a> {
    #[serde(borrow)]
    pub identifier: Text<'a>,
    #[serde(borrow)]
    pub url: Option<Text<'a>>,
    pub created_at: Option<Time>,
}

/// The answer to `FoundComments`.
#[derive(Debug, Deserialize)]
pub(crate) struct FoundComments<'a> {
    #[serde(borrow)]
    pub comments: Connection<FoundComment<'a>>,
}

/// A comment that was found again.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct FoundComment<'a> {
    #[serde(borrow)]
    pub id: Text<'a>,
    #[serde(borrow)]
    pub url: Option<Text<'a>>,
    pub created_at: Option<Time>,
    /// Absent where the comment is on something else than an issue.
    #[serde(borrow)]
    pub issue: Option<CommentedIssue<'a>>,
}

/// The issue of a comment.
#[derive(Debug, Deserialize)]
pub(crate) struct CommentedIssue<'a> {
    #[serde(borrow)]
    pub identifier: Text<'a>,
}

/// The answer to `Teams`.
#[derive(Debug, Deserialize)]
pub(crate) struct Teams<'a> {
    #[serde(borrow)]
    pub teams: Connection<Team<'a>>,
}

/// The answer to `Options`.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct OptionsOfTeam<'a> {
    #[serde(borrow)]
    pub teams: Connection<TeamOptions<'a>>,
    #[serde(borrow)]
    pub issue_priority_values: Option<Vec<PriorityValue<'a>>>,
}

/// What can be chosen in a team.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct TeamOptions<'a> {
    #[serde(borrow)]
    pub id: Option<Text<'a>>,
    #[serde(borrow)]
    pub key: Text<'a>,
    #[serde(borrow)]
    pub name: Option<Text<'a>>,
    /// `notUsed`, `exponential`, `fibonacci`, `linear` or `tShirt`.
    #[serde(borrow)]
    pub issue_estimation_type: Option<Text<'a>>,
    #[serde(borrow)]
    pub states: Option<Connection<State<'a>>>,
    #[serde(borrow)]
    pub labels: Option<Connection<super::LabelName<'a>>>,
    #[serde(borrow)]
    pub members: Option<Connection<User<'a>>>,
    #[serde(borrow)]
    pub projects: Option<Connection<ProjectOption<'a>>>,
    #[serde(borrow)]
    pub cycles: Option<Connection<Cycle<'a>>>,
}

/// A project, with its milestones.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ProjectOption<'a> {
    #[serde(borrow)]
    pub id: Option<Text<'a>>,
    #[serde(borrow)]
    pub name: Text<'a>,
    #[serde(borrow)]
    pub project_milestones: Option<Connection<Named<'a>>>,
}

/// A priority, and its name.
#[derive(Debug, Deserialize)]
pub(crate) struct PriorityValue<'a> {
    pub priority: f64,
    #[serde(borrow)]
    pub label: Text<'a>,
}
