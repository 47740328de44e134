//! GitHub's JSON in GitHub's words, borrowed from the answer. What it means is for `mapping` to say.
//!
//! A field that older servers, or other ways to an answer, leave out is optional. Lists of what is *not* read,
//! with the reasons, are in `ignored`.

use std::fmt;

use serde::{
    Deserialize, Deserializer,
    de::{MapAccess, Visitor, value::MapAccessDeserializer},
};
use serde_json::value::RawValue;
use usher_adapter_sdk::{
    decode::{Text, present},
    model::Time,
};

/// An issue or a pull request: <https://docs.github.com/rest/issues/issues#get-an-issue>
#[derive(Debug, Deserialize)]
pub(crate) struct Issue<'a> {
    pub id: Option<u64>,
    pub number: u64,
    #[serde(borrow)]
    pub title: Text<'a>,
    #[serde(borrow)]
    pub body: Option<Text<'a>>,
    #[serde(borrow)]
    pub state: Option<Text<'a>>,
    #[serde(borrow)]
    pub state_reason: Option<Text<'a>>,
    /// `null` for an account that was deleted.
    #[serde(borrow, default, deserialize_with = "present")]
    pub user: Option<Option<User<'a>>>,
    #[serde(borrow, default)]
    pub labels: Vec<LabelName<'a>>,
    /// The only one there was, once; `assignees` has it too.
    #[serde(borrow)]
    pub assignee: Option<User<'a>>,
    #[serde(borrow)]
    pub assignees: Option<Vec<User<'a>>>,
    #[serde(borrow)]
    pub milestone: Option<Milestone<'a>>,
    #[serde(borrow, rename = "type")]
    pub issue_type: Option<IssueType<'a>>,
    pub pull_request: Option<PullRequest>,
    #[serde(borrow)]
    pub url: Option<Text<'a>>,
    #[serde(borrow)]
    pub repository_url: Option<Text<'a>>,
    #[serde(borrow)]
    pub html_url: Option<Text<'a>>,
    #[serde(borrow)]
    pub parent_issue_url: Option<Text<'a>>,
    pub created_at: Option<Time>,
    pub updated_at: Option<Time>,
    pub closed_at: Option<Time>,
    #[serde(borrow)]
    pub closed_by: Option<User<'a>>,
    pub comments: Option<u64>,
    pub draft: Option<bool>,
    pub locked: Option<bool>,
    #[serde(borrow)]
    pub active_lock_reason: Option<Text<'a>>,
    #[serde(borrow)]
    pub author_association: Option<Text<'a>>,
    #[serde(borrow)]
    pub performed_via_github_app: Option<App<'a>>,
    pub reactions: Option<Reactions>,
    pub sub_issues_summary: Option<SubIssues>,
    pub issue_dependencies_summary: Option<Dependencies>,
    #[serde(borrow, default)]
    pub issue_field_values: Option<Vec<FieldValue<'a>>>,
    pub pinned_comment: Option<PinnedComment>,
}

/// An account, in its short form: <https://docs.github.com/rest/users/users#get-a-user>
#[derive(Debug, Deserialize)]
pub(crate) struct User<'a> {
    pub id: Option<u64>,
    #[serde(borrow)]
    pub login: Text<'a>,
    #[serde(borrow)]
    pub name: Option<Text<'a>>,
    #[serde(borrow)]
    pub email: Option<Text<'a>>,
    #[serde(borrow, rename = "type")]
    pub kind: Option<Text<'a>>,
}

/// The name of a label. It is read from an object, or in some lists from a string.
#[derive(Debug)]
pub(crate) struct LabelName<'a>(pub Option<Text<'a>>);

impl<'de: 'a, 'a> Deserialize<'de> for LabelName<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        /// By hand: an untagged enum would copy every label before it reads it.
        struct StringOrObject;

        impl<'de> Visitor<'de> for StringOrObject {
            type Value = LabelName<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a label or its name")
            }

            fn visit_borrowed_str<E>(self, name: &'de str) -> Result<Self::Value, E> {
                Ok(LabelName(Some(name.into())))
            }

            fn visit_str<E>(self, name: &str) -> Result<Self::Value, E> {
                Ok(LabelName(Some(name.to_owned().into())))
            }

            fn visit_map<A: MapAccess<'de>>(self, label: A) -> Result<Self::Value, A::Error> {
                #[derive(Deserialize)]
                struct Label<'a> {
                    #[serde(borrow)]
                    name: Option<Text<'a>>,
                }
                let Label { name } = Label::deserialize(MapAccessDeserializer::new(label))?;
                Ok(LabelName(name))
            }
        }

        deserializer.deserialize_any(StringOrObject)
    }
}

/// A label of a repository: <https://docs.github.com/rest/issues/labels>
#[derive(Debug, Deserialize)]
pub(crate) struct Label<'a> {
    #[serde(borrow)]
    pub name: Text<'a>,
}

/// A milestone: <https://docs.github.com/rest/issues/milestones>
#[derive(Debug, Deserialize)]
pub(crate) struct Milestone<'a> {
    pub number: u64,
    #[serde(borrow)]
    pub title: Text<'a>,
    pub due_on: Option<Time>,
}

