//! Lists and searches.
//!
//! Without another order they are listed by number. Numbers never change, so that the rest of a list is cut into windows
//! of numbers which the host may read side by side, and each page goes on behind the last number of the one before.

mod place;

use std::pin::pin;

use futures_util::{StreamExt, stream};
use serde_json::value::RawValue;
use usher_adapter_sdk::{
    Result, decode,
    host::Response,
    message::{Criteria, Criterion, Cursor, Include, Page, Query, QueryLanguage, Raw, SortField},
    model::{CutReason, Part, Ticket},
};

use self::place::Place;
use super::{filter::Filter, read};
use crate::{RequestTracker, api, key::Key, mapping, request::PAGE_SIZE, ticket_sql};

/// What is asked of each ticket of a list.
const FIELDS: &str = "Subject,Status,Type,Queue,Owner,Requestor,Cc,AdminCc,Creator,LastUpdatedBy,Created,LastUpdated,Resolved,\
                      Due,Starts,Started,Told,Priority,InitialPriority,FinalPriority,TimeEstimated,TimeWorked,TimeLeft";
/// How many tickets are completed at once, where what was asked takes requests of its own for each.
const AT_ONCE: usize = 4;

/// Returns a page of the tickets that fit criteria.
pub(crate) async fn fetch(
    tracker: &RequestTracker,
    criteria: &Criteria,
    include: &Include,
    cursor: Option<&Cursor>,
) -> Result<Page> {
    let filter = Filter::of(tracker, criteria, include).await?;
    list(tracker, filter, criteria, include, cursor).await
}

/// Returns a page of the tickets that hold words, or that a condition in TicketSQL fits.
pub(crate) async fn search(
    tracker: &RequestTracker,
    query: &Query,
    include: &Include,
    cursor: Option<&Cursor>,
) -> Result<Page> {
    if query.language == QueryLanguage::Native {
        // Nothing is put around what somebody else wrote: a parenthesis in it would put it to another use.
        let place = Place::read(cursor)?;
        let page = ask(tracker, &query.text, "id", false, &place, PAGE_SIZE, include).await?;
        return pushed(tracker, &page, include, place.following(&page)?, Vec::new()).await;
    }
    let mut filter = Filter::of(tracker, &query.criteria, include).await?;
    filter.conditions.extend(ticket_sql::words(&query.text));
    list(tracker, filter, &query.criteria, include, cursor).await
}

/// How a list is gone through.
enum Order {
    /// As it was asked for, page after page.
    Asked(&'static str, bool),
    /// The newest first, since few are wanted.
    Newest,
    /// By number, in windows.
    Windows,
}

async fn list(
    tracker: &RequestTracker,
    filter: Filter,
    criteria: &Criteria,
    include: &Include,
    cursor: Option<&Cursor>,
) -> Result<Page> {
    let place = Place::read(cursor)?;
    let Filter { conditions, mut pushed_down } = filter;
    let order = order(criteria);
    let query = place.within(&conditions);
    let size =
        criteria.limit.filter(|_| matches!(order, Order::Newest)).map_or(PAGE_SIZE, |it| it.clamp(10, PAGE_SIZE));
    let (by, descending) = match order {
        Order::Asked(by, descending) => (by, descending),
        Order::Newest => ("id", true),
        Order::Windows => ("id", false),
    };
    let page = ask(tracker, &query, by, descending, &place, size, include).await?;
    let next = match order {
        Order::Asked(..) => {
            pushed_down.push(Criterion::Sort);
            place.following(&page)?
        }
        Order::Newest => place.below(&page)?,
        Order::Windows if cursor.is_none() && api::PageInfo::of(&page)?.has_more() => {
            let newest = ask(tracker, &query, "id", true, &place, 1, &Include::SUMMARY).await?;
            place.windows(&page, &newest)?
        }
        Order::Windows => place.above(&page)?,
    };
    pushed(tracker, &page, include, next, pushed_down).await
}

fn order(criteria: &Criteria) -> Order {
    match &criteria.sort {
        Some(sort) => match sort.by {
            SortField::Created => Order::Asked("Created", sort.descending),
            SortField::Updated => Order::Asked("LastUpdated", sort.descending),
            SortField::Key => Order::Asked("id", sort.descending),
            // The host sorts, and so needs all of them.
            _ => Order::Windows,
        },
        None if criteria.limit.is_some_and(|limit| limit < 2 * PAGE_SIZE) => Order::Newest,
        None => Order::Windows,
    }
}

async fn ask(
    tracker: &RequestTracker,
    query: &str,
    by: &str,
    descending: bool,
    place: &Place,
    size: u64,
    include: &Include,
) -> Result<Response> {
    let fields = if include.fields { format!("{FIELDS},CustomFields") } else { FIELDS.to_owned() };
    let request = tracker.get(["tickets"])?.query("query", query);
    let request = request.query("orderby", by).query("order", if descending { "DESC" } else { "ASC" });
    // Two tickets of one moment have an order all the same.
    let request = if by == "id" { request } else { request.query("orderby", "id").query("order", "ASC") };
    let request = request.query("per_page", size.to_string()).query("page", place.page.to_string());
    tracker.send(read::with_beside(request.query("fields", fields)), &"the tickets").await
}

/// Writes the tickets of an answer to a page, with what else was asked of each.
async fn pushed(
    tracker: &RequestTracker,
    answer: &Response,
    include: &Include,
    next: Vec<Place>,
    pushed_down: Vec<Criterion>,
) -> Result<Page> {
    let items = answer.decode::<api::Collection<&RawValue>>()?.items;
    let info = api::PageInfo::of(answer)?;
    let mut page = Page::new().with_pushed_down(pushed_down).with_next(next.iter().map(Place::cursor));
    let mut wanted = Vec::with_capacity(items.len());
    for item in items {
        wanted.push(whole(tracker, item.get(), include));
    }
    let mut tickets = pin!(stream::iter(wanted).buffered(AT_ONCE));
    while let Some(ticket) = tickets.next().await {
        match ticket {
            Ok(ticket) => page.push(&ticket)?,
            Err(error) => page.push_error(error),
        }
    }
    // Where Request Tracker checks rights row by row it does not say how many there are, and may stop looking.
    let may_be_cut = next.is_empty() && info.total.is_none();
    let loaded = page.len();
    Ok(if may_be_cut { page.with_cut(Part::new(loaded, None, CutReason::Permission)) } else { page })
}

async fn whole(tracker: &RequestTracker, item: &str, include: &Include) -> Result<Ticket> {
    let own: api::Ticket<'_> = decode::json(item.as_bytes())?;
    let key = Key::parse(&own.id.0.clone().into())?;
    let wants_messages = read::wants_messages(include);
    let said = if wants_messages { read::messages(tracker, key, include).await? } else { Vec::new() };
    let raw = said.into_iter().fold(Raw::main(item), |raw, (name, bytes)| raw.with(name, bytes));
    let mut ticket = mapping::ticket(&raw, None)?;
    if !wants_messages {
        ticket = ticket.with_cut("body", Part::new(0, None, CutReason::NotLoaded));
    }
    ticket.keep(include);
    if include.raw {
        ticket.attach_raw(&raw)?;
    }
    Ok(ticket)
}
