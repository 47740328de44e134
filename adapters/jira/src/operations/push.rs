//! Issues of a list onto a page, with what else was asked of each.

use std::pin::pin;

use futures_util::{StreamExt, stream};
use serde_json::value::RawValue;
use usher_adapter_sdk::{
    Result, decode,
    message::{Include, Page, Raw},
    model::Ticket,
};

use super::read::{self, NOTES, PUBLIC_NOTES, WORKLOGS};
use crate::{
    Jira, api,
    mapping::{self, Beside, Catalogue, Context},
};

/// How many issues are completed at once, where what was asked takes requests of its own for each.
const AT_ONCE: usize = 6;

/// What every issue of a list has of Jira's own.
const SUMMARY: &[&str] = &[
    "summary",
    "issuetype",
    "status",
    "resolution",
    "priority",
    "labels",
    "assignee",
    "reporter",
    "project",
    "fixVersions",
    "components",
    "parent",
    "subtasks",
    "issuelinks",
    "created",
    "updated",
    "resolutiondate",
    "duedate",
    "timetracking",
];

/// What is asked of each issue beside that, where its custom fields are wanted.
const FIELDS: &[&str] = &["*navigable", "creator", "environment", "versions", "worklog"];

/// Returns the names of the fields to ask for.
pub(super) fn fields(include: &Include, catalogue: &Catalogue) -> Vec<String> {
    let asked = [(include.body, "description"), (include.notes, "comment"), (include.attachments, "attachment")];
    let parts = asked.into_iter().filter_map(|(wanted, name)| wanted.then_some(name));
    let others = FIELDS.iter().copied().filter(|_| include.fields);
    SUMMARY.iter().copied().chain(parts).chain(others).chain(catalogue.role_ids()).map(str::to_owned).collect()
}

/// Writes issues to a page, in their order.
pub(super) async fn issues(
    jira: &Jira,
    mut page: Page,
    items: &[&RawValue],
    include: &Include,
    catalogue: &Catalogue,
) -> Result<Page> {
    let mut wanted = Vec::with_capacity(items.len());
    for item in items {
        wanted.push(whole(jira, item, include, catalogue));
    }
    let mut tickets = pin!(stream::iter(wanted).buffered(AT_ONCE));
    while let Some(ticket) = tickets.next().await {
        match ticket {
            Ok(ticket) => page.push(&ticket)?,
            Err(error) => page.push_error(error),
        }
    }
    Ok(page)
}

async fn whole(jira: &Jira, item: &RawValue, include: &Include, catalogue: &Catalogue) -> Result<Ticket> {
    let issue: api::Issue<'_> = decode::json(item.get().as_bytes())?;
    let pages = match include.notes || include.fields {
        true => read::complete(jira, &issue, include).await?,
        false => Vec::new(),
    };
    let mut beside = Beside::default();
    let mut public = Vec::new();
    for (name, page) in &pages {
        match *name {
            NOTES => beside.comments.get_or_insert_default().extend(page.decode::<api::Comments<'_>>()?.items),
            WORKLOGS => beside.worklogs.get_or_insert_default().extend(page.decode::<api::Worklogs<'_>>()?.items),
            PUBLIC_NOTES => public.extend(read::told(&[page.decode()?])),
            _ => {}
        }
    }
    let context = Context { site: jira.site(), catalogue: Some(catalogue), public_notes: Some(&public) };
    let mut ticket = mapping::ticket(&issue, None, &beside, context)?;
    ticket.keep(include);
    if include.raw {
        let documents =
            pages.iter().fold(Raw::main(item.get()), |raw, (name, page)| raw.with(*name, page.body.to_vec()));
        ticket.attach_raw(&documents)?;
    }
    Ok(ticket)
}
