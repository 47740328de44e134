//! Lists of issues.
//!
//! A few issues are asked for page after page. Of a long list the ids are asked for first, thousands at a time; then the issues are
//! read by their ids, a hundred at a time, and the host asks for many of these pages side by side. Each id was listed once, so that
//! the pages together have every issue once, whatever happens to the issues meanwhile. What is asked for is in `list/plan`.

mod ids;
mod place;
mod plan;

use serde::Serialize;
use serde_json::value::RawValue;
use usher_adapter_sdk::{
    Error, ErrorKind, Result,
    host::Response,
    message::{Criteria, Cursor, Include, Page},
    model::{CutReason, Part},
};

pub(super) use self::{
    place::Place,
    plan::{narrow, order, pushed_down},
};
use super::{memory, push};
use crate::{Jira, api, jql, jql::Jql, mapping::Catalogue, site::Edition};

/// How many issues are asked for at once; the most that can be read by id.
pub(super) const PAGE_SIZE: u64 = 100;

/// Returns a page of the issues that fit criteria.
pub(crate) async fn fetch(
    jira: &Jira,
    criteria: &Criteria,
    include: &Include,
    cursor: Option<&Cursor>,
) -> Result<Page> {
    let place = match cursor {
        Some(cursor) => Place::read(cursor)?,
        None if criteria.limit.is_some_and(|limit| limit <= 2 * PAGE_SIZE) => Place::Page(None),
        None => Place::Ids(None),
    };
    let page = match place {
        Place::Page(place) => {
            let jql = plan::jql(jira, criteria).await?;
            issues(jira, &jql, criteria.limit, include, place.as_deref()).await?
        }
        Place::Ids(place) => ids::page(jira, criteria, place.as_deref()).await?,
        Place::Issues(ids) => by_id(jira, &ids, include).await?,
    };
    Ok(page.with_pushed_down(pushed_down(criteria)))
}

/// Returns a page of what a search finds.
pub(super) async fn issues(
    jira: &Jira,
    jql: &Jql,
    limit: Option<u64>,
    include: &Include,
    place: Option<&str>,
) -> Result<Page> {
    let catalogue = catalogue(jira, include).await?;
    let max_results = limit.unwrap_or(PAGE_SIZE).clamp(1, PAGE_SIZE);
    let search = Search { jql: jql.to_string(), max_results, fields: push::fields(include, &catalogue) };
    let response = search.send(jira, place).await?;
    let found: api::Found<'_> = response.decode()?;
    if place.is_none() && found.issues.is_empty() && found.next_page_token.is_none() {
        // Who is not known to Jira finds nothing, and is not told so.
        jira.prove().await?;
    }
    let next = next(&found).map(|place| Place::Page(Some(place)).cursor());
    let mut page = Page::new().with_next(next).with_total(found.total);
    if let Some(missing) = missing(&found) {
        page = page.with_cut(missing);
    }
    for warning in found.warning_messages.iter().flatten() {
        page.push_error(Error::validation(format!("the search: {warning}")));
    }
    push::issues(jira, page, &found.issues, include, &catalogue).await
}

/// Returns where a search goes on. An empty or a short page is not its end: Cloud says by a token that there is more, and
/// Data Center by its total.
pub(super) fn next(found: &api::Found<'_>) -> Option<String> {
    if let Some(token) = &found.next_page_token {
        return Some(token.to_string()).filter(|token| !token.is_empty());
    }
    let end = found.start_at? + found.issues.len() as u64;
    (found.total? > end && !found.issues.is_empty()).then(|| end.to_string())
}

/// Returns what is missing where a page of Data Center's is empty before the total: from there the search goes nowhere.
pub(super) fn missing(found: &api::Found<'_>) -> Option<Part> {
    let (start, total) = (found.start_at?, found.total?);
    let ends_early = found.next_page_token.is_none() && found.issues.is_empty() && start < total;
    ends_early.then(|| Part::new(start, Some(total), CutReason::Error))
}

/// Returns what is known of the fields that will be read.
pub(super) async fn catalogue(jira: &Jira, include: &Include) -> Result<std::sync::Arc<Catalogue>> {
    if include.fields { memory::catalogue(jira).await } else { memory::roles(jira).await }
}

/// A search, for either edition.
pub(super) struct Search {
    pub jql: String,
    pub max_results: u64,
    pub fields: Vec<String>,
}

