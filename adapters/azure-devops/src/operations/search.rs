//! Searches: words, or WIQL as it is written.
//!
//! Words are looked for with the same queries as lists, and not with the search service: that one learns of changes late, is
//! an extension that not every Server has, and knows few of the criteria.

use usher_adapter_sdk::{
    Error, Result,
    message::{Criteria, Cursor, Include, Page, Query, QueryLanguage},
};

use super::{
    list::{self, Plan},
    place::Place,
    wiql::{self, MOST},
};
use crate::AzureDevOps;

/// Returns a page of what a search finds.
pub(crate) async fn search(
    azure: &AzureDevOps,
    query: &Query,
    include: &Include,
    cursor: Option<&Cursor>,
) -> Result<Page> {
    let place = Place::read(cursor)?;
    match &query.language {
        QueryLanguage::Text => {
            let mut plan = Plan::of(azure, &query.criteria)?;
            if !plan.words(&query.text) {
                return Err(Error::validation(format!("`{}` has no word to look for", query.text)));
            }
            list::run(azure, plan, &query.criteria, include, place).await
        }
        QueryLanguage::Native => native(azure, query, include, place).await,
        other => Err(Error::unsupported(format_args!("the query language `{other}`"))),
    }
}

/// Runs a query as it is written, in its own order; the host looks to the criteria.
async fn native(azure: &AzureDevOps, query: &Query, include: &Include, place: Option<Place>) -> Result<Page> {
    let page = match place {
        None => None,
        Some(Place::Numbers { numbers, is_cut }) => Some((numbers, is_cut)),
        Some(_) => return Err(Error::validation("the cursor is of another search")),
    };
    if let Some((numbers, is_cut)) = page {
        return list::in_order(azure, Page::new(), numbers, is_cut, include).await;
    }
    let is_all_wanted = query.criteria.asked().is_empty();
    let limit = query.criteria.limit.filter(|_| is_all_wanted).and_then(|limit| usize::try_from(limit).ok());
    // Rows of a query for links are pairs: only the work items in all of them can be counted against a limit.
    let asked = limit.filter(|_| !wiql::is_for_links(&query.text)).unwrap_or(MOST).clamp(1, MOST);
    let found = wiql::ask_in(azure, project(azure, &query.criteria)?, &query.text, asked).await?;
    let mut numbers = found.numbers;
    let is_cut = found.is_full && limit.is_none_or(|limit| numbers.len() < limit);
    let total = (is_all_wanted && !found.is_full && limit.is_none()).then_some(numbers.len() as u64);
    numbers.truncate(limit.unwrap_or(usize::MAX));
    list::in_order(azure, Page::new().with_total(total), numbers, is_cut, include).await
}

/// Returns what `@project` stands for: the one project that is meant, if it is one.
fn project<'a>(azure: &'a AzureDevOps, criteria: &'a Criteria) -> Result<Option<&'a str>> {
    let named = match &criteria.project[..] {
        [] => azure.host.connection().default_project.as_deref(),
        [one] => Some(one.as_str()),
        _ => None,
    };
    named.map(|named| crate::key::project_of(azure.site.organization(), named)).transpose()
}
