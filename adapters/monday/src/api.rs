//! monday.com's JSON in its own words, borrowed from the answer. What it means is for `mapping` to say.
//!
//! All of it is described by monday.com's schema; `documents` says what of it is asked for. Whatever an answer that came
//! over another route may leave out is optional.
//!
//! <https://developer.monday.com/api-reference/reference/about-the-api-reference>

use serde::Deserialize;
use serde_json::value::RawValue;
use usher_adapter_sdk::{decode::Text, model::Time};

/// What stands around every answer; errors of single fields come with HTTP 200, and older ones stand at the top.
#[derive(Debug, Deserialize)]
#[serde(bound(deserialize = "T: Deserialize<'de>, 'de: 'a"))]
pub(crate) struct Answer<'a, T> {
    pub data: Option<T>,
    pub errors: Option<Vec<Complaint<'a>>>,
    #[serde(borrow)]
    pub error_code: Option<Text<'a>>,
    #[serde(borrow)]
    pub error_message: Option<Text<'a>>,
}

/// An error, as an object or as nothing but words: <https://developer.monday.com/api-reference/docs/error-handling>
#[derive(Debug, Deserialize)]
#[serde(untagged)]
pub(crate) enum Complaint<'a> {
    Words(#[serde(borrow)] Text<'a>),
    Object {
        #[serde(borrow)]
        message: Option<Text<'a>>,
        #[serde(borrow)]
        extensions: Option<Extensions<'a>>,
    },
}

/// What an error says to programs.
#[derive(Debug, Deserialize)]
pub(crate) struct Extensions<'a> {
    #[serde(borrow)]
    pub code: Option<Text<'a>>,
    pub status_code: Option<u16>,
    pub retry_in_seconds: Option<f64>,
}

/// The answer about items by their ids, unread.
#[derive(Debug, Deserialize)]
pub(crate) struct Items<'a> {
    #[serde(borrow)]
    pub items: Vec<Option<&'a RawValue>>,
}

/// A further page of the items of a board.
#[derive(Debug, Deserialize)]
pub(crate) struct NextPage<'a> {
    #[serde(borrow)]
    pub boards: Vec<Option<Board<'a>>>,
    #[serde(borrow)]
    pub next_items_page: ItemsPage<'a>,
}

/// A page of items, unread, and where the list goes on.
#[derive(Debug, Clone, Deserialize)]
pub(crate) struct ItemsPage<'a> {
    #[serde(borrow)]
    pub cursor: Option<Text<'a>>,
    #[serde(borrow)]
    pub items: Vec<&'a RawValue>,
}

/// Boards, and the tags of the account.
#[derive(Debug, Deserialize)]
pub(crate) struct Boards<'a> {
    #[serde(borrow)]
    pub boards: Vec<Option<Board<'a>>>,
    #[serde(borrow, default)]
    pub tags: Option<Vec<Option<Named<'a>>>>,
}

/// A board.
#[derive(Debug, Clone, Deserialize)]
pub(crate) struct Board<'a> {
    #[serde(borrow)]
    pub id: Option<Text<'a>>,
    #[serde(borrow)]
    pub name: Option<Text<'a>>,
    #[serde(borrow)]
    pub url: Option<Text<'a>>,
    #[serde(borrow, rename = "type")]
    pub kind: Option<Text<'a>>,
    #[serde(borrow)]
    pub columns: Option<Vec<Option<Column<'a>>>>,
    #[serde(borrow)]
    pub groups: Option<Vec<Option<Group<'a>>>>,
    #[serde(borrow)]
    pub tags: Option<Vec<Option<Named<'a>>>>,
    #[serde(borrow)]
    pub items_page: Option<ItemsPage<'a>>,
}

/// A column of a board: <https://developer.monday.com/api-reference/reference/columns>
#[derive(Debug, Clone, Deserialize)]
pub(crate) struct Column<'a> {
    #[serde(borrow)]
    pub id: Text<'a>,
    #[serde(borrow)]
    pub title: Option<Text<'a>>,
    #[serde(borrow, rename = "type")]
    pub kind: Option<Text<'a>>,
    pub archived: Option<bool>,
    #[serde(borrow)]
    pub settings: Option<&'a RawValue>,
}

/// A group of a board.
#[derive(Debug, Clone, Deserialize)]
pub(crate) struct Group<'a> {
    #[serde(borrow)]
    pub id: Text<'a>,
    #[serde(borrow)]
    pub title: Option<Text<'a>>,
    pub archived: Option<bool>,
    pub deleted: Option<bool>,
}

