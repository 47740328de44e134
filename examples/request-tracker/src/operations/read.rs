//! One ticket, and what was said on it.

use futures_util::{StreamExt, TryStreamExt, future, stream};
use usher_adapter_sdk::{
    Result,
    host::{Request, Response},
    message::{Include, Raw},
};

use crate::{
    RequestTracker, api,
    key::Key,
    mapping::{Messages, is_note},
};

/// What is asked of the records beside a ticket.
const BESIDE: &[(&str, &str)] = &[("fields[Queue]", "Name"), ("fields[Owner]", "RealName,EmailAddress")];
/// What is asked of each transaction, and of each part of a message.
const TRANSACTION: &str = "Type,Creator,Created";
const PART: &str = "Filename,ContentType,ContentLength,TransactionId,Creator,Created";
/// How many texts are asked for at once.
const AT_ONCE: usize = 6;

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
    let texts = stream::iter(wanted).map(async |id: String| {
        let part = tracker.send(tracker.get(["attachment", &id])?, &key).await?;
        Ok::<_, usher_adapter_sdk::Error>((Messages::TEXT, part.body.into_vec()))
    });
    let texts: Vec<_> = texts.buffered(AT_ONCE).try_collect().await?;
    let named =
        |name: &'static str, pages: Vec<Response>| pages.into_iter().map(move |page| (name, page.body.into_vec()));
    Ok(named(Messages::HISTORY, history).chain(named(Messages::PARTS, parts)).chain(texts).collect())
}

/// Returns the ids of the parts whose text is needed.
fn wanted_texts(history: &[Response], parts: &[Response], include: &Include) -> Result<Vec<String>> {
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
            wanted.extend(part.map(|part| part.id.0.clone()));
        }
    }
    Ok(wanted)
}
