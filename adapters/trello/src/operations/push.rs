//! Cards of a list onto a page, with what else was asked of each.

use std::{collections::HashMap, sync::Arc};

use futures_util::{StreamExt, TryStreamExt, stream};
use serde_json::value::RawValue;
use usher_adapter_sdk::{
    Error, ErrorKind, Result, decode,
    host::{Level, Response},
    message::{Include, Page, Raw},
    model::Ticket,
};

use super::actions;
use crate::{
    Trello, api,
    mapping::{self, Beside, COMMENT, COPIED_COMMENT},
};

/// How many requests Trello takes in one.
const BATCH: usize = 10;
/// How many of those are sent at once.
const AT_ONCE: usize = 4;

/// Writes cards to a page. The board is theirs, or each has its own nested in it.
pub(super) async fn cards(
    trello: &Trello,
    mut page: Page,
    items: Vec<&RawValue>,
    board: Option<Arc<api::Board>>,
    include: &Include,
) -> Result<Page> {
    let cards =
        items.iter().map(|item| decode::json::<api::Card<'_>>(item.get().as_bytes())).collect::<Result<Vec<_>>>()?;
    let board = match board {
        Some(board) if cards.iter().any(|card| is_on_new_list(card, &board)) => {
            Some(trello.board_now(&board.id).await?)
        }
        board => board,
    };
    let others = if board.is_none() { boards(trello, &cards).await? } else { HashMap::new() };
    let comments = if include.notes { comments(trello, &cards).await? } else { Comments::default() };
    for (item, card) in items.iter().zip(&cards) {
        let own = card.id_board.as_deref().and_then(|id| others.get(id)?.as_deref());
        match ticket(trello, item.get(), card, board.as_deref().or(own), &comments, include) {
            Ok(ticket) => page.push(&ticket)?,
            Err(error) => page.push_error(error),
        }
    }
    Ok(page)
}

/// Returns the boards of cards whose own nested one has no short link: that is the key of the project.
async fn boards(trello: &Trello, cards: &[api::Card<'_>]) -> Result<HashMap<String, Option<Arc<api::Board>>>> {
    let mut boards = HashMap::new();
    for card in cards {
        let is_whole = card.board.as_ref().is_some_and(|board| board.short_link.is_some());
        let Some(id) = card.id_board.as_deref().filter(|id| !is_whole && !boards.contains_key(*id)) else { continue };
        match trello.board(id).await {
            Ok(board) => drop(boards.insert(id.to_owned(), Some(board))),
            // The card was found, and is shown with what it says itself.
            Err(error) if matches!(error.kind(), ErrorKind::NotFound | ErrorKind::Permission) => {
                trello.host.log(Level::Warning, &format!("the board of card {} is left out: {error}", card.id));
                boards.insert(id.to_owned(), None);
            }
            Err(error) => return Err(error),
        }
    }
    Ok(boards)
}

/// Says whether a card is on a list that was made since the board was asked for.
fn is_on_new_list(card: &api::Card<'_>, board: &api::Board) -> bool {
    card.id_list.as_deref().is_some_and(|id| !board.lists.iter().any(|list| list.id == id))
}

fn ticket(
    trello: &Trello,
    json: &str,
    card: &api::Card<'_>,
    board: Option<&api::Board>,
    comments: &Comments,
    include: &Include,
) -> Result<Ticket> {
    let pages = comments.pages(&card.id)?;
    let mut actions = include.notes.then(Vec::new);
    for page in &pages {
        actions.get_or_insert_with(Vec::new).extend(decode::json::<Vec<api::Action<'_>>>(page.as_bytes())?);
    }
    let mut ticket = mapping::ticket(card, None, &trello.rules, &Beside { board, actions })?;
    ticket.keep(include);
    if include.raw {
        let raw = pages.iter().fold(Raw::main(json), |raw, page| raw.with("actions", *page));
        ticket.attach_raw(&raw)?;
    }
    Ok(ticket)
}

/// The comments of the cards that have some, or why they could not be had.
#[derive(Default)]
struct Comments(HashMap<String, Result<Vec<String>>>);

impl Comments {
    fn pages(&self, card: &str) -> Result<Vec<&str>> {
        match self.0.get(card) {
            None => Ok(Vec::new()),
            Some(Ok(pages)) => Ok(pages.iter().map(String::as_str).collect()),
            Some(Err(error)) => Err(error.clone()),
        }
    }
}

/// Asks for the comments of the cards that have some. Those that came along with a copied card are of a kind of their own, and
/// are asked for where fewer are there than Trello counts: no comma can stand in a batch, so that one request takes one kind.
async fn comments(trello: &Trello, cards: &[api::Card<'_>]) -> Result<Comments> {
    let has_comments = |card: &&api::Card<'_>| card.badges.and_then(|badges| badges.comments) != Some(0);
    let ids = cards.iter().filter(has_comments).map(|card| card.id.to_string()).collect();
    let mut found = of_kind(trello, COMMENT, ids).await?;
    let mut lacking = Vec::new();
    for card in cards {
        if let Some(Ok(pages)) = found.get(&*card.id)
            && lacks_some(card, pages)?
        {
            lacking.push(card.id.to_string());
        }
    }
    for (id, copied) in of_kind(trello, COPIED_COMMENT, lacking).await? {
        match (found.get_mut(&id), copied) {
            (Some(Ok(pages)), Ok(copied)) => pages.extend(copied),
            (_, copied) => drop(found.insert(id, copied)),
        }
    }
    Ok(Comments(found))
}

/// Says whether Trello counts more comments of a card than these. One that was written after the card was listed is not among
/// those that it has counted.
fn lacks_some(card: &api::Card<'_>, pages: &[String]) -> Result<bool> {
    let Some(counted) = card.badges.and_then(|badges| badges.comments) else { return Ok(true) };
    let mut known = 0;
    for page in pages {
        let comments: Vec<api::Action<'_>> = decode::json(page.as_bytes())?;
        known += comments.iter().filter(|comment| comment.date <= card.date_last_activity).count() as u64;
    }
    Ok(known < counted)
}

/// Asks for the actions of one kind, of ten cards in a request.
async fn of_kind(trello: &Trello, kind: &str, ids: Vec<String>) -> Result<HashMap<String, Result<Vec<String>>>> {
    let batches = ids.chunks(BATCH).map(<[String]>::to_vec).collect::<Vec<_>>();
    let asked = stream::iter(batches).map(async |ids: Vec<String>| {
        let response = batch(trello, kind, &ids).await?;
        let mut found = Vec::with_capacity(ids.len());
        for (id, answer) in ids.iter().zip(answers(&response, ids.len())?) {
            found.push((id.clone(), with_older(trello, kind, id, answer).await));
        }
        Ok::<_, Error>(found)
    });
    let found: Vec<Vec<(String, Result<Vec<String>>)>> = asked.buffer_unordered(AT_ONCE).try_collect().await?;
    Ok(found.into_iter().flatten().collect())
}

/// Asks for several lists of comments at once. A comma stands between the addresses, so that there is none in them.
async fn batch(trello: &Trello, kind: &str, ids: &[String]) -> Result<Response> {
    let urls = ids.iter().map(|id| format!("/cards/{id}/actions?filter={kind}&limit={}", actions::CAP));
    let request = trello.read(["batch"])?.query("urls", urls.collect::<Vec<_>>().join(","));
    trello.send(request, &"the comments of the cards").await
}

/// Returns the answer to each of the requests, or why there is none.
fn answers(response: &Response, count: usize) -> Result<Vec<Result<&str>>> {
    let answers: Vec<api::BatchAnswer<'_>> = response.decode()?;
    if answers.len() != count {
        let message = format!("{count} requests were made in one, and {} answers came", answers.len());
        return Err(Error::new(ErrorKind::ResponseParse, message));
    }
    Ok(answers.into_iter().map(body).collect())
}

/// Returns the body of an answer that is a success.
fn body(answer: api::BatchAnswer<'_>) -> Result<&str> {
    if let Some(body) = answer.get("200") {
        return Ok(body.get());
    }
    let error = Error::new(ErrorKind::Platform, "the comments of a card could not be read");
    Err(match answer.keys().find_map(|status| status.parse::<u16>().ok()) {
        Some(status) => error.with_status(status),
        None => error,
    })
}

async fn with_older(trello: &Trello, kind: &str, card: &str, first: Result<&str>) -> Result<Vec<String>> {
    let first = first.map_err(|error| error.context(format_args!("card {card}")))?;
    let mut pages = vec![first.to_owned()];
    let oldest = actions::oldest_if_full(&decode::json::<Vec<api::Action<'_>>>(first.as_bytes())?);
    if oldest.is_some() {
        for page in actions::older(trello, card, kind, oldest).await? {
            pages.push(String::from_utf8_lossy(&page.body).into_owned());
        }
    }
    Ok(pages)
}