/// An item: <https://developer.monday.com/api-reference/reference/items>
#[derive(Debug, Deserialize)]
pub(crate) struct Item<'a> {
    #[serde(borrow)]
    pub id: Option<Text<'a>>,
    #[serde(borrow)]
    pub name: Text<'a>,
    #[serde(borrow)]
    pub state: Option<Text<'a>>,
    #[serde(borrow)]
    pub url: Option<Text<'a>>,
    pub created_at: Option<Time>,
    pub updated_at: Option<Time>,
    #[serde(borrow)]
    pub creator: Option<User<'a>>,
    #[serde(borrow)]
    pub board: Option<Board<'a>>,
    #[serde(borrow)]
    pub group: Option<Group<'a>>,
    #[serde(borrow)]
    pub parent_item: Option<Reference<'a>>,
    #[serde(borrow)]
    pub subitems: Option<Vec<Option<Reference<'a>>>>,
    #[serde(borrow)]
    pub column_values: Option<Vec<ColumnValue<'a>>>,
    #[serde(borrow)]
    pub assets: Option<Vec<Option<Asset<'a>>>>,
    #[serde(borrow)]
    pub updates: Option<Vec<Update<'a>>>,
}

/// Another item, as far as it is known from here.
#[derive(Debug, Deserialize)]
pub(crate) struct Reference<'a> {
    #[serde(borrow)]
    pub id: Text<'a>,
    #[serde(borrow)]
    pub name: Option<Text<'a>>,
    #[serde(borrow)]
    pub url: Option<Text<'a>>,
    #[serde(borrow)]
    pub board: Option<OwnId<'a>>,
}

/// Something known by its id alone.
#[derive(Debug, Clone, Deserialize)]
pub(crate) struct OwnId<'a> {
    #[serde(borrow)]
    pub id: Text<'a>,
}

/// The value of a column; which fields there are depends on its type:
/// <https://developer.monday.com/api-reference/reference/column-values-v2>
#[derive(Debug, Deserialize)]
pub(crate) struct ColumnValue<'a> {
    #[serde(borrow)]
    pub id: Text<'a>,
    #[serde(borrow, rename = "type")]
    pub kind: Option<Text<'a>>,
    #[serde(borrow)]
    pub text: Option<Text<'a>>,
    #[serde(borrow)]
    pub value: Option<&'a RawValue>,
    pub index: Option<i64>,
    #[serde(borrow)]
    pub label: Option<Text<'a>>,
    pub is_done: Option<bool>,
    #[serde(borrow)]
    pub persons_and_teams: Option<Vec<Person<'a>>>,
    #[serde(borrow)]
    pub date: Option<Text<'a>>,
    #[serde(borrow)]
    pub time: Option<Text<'a>>,
    pub number: Option<f64>,
    #[serde(borrow)]
    pub symbol: Option<Text<'a>>,
    #[serde(borrow)]
    pub tags: Option<Vec<Named<'a>>>,
    #[serde(borrow)]
    pub values: Option<Vec<Choice<'a>>>,
    #[serde(borrow)]
    pub display_value: Option<Text<'a>>,
    #[serde(borrow)]
    pub linked_item_ids: Option<Vec<Text<'a>>>,
}

/// Somebody in a column of people.
#[derive(Debug, Deserialize)]
pub(crate) struct Person<'a> {
    #[serde(borrow)]
    pub id: Text<'a>,
    #[serde(borrow)]
    pub kind: Option<Text<'a>>,
}

/// A label of a dropdown that was chosen.
#[derive(Debug, Deserialize)]
pub(crate) struct Choice<'a> {
    #[serde(borrow)]
    pub id: Text<'a>,
    #[serde(borrow)]
    pub label: Option<Text<'a>>,
}

/// Something with an id and a name.
#[derive(Debug, Clone, Deserialize)]
pub(crate) struct Named<'a> {
    #[serde(borrow)]
    pub id: Text<'a>,
    #[serde(borrow)]
    pub name: Option<Text<'a>>,
}

/// An account of a person.
#[derive(Debug, Clone, Deserialize)]
pub(crate) struct User<'a> {
    #[serde(borrow)]
    pub id: Text<'a>,
    #[serde(borrow)]
    pub name: Option<Text<'a>>,
    #[serde(borrow)]
    pub email: Option<Text<'a>>,
}

