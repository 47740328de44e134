//! Lists of tickets, page by page.
//!
//! The first page reads the names in the folder, and for an order by time or priority every front matter; what is
//! kept for the next page are the keys in their order, 16 bytes each, for a few lists at a time. A cursor says where
//! to go on even if nothing was kept: files that come or go meanwhile move nothing and are given at most once.

use std::{
    collections::VecDeque,
    sync::{Arc, Mutex, PoisonError},
    time::{SystemTime, UNIX_EPOCH},
};

use usher_adapter_sdk::{
    Error, Result,
    message::{Criteria, Cursor, Include, Page, Query, QueryLanguage, Sort, SortField},
};

use super::scan::{Scan, Seen};
use crate::{
    Folder,
    filter::{self, Filter},
    key::Key,
    mapping,
};

/// How many lists are remembered at a time.
const REMEMBERED: usize = 4;
/// How many files one page reads at most, however few of them are wanted.
const READ_PER_PAGE: usize = 2_000;

/// Returns a page of the tickets that fit criteria.
pub(crate) async fn fetch(
    folder: &Folder,
    criteria: &Criteria,
    include: &Include,
    cursor: Option<&Cursor>,
) -> Result<Page> {
    let filter = Filter::new(criteria, "", folder.me.as_deref())?;
    page(folder, criteria, &filter, include, cursor).await
}

/// Returns a page of the tickets that hold all words of a query.
pub(crate) async fn search(folder: &Folder, query: &Query, include: &Include, cursor: Option<&Cursor>) -> Result<Page> {
    if query.language == QueryLanguage::Native {
        return Err(Error::unsupported("a query language of the folder's own")
            .with_hint("Search for words, or list with filters."));
    }
    let filter = Filter::new(&query.criteria, &query.text, folder.me.as_deref())?;
    page(folder, &query.criteria, &filter, include, cursor).await
}

async fn page(
    folder: &Folder,
    criteria: &Criteria,
    filter: &Filter<'_>,
    include: &Include,
    cursor: Option<&Cursor>,
) -> Result<Page> {
    let mut page = Page::new().with_pushed_down(criteria.asked());
    let (listing, start) = begin(folder, criteria.sort.as_ref(), filter, cursor, &mut page).await?;
    let limit = criteria.limit.and_then(|limit| usize::try_from(limit).ok()).unwrap_or(usize::MAX);
    let size = folder.page_size.min(limit.max(1)) as u64;
    let mut scan = Scan::new(folder);
    let mut places = listing.order.iter().enumerate().skip(start).take(READ_PER_PAGE).peekable();
    let mut next = listing.order.len();
    while let Some((place, entry)) = places.next_if(|_| page.len() < size) {
        next = place + 1;
        let pushed = scan.look(entry.key, |seen| push(folder, &mut page, seen, filter, include)).await;
        if let Err(error) = pushed {
            page.push_error(error);
        }
    }
    let total = filter.takes_all().then_some(listing.order.len() as u64);
    let cursor = folder.listings.go_on(listing, next);
    Ok(page.with_total(total).with_next(cursor))
}

/// Writes a ticket to the page, if it is wanted.
fn push(folder: &Folder, page: &mut Page, seen: Seen<'_>, filter: &Filter<'_>, include: &Include) -> Result<()> {
    let Seen { key, text, file, front } = seen;
    if !filter.admits(&front, &file).map_err(|fault| fault.in_file(key.file_name()))? {
        return Ok(());
    }
    let mut ticket = mapping::ticket(key, text, &file, front, include)?;
    if include.attachments {
        let files = folder.store.attachments(key)?;
        ticket = ticket.with_attachments(files.into_iter().map(mapping::attachment).collect::<Vec<_>>());
    }
    if include.raw {
        let text = usher_adapter_sdk::model::Json::of(text)?;
        ticket.raw = Some([("main".to_owned(), text)].into());
    }
    page.push(&ticket)
}

/// Returns the list that a cursor goes on with, or a new one, and the place in it.
async fn begin(
    folder: &Folder,
    sort: Option<&Sort>,
    filter: &Filter<'_>,
    cursor: Option<&Cursor>,
    page: &mut Page,
) -> Result<(Arc<Listing>, usize)> {
    let mark = cursor.map(Mark::read).transpose()?;
    let kept = mark.as_ref().and_then(|mark| Some((folder.listings.find(mark.listing)?, mark.place)));
    if let Some(kept) = kept {
        return Ok(kept);
    }
    let (order, errors) = order(folder, sort, filter).await?;
    let descending = sort.is_some_and(|sort| sort.descending);
    let Some(mark) = mark else {
        errors.into_iter().for_each(|error| page.push_error(error));
        return Ok((folder.listings.keep(order), 0));
    };
    // What was wrong with single files was said on the first page.
    let is_before = |entry: &Entry| if descending { *entry >= mark.after } else { *entry <= mark.after };
    let place = order.partition_point(is_before);
    Ok((folder.listings.keep(order), place))
}

