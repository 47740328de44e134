//! Searches for words. Redmine's search names what it finds; the issues are then asked for by their numbers.

use usher_adapter_sdk::{
    Error, Result, decode,
    host::Request,
    message::{Criterion, Cursor, Include, Page, Query, QueryLanguage},
};

use super::{
    list, lookup,
    place::{PAGE_SIZE, Place, Spot},
};
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
    let (place, others) = match cursor {
        Some(cursor) => (Place::read(cursor)?, Vec::new()),
        None => {
            let mut places = first(redmine, query).await?;
            (places.remove(0), places)
        }
    };
    let Spot::Offset(offset) = place.spot else {
        return Err(Error::validation("the cursor is of a list, not of a search"));
    };
    let response = redmine.send(request(redmine, &place)?, &"the search").await?;
    let api::Results { results, total_count } = response.decode()?;
    let shown = offset + results.len() as u64;
    let follows = (shown < total_count && !results.is_empty()).then(|| place.at(Spot::Offset(shown)));
    let next = follows.iter().chain(&others).map(Place::cursor).collect::<Result<Vec<_>>>()?;
    // In a project whose issues the account may not see Redmine looks among everything else, whose numbers are of no issues.
    let ids: Vec<u64> = results.iter().filter(|found| found.is_issue()).map(|found| found.id).collect();
    let is_applied = query.criteria.asked().iter().all(|asked| place.pushed_down.contains(asked));
    let is_whole = cursor.is_none() && others.is_empty() && is_applied && ids.len() == results.len();
    let page = Page::new()
        .with_next(next)
        .with_total(is_whole.then_some(total_count))
        .with_pushed_down(place.pushed_down.iter().cloned());
    if ids.is_empty() {
        return Ok(page);
    }
    let numbers: Vec<String> = ids.iter().map(u64::to_string).collect();
    let request = redmine.get(["issues.json"])?.query("issue_id", numbers.join(",")).query("status_id", "*");
    let request = request.query("limit", PAGE_SIZE.to_string());
    let request = request.query("include", if include.attachments { "relations,attachments" } else { "relations" });
    let response = redmine.send(request, &"the issues that were found").await?;
    let answer: api::Issues<'_> = response.decode()?;
    let mut items = Vec::with_capacity(answer.issues.len());
    for item in &answer.issues {
        items.push((item.get(), decode::json::<api::Issue<'_>>(item.get().as_bytes())?));
    }
    // In the order of the search, which knows what fits best.
    items.sort_by_key(|(_, issue)| ids.iter().position(|id| *id == issue.id));
    list::push(redmine, page, items, include).await
}

/// Returns where a search begins: a place for each project that is asked for, since Redmine looks into one or into all.
async fn first(redmine: &Redmine, query: &Query) -> Result<Vec<Place>> {
    let criteria = &query.criteria;
    let mut asked = vec![("q".to_owned(), query.text.clone()), ("issues".to_owned(), "1".to_owned())];
    let mut pushed_down = Vec::new();
    if criteria.is_open == Some(true) {
        asked.push(("open_issues".to_owned(), "1".to_owned()));
        pushed_down.push(Criterion::IsOpen);
    }
    if !criteria.project.is_empty() {
        pushed_down.push(Criterion::Project);
    }
    let all = Place { project: None, query: asked, pushed_down, page_size: PAGE_SIZE, spot: Spot::Offset(0) };
    let projects = lookup::projects(redmine, &criteria.project).await?;
    Ok(match &projects[..] {
        [] => vec![all],
        projects => projects.iter().map(|project| Place { project: Some(project.clone()), ..all.clone() }).collect(),
    })
}

/// Returns the request for a page of what is found.
fn request(redmine: &Redmine, place: &Place) -> Result<Request> {
    let request = match &place.project {
        Some(project) => redmine.get(["projects", project, "search.json"])?,
        None => redmine.get(["search.json"])?,
    };
    let request = place.query.iter().fold(request, |request, (name, value)| request.query(name, value));
    let request = request.query("limit", place.page_size.to_string());
    Ok(place.spot.query().into_iter().fold(request, |request, (name, value)| request.query(name, value)))
}
