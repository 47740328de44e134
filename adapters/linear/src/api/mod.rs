//! Linear's JSON in Linear's words, borrowed from the answer. What it means is for `mapping` to say.
//!
//! All of it is described by Linear's schema; `documents` says what of it is asked for. Whatever an answer that came
//! over another route may leave out is optional. What writes look up and answer is in `api/written`.
//!
//! <https://github.com/linear/linear/blob/master/packages/sdk/src/schema.graphql>

mod written;

use serde::Deserialize;
use serde_json::value::RawValue;
use usher_adapter_sdk::{
    decode::{Text, present},
    model::{Due, Time},
};

pub(crate) use written::*;

/// What stands around every answer.
#[derive(Debug, Deserialize)]
#[serde(bound(deserialize = "T: Deserialize<'de>, 'de: 'a"))]
pub(crate) struct Answer<'a, T> {
    pub data: Option<T>,
    pub errors: Option<Vec<Complaint<'a>>>,
}

/// An error: <https://linear.app/developers/sdk-errors>
#[derive(Debug, Deserialize)]
pub(crate) struct Complaint<'a> {
    #[serde(borrow)]
    message: Option<Text<'a>>,
    #[serde(borrow)]
    pub path: Option<Vec<Step<'a>>>,
    #[serde(borrow)]
    pub extensions: Option<Extensions<'a>>,
}

impl Complaint<'_> {
    /// Returns what people are told.
    pub(crate) fn words(&self) -> Option<&str> {
        let presentable =
            self.extensions.as_ref().and_then(|extensions| extensions.user_presentable_message.as_deref());
        presentable.or(self.message.as_deref())
    }
}

/// A step on the way to the field that an error is about.
#[derive(Debug, Deserialize)]
#[serde(untagged)]
pub(crate) enum Step<'a> {
    Place(usize),
    Field(#[serde(borrow)] Text<'a>),
}

/// What an error says to programs.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Extensions<'a> {
    #[serde(borrow)]
    pub code: Option<Text<'a>>,
    #[serde(borrow, rename = "type")]
    pub kind: Option<Text<'a>>,
    pub status_code: Option<u16>,
    #[serde(borrow)]
    user_presentable_message: Option<Text<'a>>,
}

/// The answer about one issue, unread.
#[derive(Debug, Deserialize)]
pub(crate) struct OneIssue<'a> {
    #[serde(borrow)]
    pub issue: &'a RawValue,
}

/// The answer to `Issues`, its issues unread.
#[derive(Debug, Deserialize)]
pub(crate) struct Issues<'a> {
    #[serde(borrow)]
    pub issues: Connection<&'a RawValue>,
    pub oldest: Option<Connection<Born>>,
    #[serde(borrow)]
    pub teams: Option<Connection<TeamKey<'a>>>,
}

/// The answer to `Search`, its issues unread.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Search<'a> {
    #[serde(borrow)]
    pub search_issues: SearchIssues<'a>,
    #[serde(borrow)]
    pub teams: Option<Connection<TeamKey<'a>>>,
}

/// A page of what was found.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct SearchIssues<'a> {
    #[serde(borrow)]
    pub nodes: Vec<&'a RawValue>,
    pub page_info: PageInfo,
    pub total_count: Option<f64>,
}

/// When an issue was made.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Born {
    pub created_at: Option<Time>,
}

/// A team, by its key.
#[derive(Debug, Deserialize)]
pub(crate) struct TeamKey<'a> {
    #[serde(borrow)]
    pub key: Text<'a>,
}

/// A page of a list.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Connection<T> {
    pub nodes: Vec<T>,
    #[serde(default)]
    pub page_info: PageInfo,
}

/// Where a list goes on.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct PageInfo {
    #[serde(default)]
    pub has_next_page: bool,
    pub end_cursor: Option<String>,
}

impl PageInfo {
    /// Returns where the next page begins, if there is one.
    pub(crate) fn next(&self) -> Option<&str> {
        self.end_cursor.as_deref().filter(|_| self.has_next_page)
    }

    /// Says whether there is a next page, and nothing that says where it begins.
    pub(crate) fn breaks_off(&self) -> bool {
        self.has_next_page && self.end_cursor.is_none()
    }
}

