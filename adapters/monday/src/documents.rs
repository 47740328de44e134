//! What is asked of monday.com: whole GraphQL documents, each with its fragments. What comes back is in `api`.
//!
//! A test validates each of them against the official schema, and the fake server of the tests refuses every request
//! that does not fit it: <https://developer.monday.com/api-reference/docs/introduction-to-graphql>

/// A document, ready to be sent.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Document {
    pub text: &'static str,
    /// Whether it changes something.
    pub is_write: bool,
    /// The class of endpoint, by which its points are estimated.
    pub class: Option<&'static str>,
}

/// Puts a document together from its own file and those of its fragments.
macro_rules! document {
    ($($file:literal),+ $(,)?) => {
        concat!($(include_str!(concat!("documents/", $file, ".graphql"))),+)
    };
}

/// Puts a document together that answers with items.
macro_rules! of_items {
    ($($file:literal),+ $(,)?) => {
        document!($($file),+, "item_fields", "asset_fields", "update_fields", "user_fields")
    };
}

const fn reads(text: &'static str) -> Document {
    Document { text, is_write: false, class: None }
}

const fn page(text: &'static str) -> Document {
    Document { text, is_write: false, class: Some("page") }
}

const fn writes(text: &'static str) -> Document {
    Document { text, is_write: true, class: None }
}

const fn creates(text: &'static str) -> Document {
    Document { text, is_write: true, class: Some("create") }
}

/// One item with everything that hangs on it.
pub(crate) const ITEM: Document = reads(of_items!("item", "board_fields", "column_fields"));

/// The first page of the items of a board, and the board.
pub(crate) const ITEMS: Document = page(of_items!("items", "board_fields", "column_fields"));

/// A further page of them, and the board again, since its columns say what the values mean.
pub(crate) const NEXT_ITEMS: Document = page(of_items!("next_items", "board_fields", "column_fields"));

/// A board, and the tags that its items may have.
pub(crate) const BOARD: Document = reads(document!("board", "board_fields", "column_fields"));

/// A page of the boards.
pub(crate) const BOARDS: Document = reads(document!("boards"));

/// A page of the updates of an item.
pub(crate) const UPDATES: Document = reads(document!("updates", "update_fields", "user_fields"));

/// A page of the people of the account; the first one with the teams.
pub(crate) const USERS: Document = reads(document!("users", "user_fields"));

/// Who we are, where, and what is left of the budget.
pub(crate) const VIEWER: Document = reads(document!("viewer", "user_fields"));

/// A new item.
pub(crate) const ITEM_CREATE: Document = creates(of_items!("item_create"));

/// A new item below another.
pub(crate) const SUBITEM_CREATE: Document = creates(of_items!("subitem_create"));

/// New values of an item's columns.
pub(crate) const ITEM_CHANGE: Document = writes(of_items!("item_change"));

/// Another group for an item.
pub(crate) const ITEM_MOVE: Document = writes(of_items!("item_move"));

/// A new update, or an answer to one.
pub(crate) const UPDATE_CREATE: Document = writes(document!("update_create", "user_fields"));

/// A file for a column.
pub(crate) const FILE_ADD: Document = writes(document!("file_add", "asset_fields", "user_fields"));

/// Every document, by the name of its operation; sorted.
#[allow(dead_code, reason = "the tests read it, and the example that cuts the schema")]
pub(crate) const ALL: &[(&str, Document)] = &[
    ("Board", BOARD),
    ("Boards", BOARDS),
    ("FileAdd", FILE_ADD),
    ("Item", ITEM),
    ("ItemChange", ITEM_CHANGE),
    ("ItemCreate", ITEM_CREATE),
    ("ItemMove", ITEM_MOVE),
    ("Items", ITEMS),
    ("NextItems", NEXT_ITEMS),
    ("SubitemCreate", SUBITEM_CREATE),
    ("UpdateCreate", UPDATE_CREATE),
    ("Updates", UPDATES),
    ("Users", USERS),
    ("Viewer", VIEWER),
];
