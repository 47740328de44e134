//! Work items by their numbers, up to 200 in a request, onto a page.

use std::{collections::HashMap, pin::pin};

use futures_util::{StreamExt, TryStreamExt, future, stream};
use serde::Serialize;
use usher_adapter_sdk::{
    Error, ErrorKind, Result, decode,
    host::{Effect, Method, Response},
    message::{Include, Page, Raw},
    model::Ticket,
};

use super::read;
use crate::{
    AzureDevOps, api,
    mapping::{self, Beside},
};

/// How many work items there are in a request at most.
///
/// <https://learn.microsoft.com/rest/api/azure/devops/wit/work-items/get-work-items-batch>
pub(super) const SIZE: usize = 200;

/// How many work items are completed at once, where what was asked takes requests of its own for each.
const AT_ONCE: usize = 6;

/// The body of the request. Without a list of fields they all come, and no field is asked for that is not there.
#[derive(Serialize)]
struct Body<'a> {
    ids: &'a [u64],
    #[serde(rename = "$expand")]
    expand: &'static str,
    #[serde(rename = "errorPolicy")]
    error_policy: &'static str,
}

/// Asks for work items; one that cannot be had is `null` in the answer, or not there.
pub(super) async fn ask(azure: &AzureDevOps, numbers: &[u64]) -> Result<Response> {
    let request = azure.request(Method::Post, ["_apis", "wit", "workitemsbatch"])?.effect(Effect::Read);
    let body = Body { ids: numbers, expand: "relations", error_policy: "omit" };
    azure.send(request.json(&body)?, &"the work items").await
}

/// Writes work items to a page in the order of their numbers' list; what cannot be read is said.
pub(super) async fn push(azure: &AzureDevOps, mut page: Page, numbers: &[u64], include: &Include) -> Result<Page> {
    if numbers.is_empty() {
        return Ok(page);
    }
    let response = ask(azure, numbers).await?;
    let items = read_all(&response)?;
    let states = states(azure, items.values().map(|(_, item)| item)).await?;
    let mut wanted = Vec::with_capacity(numbers.len());
    for number in numbers {
        wanted.push(one(azure, *number, &items, &states, include));
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

async fn one(
    azure: &AzureDevOps,
    number: u64,
    items: &HashMap<u64, (&str, api::WorkItem<'_>)>,
    states: &States,
    include: &Include,
) -> Result<Ticket> {
    match items.get(&number) {
        Some((json, item)) => whole(azure, json, item, states, include).await,
        None => Err(omitted(azure, number)),
    }
}

/// Reads the work items of an answer, by their numbers, with the JSON of each.
pub(super) fn read_all(response: &Response) -> Result<HashMap<u64, (&str, api::WorkItem<'_>)>> {
    let batch: api::Batch<'_> = response.decode()?;
    let items = batch.value.into_iter().flatten();
    items
        .map(|raw| {
            let item: api::WorkItem<'_> = decode::json(raw.get().as_bytes())?;
            Ok((item.id, (raw.get(), item)))
        })
        .collect()
}

/// The states of types, by the project and the type.
type States = HashMap<(String, String), Option<Vec<api::State>>>;

/// Asks for the states of every type that is there, side by side.
async fn states<'a>(azure: &AzureDevOps, items: impl Iterator<Item = &'a api::WorkItem<'a>>) -> Result<States> {
    let mut wanted: Vec<(String, String)> = items.filter_map(kind).collect();
    wanted.sort_unstable();
    wanted.dedup();
    let asked = stream::iter(wanted).map(async |(project, type_name): (String, String)| {
        let answer = read::states(azure, &project, &type_name).await?;
        let states = answer.map(|answer| answer.decode::<api::List<api::State>>()).transpose()?;
        Ok(((project, type_name), states.map(|states| states.value)))
    });
    asked.buffer_unordered(AT_ONCE).try_collect().await
}

fn kind(item: &api::WorkItem<'_>) -> Option<(String, String)> {
    let fields = &item.fields;
    Some((fields.team_project.as_deref()?.to_owned(), fields.work_item_type.as_deref()?.to_owned()))
}

/// Returns the ticket of a work item, with its comments where they are asked for.
async fn whole(
    azure: &AzureDevOps,
    json: &str,
    item: &api::WorkItem<'_>,
    states: &States,
    include: &Include,
) -> Result<Ticket> {
    let states = kind(item).and_then(|kind| states.get(&kind)?.as_deref());
    let pages = match include.notes {
        true => read::all_comments(azure, mapping::project_name(item, None)?, item.id).await?,
        false => Vec::new(),
    };
    let mut comments = Vec::new();
    for page in &pages {
        comments.extend(page.decode::<api::CommentList<'_>>()?.comments);
    }
    let beside = Beside { states, comments: include.notes.then_some(comments), has_relations: true };
    let mut ticket = mapping::ticket(&azure.site, item, None, &beside, include)?;
    if include.raw {
        let raw = pages.iter().fold(Raw::main(json), |raw, page| raw.with(read::NOTES, page.body.to_vec()));
        ticket.attach_raw(&raw)?;
    }
    Ok(ticket)
}

fn omitted(azure: &AzureDevOps, number: u64) -> Error {
    let about = read::about(azure, number);
    Error::new(ErrorKind::NotFound, format!("{about} was found by the query, and could not be read"))
        .with_hint("It was deleted meanwhile, or the account may not read it.")
}

/// Asks for several requests' worth of work items, side by side, and returns the answers.
pub(super) async fn ask_all(azure: &AzureDevOps, numbers: &[u64]) -> Result<Vec<Response>> {
    future::try_join_all(numbers.chunks(SIZE).map(|chunk| ask(azure, chunk))).await
}
