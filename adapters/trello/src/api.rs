//! Trello's JSON in Trello's words. A member that is not named here is not read; `ignored` says why.
//!
//! <https://developer.atlassian.com/cloud/trello/guides/rest-api/object-definitions/>

use std::collections::HashMap;

use serde::Deserialize;
use serde_json::value::RawValue;
use usher_adapter_sdk::{
    decode::Text,
    model::{Json, Time},
};

/// A card, with what may be nested in it.
///
/// <https://developer.atlassian.com/cloud/trello/rest/api-group-cards/>
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Card<'a> {
    #[serde(borrow)]
    pub id: Text<'a>,
    pub id_short: Option<u64>,
    #[serde(borrow)]
    pub short_link: Option<Text<'a>>,
    #[serde(borrow)]
    pub short_url: Option<Text<'a>>,
    #[serde(borrow)]
    pub url: Option<Text<'a>>,
    #[serde(borrow, default)]
    pub name: Text<'a>,
    #[serde(borrow)]
    pub desc: Option<Text<'a>>,
    pub closed: Option<bool>,
    pub due: Option<Time>,
    pub due_complete: Option<bool>,
    pub start: Option<Time>,
    pub date_last_activity: Option<Time>,
    #[serde(borrow)]
    pub id_board: Option<Text<'a>>,
    #[serde(borrow)]
    pub id_list: Option<Text<'a>>,
    #[serde(borrow)]
    pub id_members: Option<Vec<Text<'a>>>,
    /// The schema says that these are ids; they are labels.
    #[serde(borrow)]
    pub labels: Option<Vec<Label<'a>>>,
    pub pos: Option<f64>,
    #[serde(borrow)]
    pub address: Option<Text<'a>>,
    #[serde(borrow)]
    pub location_name: Option<Text<'a>>,
    pub coordinates: Option<Json>,
    pub badges: Option<Badges>,
    pub board: Option<Board>,
    pub list: Option<List>,
    #[serde(borrow)]
    pub members: Option<Vec<Member<'a>>>,
    #[serde(borrow)]
    pub attachments: Option<Vec<Attachment<'a>>>,
    #[serde(borrow)]
    pub checklists: Option<Vec<Checklist<'a>>>,
    #[serde(borrow)]
    pub custom_field_items: Option<Vec<CustomFieldItem<'a>>>,
    #[serde(borrow)]
    pub actions: Option<Vec<Action<'a>>>,
}

/// What there is of a card's other parts, counted.
#[derive(Debug, Clone, Copy, Default, Deserialize)]
pub(crate) struct Badges {
    pub comments: Option<u64>,
    pub attachments: Option<u64>,
    pub votes: Option<u64>,
}

/// A label of a board; its name may be empty.
#[derive(Debug, Deserialize)]
pub(crate) struct Label<'a> {
    #[serde(borrow)]
    pub id: Text<'a>,
    #[serde(borrow)]
    pub name: Option<Text<'a>>,
    #[serde(borrow)]
    pub color: Option<Text<'a>>,
}

/// Somebody. Mail addresses are only shown to some.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Member<'a> {
    #[serde(borrow)]
    pub id: Text<'a>,
    #[serde(borrow)]
    pub username: Option<Text<'a>>,
    #[serde(borrow)]
    pub full_name: Option<Text<'a>>,
    #[serde(borrow)]
    pub email: Option<Text<'a>>,
}

/// A file of Trello's, or a link to somewhere.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Attachment<'a> {
    #[serde(borrow)]
    pub id: Text<'a>,
    #[serde(borrow)]
    pub name: Option<Text<'a>>,
    #[serde(borrow)]
    pub file_name: Option<Text<'a>>,
    pub bytes: Option<u64>,
    #[serde(borrow)]
    pub mime_type: Option<Text<'a>>,
    pub date: Option<Time>,
    #[serde(borrow)]
    pub id_member: Option<Text<'a>>,
    pub is_upload: Option<bool>,
    #[serde(borrow)]
    pub url: Option<Text<'a>>,
}

/// A checklist of a card.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Checklist<'a> {
    #[serde(borrow)]
    pub id: Text<'a>,
    #[serde(borrow)]
    pub name: Option<Text<'a>>,
    pub pos: Option<f64>,
    #[serde(borrow, default)]
    pub check_items: Vec<CheckItem<'a>>,
}