/// <https://developer.atlassian.com/cloud/jira/platform/rest/v3/api-group-issue-search/#api-rest-api-3-search-jql-post>
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct OnCloud<'a> {
    jql: &'a str,
    max_results: u64,
    fields: &'a [String],
    #[serde(skip_serializing_if = "Option::is_none")]
    next_page_token: Option<&'a str>,
    #[serde(skip_serializing_if = "<[u64]>::is_empty")]
    reconcile_issues: &'a [u64],
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct OnDataCenter<'a> {
    jql: &'a str,
    max_results: u64,
    fields: &'a [String],
    start_at: u64,
    validate_query: bool,
}

impl Search {
    /// Asks for the page at a place of its own.
    pub(super) async fn send(&self, jira: &Jira, place: Option<&str>) -> Result<Response> {
        let Self { jql, max_results, fields } = self;
        if jira.edition().await? == Edition::Cloud {
            let written = jira.memory.written();
            let body =
                OnCloud { jql, max_results: *max_results, fields, next_page_token: place, reconcile_issues: &written };
            return jira.send(&"the search", |api| api.query(["search", "jql"])?.json(&body)).await;
        }
        let start_at = place.map_or(Ok(0), |place| place.parse().map_err(|_| place::unknown(place)))?;
        self.on_data_center(jira, start_at, true).await
    }

    /// Asks Data Center for the page that begins there; without validation what is not there is only not found.
    async fn on_data_center(&self, jira: &Jira, start_at: u64, validate_query: bool) -> Result<Response> {
        let Self { jql, max_results, fields } = self;
        let body = OnDataCenter { jql, max_results: *max_results, fields, start_at, validate_query };
        jira.send(&"the search", |api| api.query(["search"])?.json(&body)).await
    }
}

/// <https://developer.atlassian.com/cloud/jira/platform/rest/v3/api-group-issues/#api-rest-api-3-issue-bulkfetch-post>
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct BulkFetch<'a> {
    issue_ids_or_keys: &'a [String],
    fields: &'a [String],
}

/// Returns the issues with those ids, in the order of the ids. One that was deleted meanwhile is no longer there.
async fn by_id(jira: &Jira, ids: &[String], include: &Include) -> Result<Page> {
    let catalogue = catalogue(jira, include).await?;
    let fields = push::fields(include, &catalogue);
    let answers = match jira.edition().await? {
        Edition::Cloud => {
            let body = BulkFetch { issue_ids_or_keys: ids, fields: &fields };
            vec![jira.send(&"the issues of the list", |api| api.query(["issue", "bulkfetch"])?.json(&body)).await?]
        }
        Edition::DataCenter => searched(jira, ids, fields).await?,
    };
    let mut page = Page::new();
    let mut items = Vec::with_capacity(ids.len());
    for answer in &answers {
        let found: api::BulkFetched<'_> = answer.decode()?;
        if let Some(missing) = missing(&answer.decode()?) {
            page.push_error(not_given(&missing));
        }
        items.extend(found.issues);
        for failed in found.issue_errors {
            let why = failed.error_message.as_deref().unwrap_or("no reason was given");
            let id = failed.id.as_deref().unwrap_or("an issue");
            page.push_error(Error::new(ErrorKind::Platform, format!("{id}: Jira could not give it: {why}")));
        }
    }
    let ordered = ordered(&items, ids)?;
    push::issues(jira, page, &ordered, include, &catalogue).await
}

/// Data Center reads by id only through a search, and may give fewer at once than it is asked for.
async fn searched(jira: &Jira, ids: &[String], fields: Vec<String>) -> Result<Vec<Response>> {
    let search = Search { jql: jql::ids(ids), max_results: PAGE_SIZE, fields };
    let (mut answers, mut start_at) = (Vec::new(), 0);
    loop {
        let answer = search.on_data_center(jira, start_at, false).await?;
        let found: api::Found<'_> = answer.decode()?;
        let next = next(&found).and_then(|next| next.parse().ok());
        answers.push(answer);
        match next {
            Some(next) => start_at = next,
            None => return Ok(answers),
        }
    }
}

fn not_given(missing: &Part) -> Error {
    let (loaded, total) = (missing.loaded, missing.total.unwrap_or_default());
    Error::new(ErrorKind::Platform, format!("of {total} issues that were listed Jira gives {loaded}, and then none"))
        .with_hint("List them again.")
}

/// Puts issues into the order in which their ids were listed.
fn ordered<'a>(items: &[&'a RawValue], ids: &[String]) -> Result<Vec<&'a RawValue>> {
    let mut placed = Vec::with_capacity(items.len());
    for item in items {
        let listed: api::Listed<'_> = usher_adapter_sdk::decode::json(item.get().as_bytes())?;
        let place = ids.iter().position(|id| **id == *listed.id);
        placed.push((place.unwrap_or(usize::MAX), *item));
    }
    placed.sort_by_key(|(place, _)| *place);
    Ok(placed.into_iter().map(|(_, item)| item).collect())
}
