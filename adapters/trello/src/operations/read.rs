//! One card with everything that was asked.

use usher_adapter_sdk::{
    Error, ErrorKind, Result,
    host::Level,
    message::{Include, Raw},
    model::Ticket,
};

use super::actions;
use crate::{
    Trello, api,
    key::Key,
    mapping::{self, Beside, CREATIONS},
};

/// The documents beside `main`: what is known of the board, and pages of actions beyond the first.
const BOARD: &str = "board";
const ACTIONS: &str = "actions";

/// Returns a card with what is nested in it, and what has no room there.
pub(crate) async fn get(trello: &Trello, key: Key<'_>, include: &Include) -> Result<Raw> {
    let card = resolved(trello, key).await?;
    let filter = filter(include.notes);
    let request = trello.read(["cards", &card])?.query("fields", "all");
    let request = request.query("board", "true").query("board_fields", "name,closed,shortLink,shortUrl,url");
    let request = request.query("list", "true").query("members", "true").query("actions", &*filter);
    let request = request.query("actions_limit", actions::CAP.to_string());
    let request = request.query("attachments", include.attachments.to_string());
    let request = request.query("checklists", if include.fields { "all" } else { "none" });
    let request = request.query("customFieldItems", include.fields.to_string());
    let response = trello.send(request, &about(key)).await?;
    let (more, definitions) = {
        let card: api::Card<'_> = response.decode()?;
        let more = match card.actions.as_deref().and_then(actions::oldest_if_full) {
            Some(oldest) => actions::older(trello, &card.id, &filter, Some(oldest)).await?,
            None => Vec::new(),
        };
        (more, definitions(trello, &card).await?)
    };
    let etag = response.header("etag").map(str::to_owned);
    let raw = etag.into_iter().fold(Raw::main(response.body.into_vec()), Raw::with_revision);
    let raw = definitions.into_iter().fold(raw, |raw, board| raw.with(BOARD, board));
    Ok(more.into_iter().fold(raw, |raw, page| raw.with(ACTIONS, page.body.into_vec())))
}

/// Returns the ticket of a card and of whatever stands beside it.
pub(crate) fn normalize(trello: &Trello, key: Option<Key<'_>>, raw: &Raw) -> Result<Ticket> {
    let card: api::Card<'_> = raw.decode_main()?;
    let fields: Option<Vec<api::CustomField>> = raw.decode(BOARD)?;
    let mut pages: Option<Vec<api::Action<'_>>> = None;
    for document in raw.documents().iter().filter(|document| document.name == ACTIONS) {
        let page: Vec<api::Action<'_>> = usher_adapter_sdk::decode::json(&document.bytes)
            .map_err(|error: Error| error.context(format_args!("document `{ACTIONS}`")))?;
        pages.get_or_insert_with(Vec::new).extend(page);
    }
    let board = fields.map(|fields| with_fields(&card, fields));
    mapping::ticket(&card, key, &trello.rules, &Beside { board: board.as_ref(), actions: pages })
}

/// Returns the id or short link by which the API takes a card.
pub(super) async fn resolved(trello: &Trello, key: Key<'_>) -> Result<String> {
    match key {
        Key::Card(card) => Ok(card.to_owned()),
        Key::Number { board, number } => {
            let board = trello.board(board).await?;
            let request = trello.read(["boards", &board.id, "cards", number])?.query("fields", "shortLink");
            let response = trello.send(request, &about(key)).await?;
            Ok(response.decode::<api::Card<'_>>()?.id.to_string())
        }
    }
}

/// Says what is meant, for people.
pub(super) fn about(key: Key<'_>) -> String {
    format!("card {key}")
}

/// Returns the kinds of actions that are asked for; who made a card stands in no other place.
fn filter(notes: bool) -> String {
    let comments = notes.then(actions::comments);
    let kinds = comments.iter().map(String::as_str).chain(CREATIONS.iter().copied());
    kinds.collect::<Vec<_>>().join(",")
}

/// Asks what the custom fields are that a card has values of. Without that the values are shown by the fields' ids.
async fn definitions(trello: &Trello, card: &api::Card<'_>) -> Result<Option<Vec<u8>>> {
    let (Some(board), true) = (&card.id_board, card.custom_field_items.as_ref().is_some_and(|items| !items.is_empty()))
    else {
        return Ok(None);
    };
    match trello.send(trello.read(["boards", board, "customFields"])?, &format!("the fields of board {board}")).await {
        Ok(response) => Ok(Some(response.body.into_vec())),
        Err(error) if matches!(error.kind(), ErrorKind::NotFound | ErrorKind::Permission) => {
            trello.host.log(Level::Warning, &format!("the names of custom fields are left out: {error}"));
            Ok(None)
        }
        Err(error) => Err(error),
    }
}

/// Returns the board that is nested in a card, with what its fields are.
fn with_fields(card: &api::Card<'_>, custom_fields: Vec<api::CustomField>) -> api::Board {
    let own = card.board.as_ref();
    let id = own.map(|board| board.id.clone()).or_else(|| card.id_board.as_deref().map(str::to_owned));
    api::Board {
        id: id.unwrap_or_default(),
        name: own.and_then(|board| board.name.clone()),
        short_link: own.and_then(|board| board.short_link.clone()),
        short_url: own.and_then(|board| board.short_url.clone()),
        url: own.and_then(|board| board.url.clone()),
        closed: own.and_then(|board| board.closed),
        custom_fields,
        ..api::Board::default()
    }
}
