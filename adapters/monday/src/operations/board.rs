//! Boards: which one is meant, and what is on it.

use std::collections::BTreeMap;

use serde_json::json;
use usher_adapter_sdk::{Error, ErrorKind, Result, host::Response};

use crate::{Monday, api, documents, key, mapping};

/// How many boards one answer has at most.
pub(super) const BOARDS_PAGE: usize = 100;

/// Says what is wrong with the option `columns`, if something is.
pub(crate) fn check_columns(columns: &BTreeMap<String, String>) -> Result<()> {
    for name in columns.keys() {
        let role = name.rsplit_once('.').map_or(name.as_str(), |(_, role)| role);
        if !mapping::role_names().any(|known| known == role) {
            let known = mapping::role_names().collect::<Vec<_>>().join(", ");
            return Err(Error::new(ErrorKind::Configuration, format!("the option `columns` has no `{name}`"))
                .with_hint(format!("It has: {known}; with the number of a board in front for that board alone.")));
        }
    }
    Ok(())
}

/// Returns the board that is named, or says how one is named.
pub(super) fn id(name: &str) -> Result<&str> {
    if key::is_id(name) {
        return Ok(name);
    }
    Err(Error::new(ErrorKind::InvalidReference, format!("`{name}` is not a board of monday.com's"))
        .with_hint("Write its number, as it stands in links behind `boards/`; `usher options` lists the boards."))
}

/// Returns the board in which something new is made.
pub(super) fn of_new<'a>(monday: &'a Monday, named: Option<&'a str>) -> Result<&'a str> {
    let default = monday.host.connection().default_project.as_deref();
    let name = named.or(default).ok_or_else(|| {
        Error::validation("no board is named").with_field("project", "must be named").with_hint(
            "Name it with `--in CONNECTION:BOARD`, or set `default_project` of the connection to the board's number.",
        )
    })?;
    id(name)
}

/// Asks for a board with its columns, groups and tags; `found` reads the answer.
pub(super) async fn ask(monday: &Monday, board: &str) -> Result<Response> {
    monday.ask(documents::BOARD, &json!({ "board": [board] })).await
}

/// Reads a board, and the tags that its items may have.
pub(super) fn found<'a>(
    monday: &Monday,
    response: &'a Response,
    board: &str,
) -> Result<(api::Board<'a>, Vec<api::Named<'a>>)> {
    let about = format!("the board {board}");
    let api::Boards { boards, tags } = monday.data(response, &about)?;
    let found = boards.into_iter().flatten().next().ok_or_else(|| missing(board))?;
    let own = found.tags.clone().unwrap_or_default().into_iter().flatten();
    let tags = own.chain(tags.unwrap_or_default().into_iter().flatten()).collect();
    Ok((found, tags))
}

/// Returns the error of a board that is not there: monday.com itself answers with nothing.
pub(super) fn missing(board: &str) -> Error {
    Error::not_found(format_args!("the board {board}"))
        .with_hint("It does not exist, or the account does not see it: `usher options` lists those that it sees.")
}

/// Says whether items are on it that people made as such: documents and the boards of subitems are boards as well.
pub(super) fn holds_items(board: &api::Board<'_>) -> bool {
    board.kind.as_deref().is_none_or(|kind| kind == "board")
}