/// An issue.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Issue<'a> {
    #[serde(borrow)]
    pub id: Option<Text<'a>>,
    #[serde(borrow)]
    pub identifier: Option<Text<'a>>,
    #[serde(borrow)]
    pub previous_identifiers: Option<Vec<Text<'a>>>,
    #[serde(borrow)]
    pub url: Option<Text<'a>>,
    #[serde(borrow)]
    pub title: Text<'a>,
    #[serde(borrow)]
    pub description: Option<Text<'a>>,
    pub priority: Option<f64>,
    #[serde(borrow)]
    pub priority_label: Option<Text<'a>>,
    pub estimate: Option<f64>,
    pub due_date: Option<Due>,
    pub created_at: Option<Time>,
    pub updated_at: Option<Time>,
    pub started_at: Option<Time>,
    pub completed_at: Option<Time>,
    pub canceled_at: Option<Time>,
    pub archived_at: Option<Time>,
    pub trashed: Option<bool>,
    pub snoozed_until_at: Option<Time>,
    #[serde(borrow)]
    pub branch_name: Option<Text<'a>>,
    #[serde(borrow)]
    pub integration_source_type: Option<Text<'a>>,
    #[serde(borrow)]
    pub sla_type: Option<Text<'a>>,
    pub sla_started_at: Option<Time>,
    pub sla_breaches_at: Option<Time>,
    #[serde(borrow)]
    pub state: Option<State<'a>>,
    #[serde(borrow)]
    pub team: Option<Team<'a>>,
    #[serde(borrow)]
    pub project: Option<Named<'a>>,
    #[serde(borrow)]
    pub project_milestone: Option<Named<'a>>,
    #[serde(borrow)]
    pub cycle: Option<Cycle<'a>>,
    #[serde(borrow)]
    pub assignee: Option<User<'a>>,
    #[serde(borrow)]
    pub delegate: Option<User<'a>>,
    /// `null` for a deleted account, or where an integration made it.
    #[serde(borrow, default, deserialize_with = "present")]
    pub creator: Option<Option<User<'a>>>,
    #[serde(borrow)]
    pub bot_actor: Option<Bot<'a>>,
    #[serde(borrow)]
    pub external_user_creator: Option<ExternalUser<'a>>,
    #[serde(borrow)]
    pub parent: Option<Reference<'a>>,
    #[serde(borrow)]
    pub labels: Option<Connection<LabelName<'a>>>,
    #[serde(borrow)]
    pub comments: Option<Connection<Comment<'a>>>,
    #[serde(borrow)]
    pub attachments: Option<Connection<Attachment<'a>>>,
    #[serde(borrow)]
    pub children: Option<Connection<Reference<'a>>>,
    #[serde(borrow)]
    pub relations: Option<Connection<Relation<'a>>>,
    #[serde(borrow)]
    pub inverse_relations: Option<Connection<Relation<'a>>>,
}

/// Pages of an issue's lists that did not fit into the issue.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct Lists<'a> {
    #[serde(borrow)]
    pub labels: Option<Connection<LabelName<'a>>>,
    #[serde(borrow)]
    pub comments: Option<Connection<Comment<'a>>>,
    #[serde(borrow)]
    pub attachments: Option<Connection<Attachment<'a>>>,
    #[serde(borrow)]
    pub children: Option<Connection<Reference<'a>>>,
    #[serde(borrow)]
    pub relations: Option<Connection<Relation<'a>>>,
    #[serde(borrow)]
    pub inverse_relations: Option<Connection<Relation<'a>>>,
}

/// The lists of an issue, by name; in the order of `pages`.
pub(crate) const LISTS: [&str; 6] = ["labels", "comments", "attachments", "children", "relations", "inverseRelations"];

impl Lists<'_> {
    /// Returns where each list goes on, as far as it is there.
    pub(crate) fn pages(&self) -> [Option<&PageInfo>; LISTS.len()] {
        [
            page_of(&self.labels),
            page_of(&self.comments),
            page_of(&self.attachments),
            page_of(&self.children),
            page_of(&self.relations),
            page_of(&self.inverse_relations),
        ]
    }
}

impl<'a> Issue<'a> {
    /// Returns where each list goes on, as far as it is there.
    pub(crate) fn pages(&self) -> [Option<&PageInfo>; LISTS.len()] {
        [
            page_of(&self.labels),
            page_of(&self.comments),
            page_of(&self.attachments),
            page_of(&self.children),
            page_of(&self.relations),
            page_of(&self.inverse_relations),
        ]
    }

    /// Puts the next page of each list behind what is there.
    pub(crate) fn take(&mut self, more: Lists<'a>) {
        Connection::join(&mut self.labels, more.labels);
        Connection::join(&mut self.comments, more.comments);
        Connection::join(&mut self.attachments, more.attachments);
        Connection::join(&mut self.children, more.children);
        Connection::join(&mut self.relations, more.relations);
        Connection::join(&mut self.inverse_relations, more.inverse_relations);
    }
}

impl<T> Connection<T> {
    fn join(own: &mut Option<Self>, more: Option<Self>) {
        match (own, more) {
            (_, None) => {}
            (Some(own), Some(more)) => {
                own.nodes.extend(more.nodes);
                own.page_info = more.page_info;
            }
            (own, more) => *own = more,
        }
    }
}

fn page_of<T>(list: &Option<Connection<T>>) -> Option<&PageInfo> {
    list.as_ref().map(|list| &list.page_info)
}

