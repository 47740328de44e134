//! Issues of a list onto a page, with what else was asked of each.

use std::pin::pin;

use futures_util::{StreamExt, stream};
use serde_json::value::RawValue;
use usher_adapter_sdk::{
    Result, decode,
    host::Response,
    message::{Criteria, Include, Page, Raw},
    model::Ticket,
};

use super::read;
use crate::{
    GitHub, api,
    mapping::{self, PULL_REQUEST, Relations},
};

/// How many issues are completed at once, where what was asked takes requests of its own for each.
const AT_ONCE: usize = 6;

/// Writes the issues of a list to a page; pull requests only where their type is asked for.
pub(super) async fn issues(
    github: &GitHub,
    page: Page,
    items: Vec<&RawValue>,
    include: &Include,
    criteria: &Criteria,
) -> Result<Page> {
    push(github, page, items, include, wants_pull_requests(criteria)).await
}

/// Writes what a search has found to a page, whatever it is.
pub(super) async fn found(github: &GitHub, page: Page, items: Vec<&RawValue>, include: &Include) -> Result<Page> {
    push(github, page, items, include, true).await
}

async fn push(
    github: &GitHub,
    mut page: Page,
    items: Vec<&RawValue>,
    include: &Include,
    pull_requests: bool,
) -> Result<Page> {
    let mut wanted = Vec::with_capacity(items.len());
    for item in items {
        wanted.push(whole(github, item.get(), include, pull_requests));
    }
    let mut tickets = pin!(stream::iter(wanted).buffered(AT_ONCE));
    while let Some(ticket) = tickets.next().await {
        match ticket {
            Ok(Some(ticket)) => page.push(&ticket)?,
            Ok(None) => {}
            Err(error) => page.push_error(error),
        }
    }
    Ok(page)
}

/// Says whether pull requests are asked for, by name or id of their type.
pub(super) fn wants_pull_requests(criteria: &Criteria) -> bool {
    let (id, name) = PULL_REQUEST;
    criteria.type_name.iter().any(|asked| asked == id || asked.eq_ignore_ascii_case(name))
}

/// Returns the ticket of an issue; none where it is a pull request and these are not wanted.
async fn whole(github: &GitHub, item: &str, include: &Include, pull_requests: bool) -> Result<Option<Ticket>> {
    let issue: api::Issue<'_> = decode::json(item.as_bytes())?;
    if issue.pull_request.is_some() && !pull_requests {
        return Ok(None);
    }
    let key = mapping::key(&issue, None)?;
    let wants_comments = include.notes || include.attachments;
    let pages = match issue.comments {
        Some(0) => Vec::new(),
        _ => read::comments_if(github, key, include).await?,
    };
    let mut comments = Vec::new();
    for page in &pages {
        comments.extend(page.decode::<Vec<api::Comment<'_>>>()?);
    }
    let relations = Relations { comments: wants_comments.then_some(comments), ..Relations::default() };
    let mut ticket = mapping::ticket(&issue, None, &relations)?;
    ticket.keep(include);
    if include.raw {
        ticket.attach_raw(&documents(item, &pages))?;
    }
    Ok(Some(ticket))
}

fn documents(item: &str, pages: &[Response]) -> Raw {
    pages.iter().fold(Raw::main(item), |raw, page| raw.with(read::NOTES, page.body.to_vec()))
}