/// A file: <https://developer.monday.com/api-reference/reference/assets-1>
#[derive(Debug, Deserialize)]
pub(crate) struct Asset<'a> {
    #[serde(borrow)]
    pub id: Text<'a>,
    #[serde(borrow)]
    pub name: Option<Text<'a>>,
    pub file_size: Option<u64>,
    pub created_at: Option<Time>,
    #[serde(borrow)]
    pub url: Option<Text<'a>>,
    #[serde(borrow)]
    pub public_url: Option<Text<'a>>,
    #[serde(borrow)]
    pub uploaded_by: Option<User<'a>>,
}

/// An update, or an answer to one: <https://developer.monday.com/api-reference/reference/updates>
#[derive(Debug, Deserialize)]
pub(crate) struct Update<'a> {
    #[serde(borrow)]
    pub id: Text<'a>,
    #[serde(borrow)]
    pub body: Option<Text<'a>>,
    pub created_at: Option<Time>,
    pub edited_at: Option<Time>,
    #[serde(borrow)]
    pub creator: Option<User<'a>>,
    #[serde(borrow)]
    pub replies: Option<Vec<Update<'a>>>,
}

/// The updates of one item, unread.
#[derive(Debug, Deserialize)]
pub(crate) struct ItemUpdates<'a> {
    #[serde(borrow)]
    pub items: Vec<Option<OnlyUpdates<'a>>>,
}

/// An item of which nothing but updates was asked.
#[derive(Debug, Deserialize)]
pub(crate) struct OnlyUpdates<'a> {
    #[serde(borrow)]
    pub updates: Option<&'a RawValue>,
}

/// The people of the account.
#[derive(Debug, Deserialize)]
pub(crate) struct Users<'a> {
    #[serde(borrow)]
    pub users: Option<Vec<User<'a>>>,
    #[serde(borrow)]
    pub me: Option<User<'a>>,
    #[serde(borrow)]
    pub teams: Option<Vec<Option<Named<'a>>>>,
}

/// Who we are.
#[derive(Debug, Deserialize)]
pub(crate) struct Viewer<'a> {
    #[serde(borrow)]
    pub me: Me<'a>,
    #[serde(borrow)]
    pub version: Option<Version<'a>>,
    pub complexity: Option<Complexity>,
}

/// The account of ours.
#[derive(Debug, Deserialize)]
pub(crate) struct Me<'a> {
    #[serde(borrow)]
    pub id: Text<'a>,
    #[serde(borrow)]
    pub name: Option<Text<'a>>,
    #[serde(borrow)]
    pub email: Option<Text<'a>>,
    #[serde(borrow)]
    pub time_zone_identifier: Option<Text<'a>>,
    #[serde(borrow)]
    pub account: Option<Account<'a>>,
}

impl<'a> Me<'a> {
    /// Returns the person.
    pub(crate) fn user(&self) -> User<'a> {
        User { id: self.id.clone(), name: self.name.clone(), email: self.email.clone() }
    }
}

/// The account of everybody.
#[derive(Debug, Deserialize)]
pub(crate) struct Account<'a> {
    #[serde(borrow)]
    pub name: Option<Text<'a>>,
    #[serde(borrow)]
    pub slug: Option<Text<'a>>,
    #[serde(borrow)]
    pub tier: Option<Text<'a>>,
}

/// The version of the API that answered.
#[derive(Debug, Deserialize)]
pub(crate) struct Version<'a> {
    #[serde(borrow)]
    pub kind: Option<Text<'a>>,
    #[serde(borrow)]
    pub value: Option<Text<'a>>,
}

/// What a query cost, and what is left: <https://developer.monday.com/api-reference/reference/complexity>
#[derive(Debug, Deserialize)]
pub(crate) struct Complexity {
    pub before: Option<i64>,
    pub after: Option<i64>,
    pub reset_in_x_seconds: Option<i64>,
}

/// The item that a write answers with, unread.
#[derive(Debug, Deserialize)]
pub(crate) struct Written<'a> {
    #[serde(borrow)]
    pub item: Option<&'a RawValue>,
}

/// The update that was made.
#[derive(Debug, Deserialize)]
pub(crate) struct UpdateCreated<'a> {
    #[serde(borrow)]
    pub create_update: Option<Update<'a>>,
}

/// The file that was added.
#[derive(Debug, Deserialize)]
pub(crate) struct FileAdded<'a> {
    #[serde(borrow)]
    pub add_file_to_column: Option<Asset<'a>>,
}
