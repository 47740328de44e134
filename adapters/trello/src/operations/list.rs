//! Lists of cards, board by board.
//!
//! Which boards there are is asked once, on the first page. Without an order and without a small limit that page names the other
//! boards, and windows of its own board, so that the host may ask for several at once; with one it goes page after page, and
//! each cursor names the boards that follow. Either way the list is of the boards that there were at its beginning.

use serde_json::value::RawValue;
use usher_adapter_sdk::{
    Error, ErrorKind, Result, decode,
    host::{Request, Response},
    message::{Criteria, Criterion, Cursor, Include, Page, Sort, SortField},
};

use super::{
    lookup,
    place::{Ids, Place},
    push,
};
use crate::{Trello, error, object_id};

/// How many cards an answer has at most.
const PAGE: u64 = 1_000;
/// What is asked for where Trello finds that too much.
const SMALLER: &[u64] = &[300, 50];

/// Returns a page of the cards that fit criteria.
pub(crate) async fn fetch(
    trello: &Trello,
    criteria: &Criteria,
    include: &Include,
    cursor: Option<&Cursor>,
) -> Result<Page> {
    if !criteria.reporter.is_empty() {
        return Err(Error::unsupported("a list by reporter")
            .with_hint("Trello's lists do not say who made a card: get the card itself, it says so."));
    }
    let is_parallel = criteria.sort.is_none() && criteria.limit.is_none_or(|limit| limit > 2 * PAGE);
    let (place, others) = match cursor {
        Some(cursor) => (Some(Place::read(cursor)?), Vec::new()),
        None => first_places(trello, criteria, is_parallel).await?,
    };
    let Some(place) = place else { return Ok(Page::new()) };
    let (page, next) = match page(trello, &place, criteria, include, is_parallel).await {
        // What was there when the list was begun, and is not any more, is said and hides no other board.
        Err(error) if cursor.is_some() && is_gone(&error) => (lost(error), Vec::new()),
        outcome => outcome?,
    };
    let following = if next.is_empty() { place.following() } else { None };
    let next = next.into_iter().chain(following).chain(others);
    Ok(page.with_next(next.map(|place| place.cursor())).with_pushed_down(pushed_down(criteria, &place)))
}

/// Returns where a list begins, and the boards that are read beside.
async fn first_places(trello: &Trello, criteria: &Criteria, is_parallel: bool) -> Result<(Option<Place>, Vec<Place>)> {
    let mut boards = lookup::boards(trello, criteria).await?.into_iter();
    let Some(first) = boards.next() else { return Ok((None, Vec::new())) };
    if is_parallel {
        let begin = |board| Place::of_board(board, Vec::new());
        return Ok((Some(begin(first)), boards.map(begin).collect()));
    }
    let rest: Vec<String> = boards.collect();
    Ok((Some(Place { is_alone: rest.is_empty(), ..Place::of_board(first, rest) }), Vec::new()))
}

/// Returns the cards of a place, and where its board goes on.
async fn page(
    trello: &Trello,
    place: &Place,
    criteria: &Criteria,
    include: &Include,
    is_parallel: bool,
) -> Result<(Page, Vec<Place>)> {
    let (response, size) = ask(trello, place, criteria, include).await?;
    let items: Vec<&RawValue> = response.decode()?;
    let mut cards = items.into_iter().map(Listed::of).collect::<Result<Vec<_>>>()?;
    let next = if cards.len() as u64 >= size { places(place, &cards, is_parallel)? } else { Vec::new() };
    if is_newest_first(criteria.sort.as_ref()) {
        cards.sort_by(|one, other| other.id.cmp(&one.id));
    }
    let board = trello.board(&place.board).await?;
    let cards = cards.iter().map(|card| card.json).collect();
    Ok((push::cards(trello, Page::new(), cards, Some(board), include).await?, next))
}

/// Says whether a board was deleted, or left by the account.
fn is_gone(error: &Error) -> bool {
    matches!(error.kind(), ErrorKind::NotFound | ErrorKind::Permission)
}

/// Returns a page that says that a board could not be read.
fn lost(error: Error) -> Page {
    let mut page = Page::new();
    page.push_error(error);
    page
}