/// Returns the tickets in their order, and what is wrong with those that could not be put into it.
async fn order(folder: &Folder, sort: Option<&Sort>, filter: &Filter<'_>) -> Result<(Vec<Entry>, Vec<Error>)> {
    let keys = folder.store.keys(filter.projects().as_deref())?;
    let by = sort.map_or(SortField::Key, |sort| sort.by.clone());
    let (mut order, errors) = match by {
        SortField::Created | SortField::Updated | SortField::Priority => sorted_by(folder, sort, &keys, filter).await,
        SortField::Key => (keys.into_iter().map(|key| Entry { value: 0, key }).collect(), Vec::new()),
        other => return Err(Error::unsupported(format_args!("an order by `{other}`"))),
    };
    order.sort_unstable();
    if sort.is_some_and(|sort| sort.descending) {
        order.reverse();
    }
    Ok((order, errors))
}

async fn sorted_by(
    folder: &Folder,
    sort: Option<&Sort>,
    keys: &[Key],
    filter: &Filter<'_>,
) -> (Vec<Entry>, Vec<Error>) {
    let mut order = Vec::new();
    let look = |seen: Seen<'_>| {
        if filter.admits(&seen.front, &seen.file).map_err(|fault| fault.in_file(seen.key.file_name()))? {
            order.push(Entry { value: sort.map_or(0, |sort| filter::sort_value(sort, &seen.front)), key: seen.key });
        }
        Ok(())
    };
    let errors = Scan::new(folder).each(keys, look).await;
    (order, errors)
}

/// One ticket's place in a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Entry {
    value: i64,
    key: Key,
}

/// A list of tickets in its order.
#[derive(Debug)]
struct Listing {
    id: u64,
    order: Vec<Entry>,
}

/// The lists that are being read.
#[derive(Debug, Default)]
pub(crate) struct Listings(Mutex<Kept>);

#[derive(Debug, Default)]
struct Kept {
    last_id: u64,
    lists: VecDeque<Arc<Listing>>,
}

/// Returns a number below which another process has given its own.
fn first_id() -> u64 {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    u64::try_from(now.as_nanos()).unwrap_or(u64::MAX / 2)
}

impl Listings {
    fn find(&self, id: u64) -> Option<Arc<Listing>> {
        self.kept().lists.iter().find(|listing| listing.id == id).cloned()
    }

    /// Remembers a list, and forgets the one that was made longest ago if there are too many.
    fn keep(&self, order: Vec<Entry>) -> Arc<Listing> {
        let mut kept = self.kept();
        if kept.last_id == 0 {
            // A cursor may come to another process than the one that gave it, and must not find another list there.
            kept.last_id = first_id();
        }
        kept.last_id += 1;
        let listing = Arc::new(Listing { id: kept.last_id, order });
        kept.lists.push_back(listing.clone());
        if kept.lists.len() > REMEMBERED {
            kept.lists.pop_front();
        }
        listing
    }

    /// Returns where a list goes on; one that is at its end is forgotten.
    fn go_on(&self, listing: Arc<Listing>, place: usize) -> Option<Cursor> {
        let is_over = place >= listing.order.len();
        if is_over {
            self.kept().lists.retain(|kept| kept.id != listing.id);
        }
        let after = *listing.order.get(place.checked_sub(1)?)?;
        (!is_over).then(|| Mark { listing: listing.id, place, after }.written())
    }

    fn kept(&self) -> std::sync::MutexGuard<'_, Kept> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Where a page begins: the remembered list and the place in it, and the ticket before in case it was forgotten.
struct Mark {
    listing: u64,
    place: usize,
    after: Entry,
}

impl Mark {
    fn written(&self) -> Cursor {
        let Mark { listing, place, after: Entry { value, key } } = self;
        Cursor::new(format!("{listing}:{place}:{value}:{key}"))
    }

    fn read(cursor: &Cursor) -> Result<Self> {
        let parts: Vec<&str> = cursor.as_str().split(':').collect();
        let read = || match parts[..] {
            [listing, place, value, key] => Some(Self {
                listing: listing.parse().ok()?,
                place: place.parse().ok()?,
                after: Entry { value: value.parse().ok()?, key: Key::parse(key)? },
            }),
            _ => None,
        };
        read().ok_or_else(|| Error::validation("the cursor is not one of this adapter's"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entries(count: u32) -> Vec<Entry> {
        (1..=count).map(|number| Entry { value: 0, key: Key::parse(&format!("A-{number}")).unwrap() }).collect()
    }

    #[test]
    fn only_a_few_lists_are_remembered_and_none_that_is_over() {
        let listings = Listings::default();
        let made: Vec<_> = (0..6).map(|_| listings.keep(entries(2))).collect();
        assert!(listings.find(made[1].id).is_none() && listings.find(made[2].id).is_some());
        assert!(listings.go_on(made[2].clone(), 2).is_none());
        assert!(listings.find(made[2].id).is_none());
    }

    #[test]
    fn a_cursor_comes_back_and_a_strange_one_is_refused() {
        let mark = Mark { listing: 3, place: 7, after: entries(1)[0] };
        let read = Mark::read(&mark.written()).unwrap();
        assert_eq!((read.listing, read.place, read.after), (3, 7, mark.after));
        for text in ["", "1:2:3", "1:2:3:../x", "x:2:3:A-1", "1:-2:3:A-1", "1:2:3:A-1:5"] {
            assert!(Mark::read(&Cursor::new(text)).is_err(), "{text}");
        }
    }
}
