//! Lists of items, board by board.
//!
//! Each board is a chain of its own, and several are read side by side where no order is asked for. Within a board a list
//! goes from page to page: nothing by which it could be divided stays as it is and can be asked for exactly (groups and
//! columns change, and times of creation are compared by days), and a page has as many as 500 items.
//!
//! An item that is moved to another board while its own is listed comes with the page of the old one, or of the new one, or of
//! both: the host lists it once.
//!
//! A place in a board is good for an hour. Then the board is begun anew: what has been listed comes again, and the host
//! lists each item once. Nothing is skipped by its place, for items are in no order that could be relied on.

mod page;

use serde::{Deserialize, Serialize};
use serde_json::json;
use usher_adapter_sdk::{
    Error, ErrorKind, Result,
    message::{Criteria, Criterion, Cursor, Include, Page},
};

use super::{
    board,
    filter::{Filter, Native},
    read::Wanted,
};
use crate::{Monday, api, documents, error, mapping::Columns};

/// How many items are asked for at once; with what hangs on them it is less, for a query has a greatest complexity.
const PAGE_SIZE: u64 = 500;
const PAGE_SIZE_WITH_LISTS: u64 = 25;
/// How often a board is begun anew, where its places are forgotten before its end is reached.
const MOST_BEGINNINGS: u8 = 3;

/// Where a page begins; written as JSON.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct Place {
    board: String,
    /// monday.com's own place in the board.
    #[serde(skip_serializing_if = "Option::is_none")]
    after: Option<String>,
    /// What was applied when the board was begun: it stays so until its end.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    applied: Vec<Criterion>,
    /// The boards that follow in the same chain.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    rest: Vec<String>,
    /// How often the board was begun anew.
    #[serde(skip_serializing_if = "is_zero")]
    anew: u8,
}

fn is_zero(number: &u8) -> bool {
    *number == 0
}

/// Returns a page of the items that fit criteria.
pub(crate) async fn fetch(
    monday: &Monday,
    criteria: &Criteria,
    include: &Include,
    cursor: Option<&Cursor>,
) -> Result<Page> {
    list(monday, criteria, &Native::default(), include, cursor).await
}

/// Returns a page of the items that fit criteria, and rules in monday.com's own words.
pub(super) async fn list(
    monday: &Monday,
    criteria: &Criteria,
    native: &Native,
    include: &Include,
    cursor: Option<&Cursor>,
) -> Result<Page> {
    let size = if include.notes || include.attachments { PAGE_SIZE_WITH_LISTS } else { PAGE_SIZE };
    let is_chain = criteria.limit.is_some_and(|limit| limit < 2 * size);
    let limit = if is_chain { criteria.limit.map_or(size, |limit| limit.clamp(10, size)) } else { size };
    let (place, others) = match cursor {
        Some(cursor) => (Place::read(cursor)?, Vec::new()),
        None => first_places(monday, criteria, is_chain).await?,
    };
    let Some(place) = place else { return Ok(Page::new()) };
    let is_one_board = cursor.is_none() && others.is_empty() && place.rest.is_empty();
    let is_ordered = is_one_board || place.applied.contains(&Criterion::Sort);
    let request = Request { monday, criteria, native, include, limit, is_ordered };
    let (page, next) = request.page(place).await?;
    Ok(page.with_next(next.into_iter().chain(others).map(|place| place.cursor())))
}

/// Returns where a list begins, and the boards that are read beside.
async fn first_places(monday: &Monday, criteria: &Criteria, is_chain: bool) -> Result<(Option<Place>, Vec<Place>)> {
    let mut boards = boards(monday, criteria).await?.into_iter();
    let first = boards.next();
    if is_chain {
        let rest = boards.collect();
        return Ok((first.map(|board| Place { board, rest, ..Place::default() }), Vec::new()));
    }
    let begin = |board| Place { board, ..Place::default() };
    Ok((first.map(begin), boards.map(begin).collect()))
}

/// Returns the boards that are meant: those that are named, else every one that is seen.
async fn boards(monday: &Monday, criteria: &Criteria) -> Result<Vec<String>> {
    let named = named_boards(monday, criteria)?;
    if named.is_empty() { seen_boards(monday).await } else { Ok(named) }
}

/// Returns the boards that are named, else those of the connection.
fn named_boards(monday: &Monday, criteria: &Criteria) -> Result<Vec<String>> {
    let connection = monday.host.connection();
    let known = || connection.projects.iter().chain(&connection.default_project).collect::<Vec<_>>();
    let named = if criteria.project.is_empty() { known() } else { criteria.project.iter().collect() };
    let mut boards: Vec<String> = Vec::new();
    for name in named {
        let id = board::id(name)?;
        if !boards.iter().any(|known| known == id) {
            boards.push(id.to_owned());
        }
    }
    Ok(boards)
}

