//! Lists of cards, board by board.
//!
//! Without an order and without a small limit the first page names the other boards, and windows of its own board, so that the
//! host may ask for several at once; with one it goes page after page.

use serde_json::value::RawValue;
use usher_adapter_sdk::{
    Error, Result, decode,
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
    let place = cursor.map(Place::read).transpose()?;
    let boards = lookup::boards(trello, criteria).await?;
    let Some(place) = place.or_else(|| boards.first().map(|first| Place::of_board(first, true))) else {
        return Ok(Page::new());
    };
    let (response, size) = ask(trello, &place, criteria, include).await?;
    let items: Vec<&RawValue> = response.decode()?;
    let mut cards = items.into_iter().map(Listed::of).collect::<Result<Vec<_>>>()?;
    let mut next = if cards.len() as u64 >= size { places(&place, &cards, is_parallel)? } else { Vec::new() };
    // Only the first page of all knows of the other boards, or else each page which board comes after it.
    if cursor.is_none() && is_parallel {
        next.iter_mut().for_each(|place| place.goes_on = false);
        next.extend(boards.iter().skip(1).map(|board| Place::of_board(board, false)));
    } else if next.is_empty() && place.goes_on {
        let following = boards.iter().skip_while(|board| **board != place.board).nth(1);
        next.extend(following.map(|board| Place::of_board(board, true)));
    }
    let mut pushed_down = Vec::new();
    if !criteria.project.is_empty() {
        pushed_down.push(Criterion::Project);
    }
    if is_newest_first(criteria.sort.as_ref()) && boards.len() == 1 {
        cards.sort_by(|one, other| other.id.cmp(&one.id));
        pushed_down.push(Criterion::Sort);
    }
    let page = Page::new().with_next(next.iter().map(Place::cursor)).with_pushed_down(pushed_down);
    let board = trello.board(&place.board).await?;
    push::cards(trello, page, cards.iter().map(|card| card.json).collect(), Some(board), include).await
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
