//! Lists that change while they are read.
//!
//! The pages of a list are numbers: an issue that leaves it moves those behind it up by one, and one of them from a page that is not
//! read yet to one that was. So a list of several pages that can change asks at its end what has changed since it began.
//! If an issue may have moved, the list is read once more in the order of changes, each page from the time at which the
//! one before it ended: nothing is skipped there, since what changes meanwhile comes again at the end. The host drops what
//! it has listed before.

use serde_json::value::RawValue;
use usher_adapter_sdk::{
    Error, ErrorKind, Result, decode,
    host::Response,
    message::{Cursor, Page},
    model::{CutReason, Part, Time},
};

use super::{Plan, Scope, with_withheld};
use crate::{
    GitHub, api,
    operations::place::{Place, Step},
    paging::Links,
};

/// Returns the page that ends a list which nothing has changed, or that goes on with what may have been skipped.
pub(super) async fn check(
    github: &GitHub,
    plan: Plan<'_>,
    scope: &Scope<'_>,
    place: &Place,
    began: Time,
    scopes: usize,
) -> Result<Page> {
    let response = github.send(plan.changes(github, scope, began).await?, scope).await?;
    let items: Vec<&RawValue> = response.decode()?;
    let may_have_moved = |item: &&RawValue| match decode::json::<api::Issue<'_>>(item.get().as_bytes()) {
        Ok(issue) => plan.may_have_moved(&issue, scope, began),
        Err(_) => true,
    };
    let has_moved = Links::of(&response).next.is_some() || items.iter().any(may_have_moved);
    let is_sorted = plan.is_sorted();
    let page = Page::new().with_pushed_down(plan.pushed_down);
    if has_moved && !is_sorted {
        return Ok(page.with_next([place.at(Step::Again { from: None, path: None })]));
    }
    let mut page = page.with_next(place.after_scope(scopes));
    if !has_moved {
        return Ok(with_withheld(page, &response));
    }
    // What was skipped cannot be put in its place any more.
    page.push_error(
        Error::new(
            ErrorKind::Conflict,
            format!("{scope}: issues changed while they were listed in an order of GitHub's"),
        )
        .with_hint("List them again, or without a limit."),
    );
    Ok(page.with_cut(Part::new(0, None, CutReason::Error)))
}

/// Returns where the list in the order of changes goes on after a page of it.
pub(super) fn next(
    github: &GitHub,
    place: &Place,
    from: Option<Time>,
    response: &Response,
    scopes: usize,
) -> Result<Vec<Cursor>> {
    let Some(named) = Links::of(response).next else { return Ok(place.after_scope(scopes)) };
    let items: Vec<&RawValue> = response.decode()?;
    let updated = |item: &&RawValue| decode::json::<Changed>(item.get().as_bytes()).ok()?.updated_at;
    // A second earlier: it is nowhere said that `since` includes its own.
    let last = items.iter().rev().find_map(updated).and_then(|last| Time::from_unix_seconds(last.unix_seconds() - 1));
    let is_later = |last: &Time| from.is_none_or(|from| *last > from);
    let step = match last.filter(is_later) {
        Some(last) => Step::Again { from: Some(last), path: None },
        // More than a page changed in the same second.
        None => Step::Again { from, path: Some(github.below_base(named)?.to_owned()) },
    };
    Ok(vec![place.at(step)])
}

/// When an issue changed, which can be read also where the rest of it cannot.
#[derive(serde::Deserialize)]
struct Changed {
    updated_at: Option<Time>,
}