/// Returns what Trello applies exactly: an order only where the whole list is of one board.
fn pushed_down(criteria: &Criteria, place: &Place) -> Vec<Criterion> {
    let is_ordered = is_newest_first(criteria.sort.as_ref()) && place.is_alone;
    let applied = [(!criteria.project.is_empty(), Criterion::Project), (is_ordered, Criterion::Sort)];
    applied.into_iter().filter(|(is_applied, _)| *is_applied).map(|(_, criterion)| criterion).collect()
}

/// A card of a list, as far as the list itself looks at it.
struct Listed<'a> {
    id: String,
    id_board: Option<String>,
    json: &'a RawValue,
}

impl<'a> Listed<'a> {
    fn of(json: &'a RawValue) -> Result<Self> {
        #[derive(serde::Deserialize)]
        #[serde(rename_all = "camelCase")]
        struct Head {
            id: String,
            id_board: Option<String>,
        }
        let Head { id, id_board } = decode::json(json.get().as_bytes())?;
        Ok(Self { id, id_board, json })
    }
}

/// Asks for the cards of a place; where Trello finds that too much, for fewer. Says how many were asked for.
async fn ask(trello: &Trello, place: &Place, criteria: &Criteria, include: &Include) -> Result<(Response, u64)> {
    let about = format!("the cards of board {}", place.board);
    let mut smaller = SMALLER.iter();
    let mut size = size(criteria);
    loop {
        let response = trello.host.http(request(trello, place, criteria, include, size)?).await?;
        if error::is_too_many_cards(&response)
            && let Some(smaller) = smaller.find(|smaller| **smaller < size)
        {
            size = *smaller;
            continue;
        }
        return Ok((trello.checked(response, &about).await?, size));
    }
}

/// A small list that Trello applies as a whole needs no large pages.
fn size(criteria: &Criteria) -> u64 {
    let asked = criteria.asked();
    let is_whole = asked.iter().all(|part| matches!(part, Criterion::Project))
        || is_newest_first(criteria.sort.as_ref())
            && asked.iter().all(|part| matches!(part, Criterion::Project | Criterion::Sort));
    criteria.limit.filter(|_| is_whole).map_or(PAGE, |limit| limit.clamp(50, PAGE))
}

fn request(trello: &Trello, place: &Place, criteria: &Criteria, include: &Include, size: u64) -> Result<Request> {
    // What is not archived may still lie on a list that means its end: the host looks at that.
    let filter = if criteria.is_open == Some(true) { "open" } else { "all" };
    let mut request = trello.read(["boards", &place.board, "cards", filter])?.query("limit", size.to_string());
    let (since, before) = bounds(place, criteria);
    for (name, end) in [("since", since), ("before", before)] {
        request = end.into_iter().fold(request, |request, end| request.query(name, end));
    }
    let nested = [
        (include.attachments, "attachments", "true"),
        (include.fields, "checklists", "all"),
        (include.fields, "customFieldItems", "true"),
    ];
    let wanted = nested.into_iter().filter(|(is_wanted, ..)| *is_wanted);
    Ok(wanted.fold(request, |request, (_, name, value)| request.query(name, value)))
}

/// Returns between which ids cards are asked for: those of the place, and no wider than the time of making that is asked.
fn bounds(place: &Place, criteria: &Criteria) -> (Option<String>, Option<String>) {
    let id = |second: i64| u32::try_from(second.max(0)).ok().map(object_id::first_of);
    let since = criteria.created.from.and_then(|from| id(from.unix_seconds() - 1));
    let before = criteria.created.to.and_then(|to| id(to.unix_seconds() + 1));
    let before = match (place.before.clone(), before) {
        (Some(one), Some(other)) => Some(one.min(other)),
        (one, other) => one.or(other),
    };
    (place.since.clone().max(since), before)
}

fn places(place: &Place, cards: &[Listed<'_>], is_parallel: bool) -> Result<Vec<Place>> {
    let ids = || cards.iter().map(|card| card.id.as_str());
    let Some((oldest, newest)) = ids().min().zip(ids().max()) else { return Ok(Vec::new()) };
    let ids = Ids { oldest, newest, board: cards.iter().find_map(|card| card.id_board.as_deref()) };
    if is_parallel && place.is_beginning() { place.windows(ids) } else { Ok(vec![place.after(ids)?]) }
}

fn is_newest_first(sort: Option<&Sort>) -> bool {
    sort.is_some_and(|sort| sort.by == SortField::Created && sort.descending)
}
