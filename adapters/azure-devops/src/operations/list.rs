//! Lists of work items: a query gives numbers, and these are read 200 at a time.
//!
//! Without an order the first page names windows of numbers, which hold whatever changes underneath; the host asks for several
//! of them at once. With a limit the newest are meant. What the query asks for is in `list/plan`.

mod plan;

use usher_adapter_sdk::{
    Result,
    message::{Criteria, Cursor, Include, Page},
    model::{CutReason, Part},
};

use self::plan::Order;
pub(super) use self::plan::Plan;
use super::{
    batch,
    place::Place,
    wiql::{self, MOST, Wiql},
};
use crate::{AzureDevOps, error};

/// How many numbers a window's query asks for: one less than what is an error, and one more than what is counted on.
const WINDOW: usize = MOST - 1;

/// Up to which limit a list goes page after page, and no numbers are asked for in advance.
const FEW: u64 = 2 * batch::SIZE as u64;

/// Returns a page of the work items that fit criteria.
pub(crate) async fn fetch(
    azure: &AzureDevOps,
    criteria: &Criteria,
    include: &Include,
    cursor: Option<&Cursor>,
) -> Result<Page> {
    let place = Place::read(cursor)?;
    let plan = Plan::of(azure, criteria)?;
    run(azure, plan, criteria, include, place).await
}

/// Returns a page of what a plan finds.
pub(super) async fn run(
    azure: &AzureDevOps,
    plan: Plan<'_>,
    criteria: &Criteria,
    include: &Include,
    place: Option<Place>,
) -> Result<Page> {
    let page = Page::new().with_pushed_down(plan.pushed_down.iter().cloned());
    if let Some(Place::Numbers { numbers, is_cut }) = place {
        return numbered(azure, page, numbers, is_cut, include).await;
    }
    let order = plan.order();
    let is_exact = plan.is_exact(criteria);
    let query = plan.narrowed(azure).await?;
    match (place, order) {
        (Some(Place::Window { after, to }), _) => window(azure, page, query, (after, to), include).await,
        (Some(Place::Below(number)), _) => {
            newest(azure, page, query, Some(number), size(criteria, is_exact), include).await
        }
        (_, Order::Any) => {
            let page = window(azure, page, query, (0, None), include).await?;
            let total = page.head().total.filter(|_| is_exact);
            Ok(page.with_total(total))
        }
        (_, Order::Newest) if criteria.limit.is_some_and(|limit| limit <= FEW) => {
            newest(azure, page, query, None, size(criteria, is_exact), include).await
        }
        (_, Order::Newest | Order::Asked) => {
            let limit = criteria.limit.filter(|_| is_exact).and_then(|limit| usize::try_from(limit).ok());
            let numbers = wiql::ask(azure, &query.text(), limit.unwrap_or(MOST).clamp(1, MOST)).await?;
            let is_cut = numbers.len() == MOST;
            let total = (is_exact && !is_cut && limit.is_none()).then_some(numbers.len() as u64);
            in_order(azure, page.with_total(total), numbers, is_cut, include).await
        }
    }
}

/// Returns the first page of numbers that were found in an order, and a cursor for each page after it.
pub(super) async fn in_order(
    azure: &AzureDevOps,
    page: Page,
    numbers: Vec<u64>,
    is_cut: bool,
    include: &Include,
) -> Result<Page> {
    let pages = numbers.len().div_ceil(batch::SIZE);
    let mut chunks = numbers.chunks(batch::SIZE).map(<[u64]>::to_vec).enumerate();
    let first = chunks.next().map(|(_, first)| first).unwrap_or_default();
    let next = chunks.map(|(place, numbers)| Place::Numbers { numbers, is_cut: is_cut && place + 1 == pages }.cursor());
    let page = page.with_next(next.collect::<Vec<_>>());
    numbered(azure, page, first, is_cut && pages == 1, include).await
}

async fn numbered(azure: &AzureDevOps, page: Page, numbers: Vec<u64>, is_cut: bool, include: &Include) -> Result<Page> {
    let page = batch::push(azure, page, &numbers, include).await?;
    let loaded = page.len();
    Ok(if is_cut { page.with_cut(Part::new(loaded, None, CutReason::Cap)) } else { page })
}

