//! Searches: words for Linear's own search, which ranks and forgives, or an `IssueFilter` as JSON.
//!
//! <https://linear.app/developers/filtering>

use serde::Serialize;
use serde_json::Value;
use usher_adapter_sdk::{
    Error, Result,
    message::{Cursor, Include, Page, Query, QueryLanguage},
};

use super::{filter::Filter, list, push, read::Wanted};
use crate::{Linear, api, documents, request::Data};

/// How a filter is written, for whoever wrote it otherwise.
const EXAMPLE: &str = r#"Write it like {"state":{"type":{"in":["started"]}},"priority":{"lte":2}}, as on https://linear.app/developers/filtering"#;

/// The variables of the document.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Variables<'a> {
    term: &'a str,
    filter: Value,
    first: u64,
    after: Option<&'a str>,
    include_archived: bool,
    #[serde(flatten)]
    wanted: Wanted,
    teams: Value,
    check_teams: bool,
}

/// Returns a page of what a search finds.
pub(crate) async fn search(linear: &Linear, query: &Query, include: &Include, cursor: Option<&Cursor>) -> Result<Page> {
    let mut filter = Filter::of(linear, &query.criteria)?;
    match &query.language {
        QueryLanguage::Text => words(linear, query, &filter, include, cursor).await,
        QueryLanguage::Native => {
            filter.native(native(&query.text)?);
            list::list(linear, &filter, &query.criteria, include, cursor).await
        }
        other => Err(Error::unsupported(format_args!("the query language `{other}`"))),
    }
}

async fn words(
    linear: &Linear,
    query: &Query,
    filter: &Filter,
    include: &Include,
    cursor: Option<&Cursor>,
) -> Result<Page> {
    let term = query.text.trim();
    if term.is_empty() {
        return Err(Error::validation("there are no words to search for").with_hint("List issues to see all of them."));
    }
    let wanted = Wanted::of(include);
    let variables = Variables {
        term,
        filter: filter.within(None, None),
        first: list::page_size(wanted),
        after: cursor.map(Cursor::as_str),
        include_archived: linear.config.archived,
        wanted,
        teams: list::teams(filter),
        check_teams: !filter.teams.is_empty() && cursor.is_none(),
    };
    let response = linear.ask(documents::SEARCH, &variables).await?;
    let Data { data, gaps } = linear.data::<api::Search<'_>>(&response, &"the search")?;
    list::check_teams(filter, data.teams.as_ref())?;
    let api::SearchIssues { nodes, page_info, total_count } = data.search_issues;
    let total = total_count.filter(|total| *total >= 0.0).map(|total| total as u64);
    let mut page = Page::new()
        .with_next(page_info.next().map(Cursor::new))
        .with_total(total)
        .with_pushed_down(filter.pushed_down.iter().cloned());
    list::note_if_it_breaks_off(&mut page, &page_info);
    push::issues(
        linear,
        page,
        push::Found { issues: nodes.into_iter().map(push::Read::of).collect(), gaps, seam: None },
        include,
    )
    .await
}

/// Reads a filter in Linear's own words; what its fields mean is for Linear to say.
fn native(text: &str) -> Result<Value> {
    let filter: Value = serde_json::from_str(text)
        .map_err(|error| Error::validation(format!("the filter is not JSON: {error}")).with_hint(EXAMPLE))?;
    if filter.is_object() {
        return Ok(filter);
    }
    Err(Error::validation("the filter is not a JSON object").with_hint(EXAMPLE))
}
