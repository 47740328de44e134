//! One item with everything that was asked.

use serde::Serialize;
use serde_json::{json, value::RawValue};
use usher_adapter_sdk::{
    Error, ErrorKind, Result, decode,
    host::Response,
    message::{Include, Raw},
    model::Ticket,
};

use crate::{
    Monday, api, documents,
    key::Key,
    mapping::{self, Columns},
};

/// The documents beside `main`: the item's board, and further pages of its updates.
pub(super) const BOARD: &str = "board";
const UPDATES: &str = "updates";

/// How many updates one answer has at most.
pub(super) const UPDATES_PAGE: usize = 100;

/// What is wanted of an item, as variables of the documents.
#[derive(Debug, Clone, Copy, Serialize)]
pub(super) struct Wanted {
    pub notes: bool,
    pub attachments: bool,
}

impl Wanted {
    /// What is needed to see what became of a write.
    pub(super) const LEAST: Self = Self { notes: false, attachments: false };

    pub(super) fn of(include: &Include) -> Self {
        Self { notes: include.notes, attachments: include.attachments }
    }
}

#[derive(Serialize)]
struct Variables<'a> {
    id: [&'a str; 1],
    #[serde(flatten)]
    wanted: Wanted,
}

/// Returns an item, and the pages of updates that did not fit into it. One that was deleted is answered for some time, and
/// is not there all the same.
pub(crate) async fn get(monday: &Monday, key: Key<'_>, include: &Include) -> Result<Raw> {
    let response = ask(monday, key, Wanted::of(include)).await?;
    let main = main(monday, &response, key)?;
    let item: api::Item<'_> = decode::json(main.get().as_bytes())?;
    if item.state.as_deref() == Some("deleted") {
        return Err(missing(key));
    }
    let mut raw = Raw::main(main.get());
    if item.updates.as_ref().is_some_and(|updates| updates.len() >= UPDATES_PAGE) {
        for page in more_updates(monday, key, 2).await? {
            raw = raw.with(UPDATES, updates_of(monday, &page, key)?.get());
        }
    }
    Ok(raw)
}

/// Asks for an item; `main` reads the answer.
pub(super) async fn ask(monday: &Monday, key: Key<'_>, wanted: Wanted) -> Result<Response> {
    monday.ask(documents::ITEM, &Variables { id: [key.item], wanted }).await
}

/// Returns the item of an answer, unread.
pub(super) fn main<'a>(monday: &Monday, response: &'a Response, key: Key<'_>) -> Result<&'a RawValue> {
    let api::Items { items } = monday.data(response, &key)?;
    items.into_iter().flatten().next().ok_or_else(|| missing(key))
}

/// Returns the error of an item that is not there: monday.com itself answers with nothing.
pub(super) fn missing(key: Key<'_>) -> Error {
    Error::not_found(key).with_hint("It was deleted, or is on a board that this account does not see.")
}

/// Returns the ticket of an item and of whatever stands beside it.
pub(crate) fn normalize(monday: &Monday, key: Option<&Key<'_>>, raw: &Raw) -> Result<Ticket> {
    let mut item: api::Item<'_> = raw.decode_main()?;
    for document in raw.documents().iter().filter(|document| document.name == UPDATES) {
        let updates: Result<Vec<api::Update<'_>>> = decode::json(&document.bytes);
        let updates = updates.map_err(|error| error.context(format_args!("document `{UPDATES}`")))?;
        item.updates.get_or_insert_default().extend(updates);
    }
    let beside: Option<api::Board<'_>> = raw.decode(BOARD)?;
    let board = beside.as_ref().or(item.board.as_ref());
    let columns = Columns::of(board, &monday.config.columns);
    mapping::ticket(&item, board, &columns, key, monday.config.account.as_deref())
}

/// Asks for the pages of an item's updates from one on, until one is not full.
pub(super) async fn more_updates(monday: &Monday, key: Key<'_>, first: usize) -> Result<Vec<Response>> {
    let mut pages = Vec::new();
    for page in first.. {
        let response = monday.ask(documents::UPDATES, &json!({ "id": [key.item], "page": page })).await?;
        let updates: Vec<api::Update<'_>> = decode::json(updates_of(monday, &response, key)?.get().as_bytes())?;
        let is_last = updates.len() < UPDATES_PAGE;
        pages.push(response);
        if is_last {
            break;
        }
    }
    Ok(pages)
}

/// Returns the updates of such an answer, as they are.
pub(super) fn updates_of<'a>(monday: &Monday, response: &'a Response, key: Key<'_>) -> Result<&'a RawValue> {
    let api::ItemUpdates { items } = monday.data(response, &key)?;
    let item = items.into_iter().flatten().next().ok_or_else(|| missing(key))?;
    item.updates.ok_or_else(|| Error::new(ErrorKind::ResponseParse, format!("{key}: the answer has no updates")))
}
