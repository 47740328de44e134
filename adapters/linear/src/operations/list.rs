//! Lists of issues.
//!
//! Where no order is asked for, a page names several that go on from it, each a window of the time in which issues were
//! made: that never changes, so that nothing is lost or doubled at the seams. The windows are cut in `list/window`.

mod window;

use serde::Serialize;
use serde_json::{Value, json};
use usher_adapter_sdk::{
    Error, ErrorKind, Result,
    message::{Criteria, Criterion, Cursor, Include, Page, SortField},
    model::Time,
};

use self::window::{Place, Seen};
use super::{filter::Filter, push, read::Wanted};
use crate::{
    Linear,
    api::{self, PageInfo},
    documents,
    request::Data,
};

/// How many issues are asked for at once; with what hangs on them it is less, for a query has a greatest complexity.
const PAGE_SIZE: u64 = 100;
const PAGE_SIZE_WITH_LISTS: u64 = 25;

/// The variables of the document.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Variables<'a> {
    filter: Value,
    first: u64,
    after: Option<&'a str>,
    order_by: &'static str,
    include_archived: bool,
    #[serde(flatten)]
    wanted: Wanted,
    windows: bool,
    teams: Value,
    check_teams: bool,
}

/// Returns a page of the issues that fit criteria.
pub(crate) async fn fetch(
    linear: &Linear,
    criteria: &Criteria,
    include: &Include,
    cursor: Option<&Cursor>,
) -> Result<Page> {
    list(linear, &Filter::of(linear, criteria)?, criteria, include, cursor).await
}

/// Returns a page of the issues that fit a filter.
pub(super) async fn list(
    linear: &Linear,
    filter: &Filter,
    criteria: &Criteria,
    include: &Include,
    cursor: Option<&Cursor>,
) -> Result<Page> {
    let place = Place::read(cursor)?;
    let order = order(criteria);
    let wanted = Wanted::of(include);
    let size = page_size(wanted);
    // An order that is not Linear's is the host's work, who needs all of them.
    let windows = order.is_none() && (criteria.sort.is_some() || criteria.limit.is_none_or(|limit| limit >= 2 * size));
    let variables = Variables {
        filter: filter.within(place.from, place.to),
        first: if windows { size } else { criteria.limit.map_or(size, |limit| limit.clamp(10, size)) },
        after: place.after.as_deref(),
        order_by: order.unwrap_or("createdAt"),
        include_archived: linear.config.archived,
        wanted,
        windows,
        teams: teams(filter),
        check_teams: !filter.teams.is_empty() && cursor.is_none(),
    };
    let response = linear.ask(documents::ISSUES, &variables).await?;
    let about = &"the issues";
    let Data { data, gaps } = linear.data::<api::Issues<'_>>(&response, about)?;
    check_teams(filter, data.teams.as_ref())?;
    let api::Connection { nodes, page_info } = data.issues;
    let issues: Vec<push::Read<'_>> = nodes.into_iter().map(push::Read::of).collect();
    let born: Vec<Option<Time>> = issues.iter().map(push::Read::born).collect();
    let seen = if windows { Seen::of(&born, data.oldest.as_ref()) } else { Seen::default() };
    let window::Next { seam, places } = place.next(&page_info, &seen);
    let sorted = order.map(|_| Criterion::Sort);
    let mut page = Page::new()
        .with_next(places.iter().map(Place::cursor))
        .with_pushed_down(filter.pushed_down.iter().cloned().chain(sorted));
    note_if_it_breaks_off(&mut page, &page_info);
    push::issues(linear, page, push::Found { issues, gaps, seam }, include).await
}

/// Says that issues are missing where Linear says that it goes on, and not where: an error beside the others says more than a cut.
pub(super) fn note_if_it_breaks_off(page: &mut Page, page_info: &PageInfo) {
    if page_info.breaks_off() {
        let message = "issues are missing: Linear says that the list goes on, and not where";
        page.push_error(Error::new(ErrorKind::ResponseParse, message));
    }
}

/// Returns the filter for the teams that are named.
pub(super) fn teams(filter: &Filter) -> Value {
    json!({ "key": { "in": filter.teams } })
}

/// Says which of the teams that are named is not there: Linear itself would answer that there are no issues.
pub(super) fn check_teams(filter: &Filter, there: Option<&api::Connection<api::TeamKey<'_>>>) -> Result<()> {
    let Some(there) = there else { return Ok(()) };
    let missing = filter.teams.iter().find(|key| !there.nodes.iter().any(|team| team.key.eq_ignore_ascii_case(key)));
    missing.map_or(Ok(()), |key| {
        Err(Error::not_found(format_args!("the team `{key}`"))
            .with_hint("It does not exist, or the account does not see it: `usher options` lists those that it sees."))
    })
}

/// Returns how many issues are asked for at once.
pub(super) fn page_size(wanted: Wanted) -> u64 {
    if wanted.notes || wanted.attachments { PAGE_SIZE_WITH_LISTS } else { PAGE_SIZE }
}

/// Returns the order that Linear applies, if it is what was asked for: it has two, and both begin with the newest.
fn order(criteria: &Criteria) -> Option<&'static str> {
    let sort = criteria.sort.as_ref().filter(|sort| sort.descending)?;
    match sort.by {
        SortField::Created => Some("createdAt"),
        SortField::Updated => Some("updatedAt"),
        _ => None,
    }
}
