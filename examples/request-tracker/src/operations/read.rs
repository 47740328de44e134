//! One ticket, and what was said on it.

use futures_util::{StreamExt, TryStreamExt, future, stream};
use serde::Serialize;
use usher_adapter_sdk::{
    Result,
    host::{Effect, Method, Request, Response},
    message::{Include, Raw},
};

use crate::{
    RequestTracker, api,
    key::Key,
    mapping::{Messages, is_note},
    request::PAGE_SIZE,
};

/// What is asked of the records beside a ticket.
const BESIDE: &[(&str, &str)] = &[("fields[Queue]", "Name"), ("fields[Owner]", "RealName,EmailAddress")];
/// What is asked of each transaction, and of each part of a message.
const TRANSACTION: &str = "Type,Creator,Created";
const PART: &str = "Filename,ContentType,ContentLength,TransactionId,Creator,Created";
/// What is asked of each text.
const TEXT: &str = "ContentType,Content";
/// How many bytes of texts are asked for in one request, unless one alone has more.
const BATCH_BYTES: u64 = 1 << 20;
/// How many requests for texts are under way at once.
const AT_ONCE: usize = 4;

/// Returns a ticket, and the pages of what else was asked.
pub(crate) async fn get(tracker: &RequestTracker, key: Key, include: &Include) -> Result<Raw> {
    // What was said is asked for beside the ticket, not after it: a person waits.
    let (main, said) = future::try_join(ticket(tracker, key), messages(tracker, key, include)).await?;
    let etag = main.header("etag").map(str::to_owned);
    let raw = etag.into_iter().fold(Raw::main(main.body.into_vec()), Raw::with_revision);
    Ok(said.into_iter().fold(raw, |raw, (name, bytes)| raw.with(name, bytes)))
}

/// Asks for a ticket alone.
pub(super) async fn ticket(tracker: &RequestTracker, key: Key) -> Result<Response> {
    tracker.send(with_beside(tracker.get(["ticket", &key.to_string()])?), &key).await
}

/// Asks for what an answer shall say of the queue and of the owner.
pub(super) fn with_beside(request: Request) -> Request {
    BESIDE.iter().fold(request, |request, (name, value)| request.query(*name, *value))
}

/// Says whether a list reads what was said on each of its tickets: a description takes three requests of its own for each,
/// which a list does not make for that alone.
pub(super) fn wants_messages(include: &Include) -> bool {
    include.notes || include.attachments
}

/// Asks for what was said on a ticket, as far as it was asked for: documents by name.
///
/// The description is the first message, so that it takes the history as well.
pub(super) async fn messages(
    tracker: &RequestTracker,
    key: Key,
    include: &Include,
) -> Result<Vec<(&'static str, Vec<u8>)>> {
    if !include.body && !include.notes && !include.attachments {
        return Ok(Vec::new());
    }
    let number = key.to_string();
    let history = tracker.get(["ticket", &number, "history"])?.query("fields", TRANSACTION);
    let parts = tracker.get(["ticket", &number, "attachments"])?.query("fields", PART);
    let (history, parts) = future::try_join(tracker.pages(history, &key), tracker.pages(parts, &key)).await?;
    let wanted = wanted_texts(&history, &parts, include)?;
    let texts = stream::iter(batches(wanted)).map(async |batch: Vec<Wanted>| {
        let page = tracker.send(texts_of(tracker, &batch)?, &key).await?;
        Ok::<_, usher_adapter_sdk::Error>((Messages::TEXTS, page.body.into_vec()))
    });
    let texts: Vec<_> = texts.buffered(AT_ONCE).try_collect().await?;
    let named =
        |name: &'static str, pages: Vec<Response>| pages.into_iter().map(move |page| (name, page.body.into_vec()));
    Ok(named(Messages::HISTORY, history).chain(named(Messages::PARTS, parts)).chain(texts).collect())
}

/// A part whose text is needed.
#[derive(Debug, Clone, PartialEq)]
struct Wanted {
    id: String,
    length: u64,
}

/// Returns the parts in groups that are asked for together: one request for each note would take a ticket with many of them
/// beyond any deadline.
fn batches(wanted: Vec<Wanted>) -> Vec<Vec<Wanted>> {
    let mut batches = Vec::new();
    let (mut batch, mut bytes) = (Vec::new(), 0);
    for part in wanted {
        let is_full = batch.len() as u64 == PAGE_SIZE || bytes + part.length > BATCH_BYTES;
        if is_full && !batch.is_empty() {
            batches.push(std::mem::take(&mut batch));
            bytes = 0;
        }
        bytes += part.length;
        batch.push(part);
    }
    if !batch.is_empty() {
        batches.push(batch);
    }
    batches
}

/// One condition of a search in JSON; of several on one field any may hold.
#[derive(Serialize)]
struct Condition<'a> {
    field: &'static str,
    value: &'a str,
}

/// Returns the request for the texts of parts: a search by their ids, which reads although it is a POST.
fn texts_of(tracker: &RequestTracker, batch: &[Wanted]) -> Result<Request> {
    let conditions: Vec<_> = batch.iter().map(|part| Condition { field: "id", value: &part.id }).collect();
    let request = tracker.request(Method::Post, ["attachments"])?.effect(Effect::Read);
    request.query("fields", TEXT).query("per_page", PAGE_SIZE.to_string()).json(&conditions)
}

/// Returns the parts whose text is needed.
fn wanted_texts(history: &[Response], parts: &[Response], include: &Include) -> Result<Vec<Wanted>> {
    let mut transactions = Vec::new();
    for page in history {
        transactions.extend(page.decode::<api::Collection<api::Transaction<'_>>>()?.items);
    }
    let mut all = Vec::new();
    for page in parts {
        all.extend(page.decode::<api::Collection<api::Attachment<'_>>>()?.items);
    }
    let mut has_body = false;
    let mut wanted = Vec::new();
    for transaction in &transactions {
        // What was merged into this ticket has a description too: the first is its own.
        let is_body = &*transaction.kind == "Create" && !has_body;
        has_body |= is_body;
        if (is_body && include.body) || (is_note(&transaction.kind) && include.notes) {
            let part = Messages::text_of(&all, &transaction.id.0);
            wanted.extend(part.map(|part| Wanted { id: part.id.0.clone(), length: part.length().unwrap_or(0) }));
        }
    }
    Ok(wanted)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_asked_for_by_the_page_and_not_too_many_bytes_at_once() {
        let part = |length| Wanted { id: "1".to_owned(), length };
        let sizes = |lengths: &[u64]| -> Vec<usize> {
            batches(lengths.iter().map(|length| part(*length)).collect()).iter().map(Vec::len).collect()
        };
        assert_eq!(sizes(&[]), [0; 0]);
        assert_eq!(sizes(&[5; 230]), [100, 100, 30]);
        assert_eq!(sizes(&[BATCH_BYTES / 2; 5]), [2, 2, 1]);
        assert_eq!(sizes(&[9, BATCH_BYTES * 9, 9]), [1, 1, 1]);
    }
}