/// A state of a team's workflow.
#[derive(Debug, Deserialize)]
pub(crate) struct State<'a> {
    #[serde(borrow)]
    pub id: Option<Text<'a>>,
    #[serde(borrow)]
    pub name: Option<Text<'a>>,
    #[serde(borrow, rename = "type")]
    pub kind: Option<Text<'a>>,
    /// Where it stands among those of its type; asked for only where one is chosen.
    pub position: Option<f64>,
}

/// Something that has an id and a name.
#[derive(Debug, Deserialize)]
pub(crate) struct Named<'a> {
    #[serde(borrow)]
    pub id: Option<Text<'a>>,
    #[serde(borrow)]
    pub name: Text<'a>,
}

/// An account of the workspace.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct User<'a> {
    #[serde(borrow)]
    pub id: Text<'a>,
    #[serde(borrow)]
    pub name: Option<Text<'a>>,
    /// The nickname, which is unique in the workspace.
    #[serde(borrow)]
    pub display_name: Option<Text<'a>>,
    #[serde(borrow)]
    pub email: Option<Text<'a>>,
    /// Whether it is a program.
    pub app: Option<bool>,
}

/// An integration that acted.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Bot<'a> {
    #[serde(borrow)]
    pub id: Option<Text<'a>>,
    #[serde(borrow)]
    pub name: Option<Text<'a>>,
    #[serde(borrow, rename = "type")]
    pub kind: Option<Text<'a>>,
    /// Who made it act, elsewhere.
    #[serde(borrow)]
    pub user_display_name: Option<Text<'a>>,
}

/// Somebody outside of the workspace.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ExternalUser<'a> {
    #[serde(borrow)]
    pub id: Text<'a>,
    #[serde(borrow)]
    pub name: Option<Text<'a>>,
    #[serde(borrow)]
    pub display_name: Option<Text<'a>>,
    #[serde(borrow)]
    pub email: Option<Text<'a>>,
}

/// The name of a label.
#[derive(Debug, Deserialize)]
pub(crate) struct LabelName<'a> {
    #[serde(borrow)]
    pub name: Text<'a>,
}

/// Another issue.
#[derive(Debug, Deserialize)]
pub(crate) struct Reference<'a> {
    #[serde(borrow)]
    pub identifier: Text<'a>,
    #[serde(borrow)]
    pub title: Option<Text<'a>>,
    #[serde(borrow)]
    pub url: Option<Text<'a>>,
}

/// A relation; `related_issue` is the other one where this is the first, `issue` where this is the second.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Relation<'a> {
    #[serde(borrow, rename = "type")]
    pub kind: Option<Text<'a>>,
    #[serde(borrow)]
    pub related_issue: Option<Reference<'a>>,
    #[serde(borrow)]
    pub issue: Option<Reference<'a>>,
}

/// A comment.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Comment<'a> {
    #[serde(borrow)]
    pub id: Text<'a>,
    #[serde(borrow)]
    pub body: Option<Text<'a>>,
    pub created_at: Option<Time>,
    pub updated_at: Option<Time>,
    #[serde(borrow)]
    pub parent_id: Option<Text<'a>>,
    #[serde(borrow)]
    pub url: Option<Text<'a>>,
    #[serde(borrow)]
    pub user: Option<User<'a>>,
    #[serde(borrow)]
    pub bot_actor: Option<Bot<'a>>,
    #[serde(borrow)]
    pub external_user: Option<ExternalUser<'a>>,
}

/// A link that hangs on an issue.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Attachment<'a> {
    #[serde(borrow)]
    pub id: Text<'a>,
    #[serde(borrow)]
    pub title: Option<Text<'a>>,
    #[serde(borrow)]
    pub url: Option<Text<'a>>,
    pub created_at: Option<Time>,
    #[serde(borrow)]
    pub creator: Option<User<'a>>,
    #[serde(borrow)]
    pub external_user_creator: Option<ExternalUser<'a>>,
}

/// The comments of an issue.
#[derive(Debug, Deserialize)]
pub(crate) struct CommentsOfIssue<'a> {
    #[serde(borrow)]
    pub issue: CommentPage<'a>,
}

/// A page of them.
#[derive(Debug, Deserialize)]
pub(crate) struct CommentPage<'a> {
    #[serde(borrow)]
    pub comments: Connection<Comment<'a>>,
}

/// The answer to `Viewer`.
#[derive(Debug, Deserialize)]
pub(crate) struct Viewer<'a> {
    #[serde(borrow)]
    pub viewer: User<'a>,
    #[serde(borrow)]
    pub organization: Organization<'a>,
}

/// A workspace.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Organization<'a> {
    #[serde(borrow)]
    pub name: Text<'a>,
    /// How it is called in links.
    #[serde(borrow)]
    pub url_key: Text<'a>,
}
