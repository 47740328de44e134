//! Lists of records.
//!
//! Where no order is asked for, a list goes by `sys_id`, which never changes and which no two records share: a page begins
//! behind the last record of the one before, and the rest is cut into windows that are read side by side. Nothing is lost
//! or doubled at the seams while records come and go. Places and windows are in `list/place`.

mod place;

use serde::Deserialize;
use serde_json::value::RawValue;
use usher_adapter_sdk::{
    Error, Result, decode,
    host::Response,
    message::{Criteria, Criterion, Cursor, Include, Page, Raw, SortField},
    model::{CutReason, Part, Ticket},
};

use self::place::{Place, Seen};
use super::{
    filter::{Filter, Fit},
    read,
};
use crate::{
    ServiceNow,
    api::Record,
    mapping::{self, Origin},
    request::{has_next, total},
};

/// How many records are asked for at once.
const PAGE_SIZE: u64 = 100;
/// The least that is asked for, where a limit is smaller: the host may leave out some of it.
const LEAST: u64 = 10;

/// How a list goes on from page to page.
enum Walk {
    /// By `sys_id`, in windows.
    Windows,
    /// By the number of records before the page, in an order.
    Offsets { column: &'static str, descending: bool },
}

/// Returns a page of the records that fit criteria.
pub(crate) async fn fetch(
    snow: &ServiceNow,
    criteria: &Criteria,
    include: &Include,
    cursor: Option<&Cursor>,
) -> Result<Page> {
    list(snow, &Filter::of(snow, criteria).await?, criteria, include, cursor).await
}

/// Returns a page of the records that fit a filter.
pub(super) async fn list(
    snow: &ServiceNow,
    filter: &Filter,
    criteria: &Criteria,
    include: &Include,
    cursor: Option<&Cursor>,
) -> Result<Page> {
    let mut starts = filter.tables.iter().map(|table| Place::start(table));
    let (place, others): (Place, Vec<Place>) = match cursor {
        Some(cursor) => (Place::read(cursor)?, Vec::new()),
        None => match starts.next() {
            Some(first) => (first, starts.collect()),
            None => return Ok(Page::new()),
        },
    };
    let order = order(filter, criteria);
    let walk = walk(filter, criteria, order);
    let size = match walk {
        Walk::Windows => PAGE_SIZE,
        Walk::Offsets { .. } => criteria.limit.map_or(PAGE_SIZE, |limit| limit.clamp(LEAST, PAGE_SIZE)),
    };
    let response = ask(snow, filter, criteria, include, &place, &walk, size).await?;
    let rows: Rows<'_> = response.decode()?;
    let Pushed { page, last, unsure } = push(snow, filter, include, &place.table, &rows.result)?;
    let seen = Seen {
        rows: rows.result.len() as u64,
        size,
        last: last.as_deref().filter(|_| matches!(walk, Walk::Windows)),
        total: total(&response),
        has_next: has_next(&response),
    };
    let next = place.next(&seen, matches!(walk, Walk::Windows));
    let sorted = order.map(|_| Criterion::Sort);
    let page = page
        .with_next(next.iter().chain(&others).map(Place::cursor))
        .with_pushed_down(filter.pushed_down.iter().cloned().chain(sorted));
    let unsure = unsure.map(|reason| Part::new(page.len(), None, reason));
    Ok(match hidden(&response, &place, &seen).or(unsure) {
        Some(cut) => page.with_cut(cut),
        None => page,
    })
}

/// The rows of an answer, each as it came: one that cannot be read hides no other.
#[derive(Deserialize)]
struct Rows<'a> {
    #[serde(borrow)]
    result: Vec<&'a RawValue>,
}

