//! Lists of issues, repository by repository.
//!
//! Without another order they are listed as they were made: then new ones come at the end, the pages are numbered,
//! and the host may ask for several at once. With a limit the newest are meant. What GitHub is asked for is in `list/plan`,
//! and what becomes of a list that changes while it is read in `list/whole`.

mod plan;
mod whole;

use std::fmt;

use serde_json::value::RawValue;
use usher_adapter_sdk::{
    Error, Result,
    host::Response,
    message::{Criteria, Criterion, Cursor, Include, ME, Page},
    model::{CutReason, Part},
};

use self::plan::Plan;
use super::{
    lookup,
    place::{Place, Step},
    push,
};
use crate::{GitHub, key::Repository, paging::is_withheld};

/// Returns a page of the issues that fit criteria.
pub(crate) async fn fetch(
    github: &GitHub,
    criteria: &Criteria,
    include: &Include,
    cursor: Option<&Cursor>,
) -> Result<Page> {
    let place = Place::read(cursor)?;
    let scopes = scopes(github, criteria)?;
    let scope = scopes.get(place.scope).ok_or_else(|| Error::validation("the cursor is of another list"))?;
    let plan = Plan::of(criteria, &scopes);
    let (request, has_milestone) = match &place.step {
        Step::Page { path: Some(path), .. } | Step::Alone { path } | Step::Again { path: Some(path), .. } => {
            (github.follow(&format!("{}{path}", github.host.base_url()?))?, path.contains(MILESTONE))
        }
        Step::Page { .. } => plan.request(github, scope).await?,
        Step::Again { from, .. } => plan.again(github, scope, *from).await?,
        Step::Check { began } => return whole::check(github, plan, scope, &place, *began, scopes.len()).await,
    };
    let response = github.send(request, scope).await?;
    let next = match &place.step {
        Step::Again { from, .. } => whole::next(github, &place, *from, &response, scopes.len())?,
        _ => place.next(github, &response, scopes.len(), plan.way)?,
    };
    let items: Vec<&RawValue> = response.decode()?;
    let containers = has_milestone.then_some(Criterion::Containers);
    let page = Page::new().with_next(next).with_pushed_down(plan.pushed_down.into_iter().chain(containers));
    let page = push::issues(github, page, items, include, criteria).await?;
    Ok(with_withheld(page, &response))
}

/// Says what single sign-on hides. A cut ends its chain of pages: it is said where one ends anyway.
fn with_withheld(page: Page, response: &Response) -> Page {
    if !is_withheld(response) || !page.head().next.is_empty() {
        return page;
    }
    let loaded = page.len();
    page.with_cut(Part::new(loaded, None, CutReason::Permission))
}

/// Stands in the address of a page that is filtered by milestone.
const MILESTONE: &str = "milestone=";

/// What is listed in one go.
#[derive(Debug, Clone, Copy)]
pub(super) enum Scope<'a> {
    /// A repository.
    Repository(Repository<'a>),
    /// Every issue that is assigned to the account, wherever it is.
    Assigned,
    /// Every issue that the account has made.
    Created,
}

impl fmt::Display for Scope<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Repository(repository) => repository.fmt(f),
            Self::Assigned => f.write_str("the issues assigned to the account"),
            Self::Created => f.write_str("the issues of the account"),
        }
    }
}

/// Returns what is to be listed: the repositories that are asked for, else those of the connection, else what is
/// somebody's own; GitHub as a whole has no list.
fn scopes<'a>(github: &'a GitHub, criteria: &'a Criteria) -> Result<Vec<Scope<'a>>> {
    let repositories = lookup::repositories(github, criteria)?;
    if !repositories.is_empty() {
        return Ok(repositories.into_iter().map(Scope::Repository).collect());
    }
    match (&criteria.assignee[..], &criteria.reporter[..]) {
        ([me], _) if me == ME => Ok(vec![Scope::Assigned]),
        (_, [me]) if me == ME => Ok(vec![Scope::Created]),
        _ => Err(lookup::no_repository()),
    }
}