/// Returns the first page of a window, and the windows that the rest of it falls into.
async fn window(
    azure: &AzureDevOps,
    page: Page,
    query: Wiql,
    (after, to): (u64, Option<u64>),
    include: &Include,
) -> Result<Page> {
    let mut within = query.clone();
    within.between(after, to);
    let numbers = match wiql::ask(azure, &within.text(), WINDOW).await {
        Ok(numbers) => numbers,
        Err(error) if error::is_query_too_large(&error) => return split(azure, page, query, (after, to)).await,
        Err(error) => return Err(error),
    };
    let first = &numbers[..numbers.len().min(batch::SIZE)];
    let total = (after == 0 && to.is_none() && numbers.len() < WINDOW).then_some(numbers.len() as u64);
    let page = page.with_next(windows(&numbers, to)).with_total(total);
    batch::push(azure, page, first, include).await
}

/// Returns the windows behind the first page of those numbers: together they hold every number up to the end.
fn windows(numbers: &[u64], to: Option<u64>) -> Vec<Cursor> {
    let mut windows = Vec::new();
    let mut last = numbers.get(..batch::SIZE).and_then(<[u64]>::last).copied();
    let is_whole = numbers.len() < WINDOW;
    let rest = numbers.get(batch::SIZE..).unwrap_or_default();
    let mut chunks = rest.chunks(batch::SIZE).peekable();
    while let (Some(chunk), Some(after)) = (chunks.next(), last) {
        let end = chunk.last().copied();
        let is_last = chunks.peek().is_none() && is_whole;
        windows.push(Place::Window { after, to: if is_last { to } else { end } }.cursor());
        last = end;
    }
    if let Some(after) = last.filter(|_| !is_whole) {
        windows.push(Place::Window { after, to }.cursor());
    }
    windows
}

/// Returns windows so narrow that none of them can find too much, up to the newest work item that there is.
async fn split(azure: &AzureDevOps, page: Page, query: Wiql, (after, to): (u64, Option<u64>)) -> Result<Page> {
    let newest = match to {
        Some(to) => to,
        None => {
            let mut newest = query;
            newest.order_by("System.Id", true);
            newest.between(after, None);
            wiql::ask(azure, &newest.text(), 1).await?.first().copied().unwrap_or(after)
        }
    };
    let step = WINDOW as u64 - 1;
    let mut windows = Vec::new();
    let mut start = after;
    while start < newest {
        let end = start.saturating_add(step);
        let is_last = end >= newest;
        windows.push(Place::Window { after: start, to: if is_last { to } else { Some(end) } }.cursor());
        start = end;
    }
    Ok(page.with_next(windows))
}

/// Returns a page of the newest work items, or of those that follow them.
async fn newest(
    azure: &AzureDevOps,
    page: Page,
    mut query: Wiql,
    below: Option<u64>,
    size: usize,
    include: &Include,
) -> Result<Page> {
    query.order_by("System.Id", true);
    if let Some(below) = below {
        query.and(format!("[System.Id] < {below}"));
    }
    let mut numbers = wiql::ask(azure, &query.text(), size + 1).await?;
    let has_more = numbers.len() > size;
    numbers.truncate(size);
    let next = numbers.last().filter(|_| has_more).map(|last| Place::Below(*last).cursor());
    batch::push(azure, page.with_next(next), &numbers, include).await
}

/// Returns how many are asked for at once: few, where few are wanted and nothing is left to the host to filter.
fn size(criteria: &Criteria, is_exact: bool) -> usize {
    let limit = criteria.limit.filter(|_| is_exact).and_then(|limit| usize::try_from(limit).ok());
    limit.map_or(batch::SIZE, |limit| limit.clamp(1, batch::SIZE))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(numbers: &[u64], to: Option<u64>) -> Vec<String> {
        windows(numbers, to).iter().map(|cursor| cursor.as_str().to_owned()).collect()
    }

    #[test]
    fn windows_lie_beside_one_another_and_the_last_has_the_end_of_the_whole() {
        let numbers: Vec<u64> = (1..=450).map(|number| number * 10).collect();
        assert_eq!(texts(&numbers, None), ["w2000-4000", "w4000-"]);
        assert_eq!(texts(&numbers, Some(9_000)), ["w2000-4000", "w4000-9000"]);
        assert_eq!(texts(&numbers[..200], None), [""; 0]);
        assert_eq!(texts(&[], None), [""; 0]);
    }

    #[test]
    fn behind_as_many_as_a_query_gives_there_may_be_more() {
        let numbers: Vec<u64> = (1..=WINDOW as u64).collect();
        let windows = texts(&numbers, None);
        assert_eq!(windows.len(), 100);
        assert_eq!(windows[98..], ["w19800-19999", "w19999-"]);
    }
}