/// Asks for the records of a place.
async fn ask(
    snow: &ServiceNow,
    filter: &Filter,
    criteria: &Criteria,
    include: &Include,
    place: &Place,
    walk: &Walk,
    size: u64,
) -> Result<Response> {
    let query = filter.query(criteria, &place.table)?;
    let has_order = filter.native.as_deref().is_some_and(|native| native.contains("ORDERBY"));
    let query = match walk {
        Walk::Windows => query.and(place.window()),
        Walk::Offsets { .. } if has_order => query,
        Walk::Offsets { column, descending } => query.ordered(column, *descending),
    };
    // Without an order that leaves no choice, pages of ServiceNow's double and lose records.
    let query = query.ordered("sys_id", false).into_text();
    let columns = if include.fields { String::new() } else { read::columns(false) };
    let request = snow.rows(&place.table, query, &columns, size)?;
    let about = format!("the table `{}`", place.table);
    snow.send(request.query("sysparm_offset", place.offset.to_string()), &about).await
}

/// What became of the rows of an answer.
struct Pushed {
    page: Page,
    /// The id of the last record.
    last: Option<String>,
    /// Why a record was left out of which it cannot be seen whether it was asked for, if one was.
    unsure: Option<CutReason>,
}

/// Writes records to a page.
fn push(snow: &ServiceNow, filter: &Filter, include: &Include, listed: &str, rows: &[&RawValue]) -> Result<Pushed> {
    let mut page = Page::new();
    let (mut last, mut unsure) = (None, None);
    for row in rows {
        let bytes = row.get().as_bytes();
        let record: Record<'_> = match decode::json(bytes) {
            Ok(record) => record,
            Err(error) => {
                last = None;
                page.push_error(error);
                continue;
            }
        };
        last = record.filled("sys_id").map(|id| id.value.to_string());
        match filter.fits(&record, listed) {
            Fit::Yes => {}
            Fit::No => continue,
            Fit::Hidden => {
                unsure = Some(CutReason::Permission);
                continue;
            }
            Fit::NotAsked => {
                unsure.get_or_insert(CutReason::NotLoaded);
                continue;
            }
        }
        match ticket(snow, &record, listed, include) {
            Ok(ticket) if include.raw => page.push_with_raw(&ticket, &Raw::main(bytes))?,
            Ok(ticket) => page.push(&ticket)?,
            Err(error) => page.push_error(error),
        }
    }
    Ok(Pushed { page, last, unsure })
}

fn ticket(snow: &ServiceNow, record: &Record<'_>, listed: &str, include: &Include) -> Result<Ticket, Error> {
    let page = |table: &str, sys_id: &str| snow.page(table, sys_id);
    let mut ticket = mapping::ticket(record, None, &page, Origin::Listed(listed))?;
    for part in ["notes", "attachments"] {
        ticket = ticket.with_cut(part, Part::new(0, None, CutReason::NotLoaded));
    }
    ticket.keep(include);
    Ok(ticket)
}

/// Returns the order that ServiceNow applies, if it is what was asked for. Two tables have no order together.
fn order(filter: &Filter, criteria: &Criteria) -> Option<(&'static str, bool)> {
    let sort = criteria.sort.as_ref().filter(|_| filter.tables.len() < 2)?;
    match sort.by {
        SortField::Created => Some(("sys_created_on", sort.descending)),
        SortField::Updated => Some(("sys_updated_on", sort.descending)),
        _ => None,
    }
    .filter(|_| filter.native.as_deref().is_none_or(|native| !native.contains("ORDERBY")))
}

/// Returns how the list goes on: an order that is not ServiceNow's is the host's work, who needs all of them.
fn walk(filter: &Filter, criteria: &Criteria, order: Option<(&'static str, bool)>) -> Walk {
    if let Some((column, descending)) = order {
        return Walk::Offsets { column, descending };
    }
    let is_small = criteria.sort.is_none() && criteria.limit.is_some_and(|limit| limit < 2 * PAGE_SIZE);
    if is_small || filter.native.is_some() {
        return Walk::Offsets { column: "sys_created_on", descending: true };
    }
    Walk::Windows
}

/// Says that access rules have taken records out of a page after it was cut.
fn hidden(response: &Response, place: &Place, seen: &Seen<'_>) -> Option<Part> {
    let total = total(response)?;
    let expected = total.saturating_sub(place.offset).min(seen.size);
    (seen.rows < expected).then(|| Part::new(seen.rows, None, CutReason::Permission))
}