/// A type that an organisation gives its issues: <https://docs.github.com/rest/orgs/issue-types>
#[derive(Debug, Deserialize)]
pub(crate) struct IssueType<'a> {
    pub id: Option<u64>,
    #[serde(borrow)]
    pub name: Text<'a>,
    pub is_enabled: Option<bool>,
}

/// What only a pull request has.
#[derive(Debug, Deserialize)]
pub(crate) struct PullRequest {
    /// Absent on older servers: then nobody can say whether it was merged.
    #[serde(default, deserialize_with = "present")]
    pub merged_at: Option<Option<Time>>,
}

/// An app that acted for somebody.
#[derive(Debug, Deserialize)]
pub(crate) struct App<'a> {
    #[serde(borrow)]
    pub name: Option<Text<'a>>,
    #[serde(borrow)]
    pub slug: Option<Text<'a>>,
}

/// How often each reaction was given: <https://docs.github.com/rest/reactions/reactions>
#[derive(Debug, Deserialize)]
pub(crate) struct Reactions {
    #[serde(rename = "+1")]
    pub plus_one: Option<u64>,
    #[serde(rename = "-1")]
    pub minus_one: Option<u64>,
    pub laugh: Option<u64>,
    pub hooray: Option<u64>,
    pub confused: Option<u64>,
    pub heart: Option<u64>,
    pub rocket: Option<u64>,
    pub eyes: Option<u64>,
}

/// How many sub-issues there are: <https://docs.github.com/rest/issues/sub-issues>
#[derive(Debug, Clone, Copy, Deserialize)]
pub(crate) struct SubIssues {
    #[serde(default)]
    pub total: u64,
    #[serde(default)]
    pub completed: u64,
}

/// How many issues block and are blocked: <https://docs.github.com/rest/issues/issue-dependencies>
#[derive(Debug, Clone, Copy, Deserialize)]
pub(crate) struct Dependencies {
    #[serde(default)]
    pub total_blocked_by: u64,
    #[serde(default)]
    pub total_blocking: u64,
}

/// The value of a field that an organisation made up: <https://docs.github.com/rest/issues/issue-field-values>
#[derive(Debug, Deserialize)]
pub(crate) struct FieldValue<'a> {
    pub issue_field_id: u64,
    #[serde(borrow)]
    pub issue_field_name: Option<Text<'a>>,
    #[serde(borrow)]
    pub data_type: Text<'a>,
    #[serde(borrow)]
    pub value: Option<&'a RawValue>,
    #[serde(borrow)]
    pub single_select_option: Option<Choice<'a>>,
    #[serde(borrow)]
    pub multi_select_options: Option<Vec<Choice<'a>>>,
}

/// A choice of a field.
#[derive(Debug, Deserialize)]
pub(crate) struct Choice<'a> {
    pub id: u64,
    #[serde(borrow)]
    pub name: Text<'a>,
}

/// The comment that stands on top of an issue.
#[derive(Debug, Deserialize)]
pub(crate) struct PinnedComment {
    pub id: u64,
}

/// A comment: <https://docs.github.com/rest/issues/comments>
#[derive(Debug, Deserialize)]
pub(crate) struct Comment<'a> {
    pub id: u64,
    #[serde(borrow)]
    pub body: Option<Text<'a>>,
    #[serde(borrow, default, deserialize_with = "present")]
    pub user: Option<Option<User<'a>>>,
    #[serde(borrow)]
    pub html_url: Option<Text<'a>>,
    pub created_at: Option<Time>,
    pub updated_at: Option<Time>,
}

/// A page of a search: <https://docs.github.com/rest/search/search#search-issues-and-pull-requests>
#[derive(Debug, Deserialize)]
pub(crate) struct Found<'a> {
    pub total_count: u64,
    pub incomplete_results: bool,
    #[serde(borrow)]
    pub items: Vec<&'a RawValue>,
}

/// What GitHub says of itself: <https://docs.github.com/rest/meta/meta>
#[derive(Debug, Deserialize)]
pub(crate) struct Meta<'a> {
    /// Only an Enterprise Server says this.
    #[serde(borrow)]
    pub installed_version: Option<Text<'a>>,
}

/// A field that an organisation made up: <https://docs.github.com/rest/orgs/issue-fields>
#[derive(Debug, Deserialize)]
pub(crate) struct IssueField<'a> {
    pub id: u64,
    #[serde(borrow)]
    pub name: Text<'a>,
    #[serde(borrow)]
    pub data_type: Text<'a>,
    #[serde(borrow)]
    pub options: Option<Vec<Choice<'a>>>,
}

/// An error: <https://docs.github.com/rest/using-the-rest-api/troubleshooting-the-rest-api>
#[derive(Debug, Default, Deserialize)]
pub(crate) struct Complaint<'a> {
    #[serde(borrow)]
    pub message: Option<Text<'a>>,
    #[serde(borrow)]
    pub documentation_url: Option<Text<'a>>,
    #[serde(borrow)]
    pub errors: Option<Vec<Finding<'a>>>,
}

/// What is wrong with one field; sometimes only a sentence.
#[derive(Debug, Deserialize)]
#[serde(untagged)]
pub(crate) enum Finding<'a> {
    Field {
        #[serde(borrow)]
        field: Option<Text<'a>>,
        #[serde(borrow)]
        code: Option<Text<'a>>,
        #[serde(borrow)]
        message: Option<Text<'a>>,
    },
    Sentence(#[serde(borrow)] Text<'a>),
}
