//! Searches for words. Redmine's search names what it finds; the issues are then asked for by their numbers.

use usher_adapter_sdk::{
    Error, Result, decode,
    message::{Criterion, Cursor, Include, Page, Query, QueryLanguage},
};

use super::{list, place::PAGE_SIZE};
use crate::{Redmine, api};

/// Returns a page of what a search finds.
pub(crate) async fn search(
    redmine: &Redmine,
    query: &Query,
    include: &Include,
    cursor: Option<&Cursor>,
) -> Result<Page> {
    if query.language != QueryLanguage::Text {
        return Err(Error::unsupported("a query language: Redmine has none")
            .with_hint("Search for words, or list with filters."));
    }
    redmine.known().await?;
    let offset = cursor.map_or(Ok(0), |cursor| {
        cursor.as_str().parse::<u64>().map_err(|_| Error::validation("the cursor is of another search"))
    })?;
    let mut pushed_down = Vec::new();
    let request = match &query.criteria.project[..] {
        [project] => {
            pushed_down.push(Criterion::Project);
            redmine.get(["projects", project, "search.json"])?
        }
        _ => redmine.get(["search.json"])?,
    };
    let mut request = request.query("q", query.text.clone()).query("issues", "1");
    if query.criteria.is_open == Some(true) {
        request = request.query("open_issues", "1");
        pushed_down.push(Criterion::IsOpen);
    }
    let request = request.query("limit", PAGE_SIZE.to_string()).query("offset", offset.to_string());
    let response = redmine.send(request, &"the search").await?;
    let api::Results { results, total_count } = response.decode()?;
    let shown = offset + results.len() as u64;
    let next = (shown < total_count && !results.is_empty()).then(|| Cursor::new(shown.to_string()));
    let is_whole = query.criteria.asked().iter().all(|asked| pushed_down.contains(asked));
    let page = Page::new().with_next(next).with_total(is_whole.then_some(total_count)).with_pushed_down(pushed_down);
    if results.is_empty() {
        return Ok(page);
    }
    let ids: Vec<String> = results.iter().map(|found| found.id.to_string()).collect();
    let request = redmine.get(["issues.json"])?.query("issue_id", ids.join(",")).query("status_id", "*");
    let request = request.query("limit", PAGE_SIZE.to_string());
    let request = request.query("include", if include.attachments { "relations,attachments" } else { "relations" });
    let response = redmine.send(request, &"the issues that were found").await?;
    let answer: api::Issues<'_> = response.decode()?;
    let mut items = Vec::with_capacity(answer.issues.len());
    for item in &answer.issues {
        items.push((item.get(), decode::json::<api::Issue<'_>>(item.get().as_bytes())?));
    }
    // In the order of the search, which knows what fits best.
    items.sort_by_key(|(_, issue)| results.iter().position(|found| found.id == issue.id));
    list::push(redmine, page, items, include).await
}