/// Returns every board that the account sees and that holds items.
async fn seen_boards(monday: &Monday) -> Result<Vec<String>> {
    let mut seen = Vec::new();
    for page in 1.. {
        let response = monday.ask(documents::BOARDS, &json!({ "page": page })).await?;
        let api::Boards { boards, .. } = monday.data(&response, &"the boards")?;
        let is_last = boards.len() < board::BOARDS_PAGE;
        let holding = boards.iter().flatten().filter(|board| board::holds_items(board));
        seen.extend(holding.filter_map(|board| board.id.as_deref().map(str::to_owned)));
        if is_last {
            break;
        }
    }
    Ok(seen)
}

impl Place {
    fn read(cursor: &Cursor) -> Result<Option<Self>> {
        let place: Option<Self> = serde_json::from_str(cursor.as_str()).ok();
        place.filter(|place| board::id(&place.board).is_ok()).map(Some).ok_or_else(|| {
            Error::validation(format!("`{}` is no place in a list", cursor.as_str()))
                .with_hint("Begin the list anew, without a cursor.")
        })
    }

    fn cursor(&self) -> Cursor {
        Cursor::new(json!(self).to_string())
    }

    /// Returns where it goes on: behind this page, else at the next board of the chain.
    fn next(self, after: Option<String>, applied: &[Criterion]) -> Option<Self> {
        if after.is_some() {
            return Some(Self { after, applied: applied.to_vec(), ..self });
        }
        let (board, rest) = self.rest.split_first()?;
        Some(Self { board: board.clone(), rest: rest.to_vec(), ..Self::default() })
    }
}

/// One page that is asked for.
struct Request<'a> {
    monday: &'a Monday,
    criteria: &'a Criteria,
    native: &'a Native,
    include: &'a Include,
    limit: u64,
    /// Whether the whole list is of one board, so that its order is that of the list.
    is_ordered: bool,
}

impl Request<'_> {
    async fn page(&self, place: Place) -> Result<(Page, Option<Place>)> {
        let Some(after) = place.after.clone() else { return self.first(place).await };
        match self.further(&place, &after).await {
            Err(error) if error::is_expired_cursor(&error) && place.anew < MOST_BEGINNINGS => {
                let anew = place.anew + 1;
                self.first(Place { after: None, applied: Vec::new(), anew, ..place }).await
            }
            Err(error) => Err(error),
            Ok((page, cursor)) => {
                let applied = place.applied.clone();
                Ok((page, place.next(cursor, &applied)))
            }
        }
    }

    async fn first(&self, place: Place) -> Result<(Page, Option<Place>)> {
        let filter = self.filter(&place).await?;
        let variables = json!({
            "board": [place.board], "limit": self.limit, "query": filter.query,
            "notes": self.include.notes, "attachments": self.include.attachments,
        });
        let response = self.monday.ask(documents::ITEMS, &variables).await?;
        let about = format!("the board {}", place.board);
        let api::Boards { boards, .. } = self.monday.data(&response, &about)?;
        let found = boards.into_iter().flatten().next().ok_or_else(|| board::missing(&place.board))?;
        let items = found
            .items_page
            .as_ref()
            .ok_or_else(|| Error::new(ErrorKind::ResponseParse, format!("{about}: the answer has no page of items")))?;
        let page = self.written(&found, &items.items, &response, &filter.applied).await?;
        let cursor = items.cursor.as_deref().map(str::to_owned);
        Ok((page, place.next(cursor, &filter.applied)))
    }

    async fn further(&self, place: &Place, after: &str) -> Result<(Page, Option<String>)> {
        let Wanted { notes, attachments } = Wanted::of(self.include);
        let variables = json!({
            "board": [place.board], "cursor": after, "limit": self.limit, "notes": notes, "attachments": attachments,
        });
        let response = self.monday.ask(documents::NEXT_ITEMS, &variables).await?;
        let about = format!("the board {}", place.board);
        let api::NextPage { boards, next_items_page } = self.monday.data(&response, &about)?;
        let found = boards.into_iter().flatten().next().ok_or_else(|| board::missing(&place.board))?;
        if next_items_page.cursor.as_deref() == Some(after) {
            return Err(Error::new(ErrorKind::ResponseParse, format!("{about}: a page names itself as the next")));
        }
        let page = self.written(&found, &next_items_page.items, &response, &place.applied).await?;
        Ok((page, next_items_page.cursor.map(String::from)))
    }

    /// Returns what is said to monday.com; what columns are called is asked only where it matters.
    async fn filter(&self, place: &Place) -> Result<Filter> {
        let needs_columns = self.criteria.asked().iter().any(|criterion| *criterion != Criterion::Project);
        if !needs_columns {
            return Ok(Filter::of(self.criteria, self.native, None, self.is_ordered));
        }
        let response = board::ask(self.monday, &place.board).await?;
        let (board, _) = board::found(self.monday, &response, &place.board)?;
        let columns = Columns::of(Some(&board), &self.monday.config.columns);
        Ok(Filter::of(self.criteria, self.native, Some((&board, &columns)), self.is_ordered))
    }
}