/// One line of a checklist.
#[derive(Debug, Deserialize)]
pub(crate) struct CheckItem<'a> {
    #[serde(borrow)]
    pub name: Option<Text<'a>>,
    #[serde(borrow)]
    pub state: Option<Text<'a>>,
    pub due: Option<Time>,
    pub pos: Option<f64>,
}

/// The value of a custom field on a card; each value is a string, whatever the type.
///
/// <https://developer.atlassian.com/cloud/trello/guides/rest-api/getting-started-with-custom-fields/>
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct CustomFieldItem<'a> {
    #[serde(borrow)]
    pub id_custom_field: Text<'a>,
    #[serde(borrow)]
    pub id_value: Option<Text<'a>>,
    #[serde(borrow)]
    pub value: Option<FieldValue<'a>>,
}

/// A value by the name of its kind.
#[derive(Debug, Deserialize)]
pub(crate) struct FieldValue<'a> {
    #[serde(borrow)]
    pub text: Option<Text<'a>>,
    #[serde(borrow)]
    pub number: Option<Text<'a>>,
    #[serde(borrow)]
    pub checked: Option<Text<'a>>,
    #[serde(borrow)]
    pub date: Option<Text<'a>>,
}

/// Something that somebody did; comments are actions.
///
/// <https://developer.atlassian.com/cloud/trello/guides/rest-api/action-types/>
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Action<'a> {
    #[serde(borrow)]
    pub id: Text<'a>,
    #[serde(borrow, rename = "type")]
    pub kind: Option<Text<'a>>,
    pub date: Option<Time>,
    #[serde(borrow)]
    pub id_member_creator: Option<Text<'a>>,
    #[serde(borrow)]
    pub member_creator: Option<Member<'a>>,
    #[serde(borrow, default)]
    pub data: ActionData<'a>,
}

/// What an action is about.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ActionData<'a> {
    #[serde(borrow)]
    pub text: Option<Text<'a>>,
    pub date_last_edited: Option<Time>,
}

/// A board with everything that can be chosen on it. It is kept for a while, and so owns what it holds.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Board {
    pub id: String,
    pub name: Option<String>,
    pub short_link: Option<String>,
    pub short_url: Option<String>,
    pub url: Option<String>,
    pub closed: Option<bool>,
    #[serde(default)]
    pub lists: Vec<List>,
    #[serde(default)]
    pub labels: Vec<BoardLabel>,
    #[serde(default)]
    pub members: Vec<BoardMember>,
    #[serde(default)]
    pub custom_fields: Vec<CustomField>,
}

/// A list of a board.
#[derive(Debug, Clone, Default, Deserialize)]
pub(crate) struct List {
    pub id: String,
    pub name: Option<String>,
    pub closed: Option<bool>,
    pub pos: Option<f64>,
}

/// A label of a board, kept.
#[derive(Debug, Deserialize)]
pub(crate) struct BoardLabel {
    pub id: String,
    pub name: Option<String>,
    pub color: Option<String>,
}

/// Somebody on a board, kept.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct BoardMember {
    pub id: String,
    pub username: Option<String>,
    pub full_name: Option<String>,
}

/// What a custom field of a board is.
#[derive(Debug, Deserialize)]
pub(crate) struct CustomField {
    pub id: String,
    pub name: Option<String>,
    #[serde(rename = "type")]
    pub kind: Option<String>,
    #[serde(default)]
    pub options: Vec<FieldChoice>,
}

/// A choice of a custom field.
#[derive(Debug, Deserialize)]
pub(crate) struct FieldChoice {
    pub id: String,
    #[serde(default)]
    pub value: ChoiceValue,
}

/// What a choice is called.
#[derive(Debug, Default, Deserialize)]
pub(crate) struct ChoiceValue {
    pub text: Option<String>,
}

/// What a search finds.
///
/// <https://developer.atlassian.com/cloud/trello/rest/api-group-search/>
#[derive(Debug, Deserialize)]
pub(crate) struct Found<'a> {
    #[serde(borrow, default)]
    pub cards: Vec<&'a RawValue>,
}

/// One answer of several: its status, and its body.
///
/// <https://developer.atlassian.com/cloud/trello/rest/api-group-batch/>
pub(crate) type BatchAnswer<'a> = HashMap<String, &'a RawValue>;

/// A complaint, where it is JSON; most are plain text.
#[derive(Debug, Default, Deserialize)]
pub(crate) struct Complaint<'a> {
    #[serde(borrow)]
    pub message: Option<Text<'a>>,
    #[serde(borrow)]
    pub error: Option<Text<'a>>,
}
