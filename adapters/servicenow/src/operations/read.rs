//! One record with everything that was asked.

use std::fmt::Display;

use futures_util::future;
use serde::{Deserialize, Serialize};
use serde_json::json;
use usher_adapter_sdk::{
    Error, ErrorKind, Result, decode,
    host::{Level, Method, Request, Response},
    message::{Include, Raw, Source},
    model::{Attachment, CutReason, Note, Part, Ticket},
};

use super::{attachments, notes};
use crate::{
    ServiceNow,
    api::{Answer, Found, Record},
    config::BASE_TABLE,
    key::{self, Key, is_table},
    mapping::{self, Origin},
    query,
    request::total,
};

/// The documents beside `main`.
const NOTES: &str = "notes";
const JOURNAL: &str = "journal";
const ATTACHMENTS: &str = "attachments";
const FIELDS: &str = "fields";

/// What ServiceNow says of a journal in the heads of its answers.
#[derive(Debug, Serialize, Deserialize)]
struct Journal {
    /// How many entries there are, those included that the account may not see.
    total: u64,
}

/// Returns a record, and in documents of their own what else was asked.
pub(crate) async fn get(snow: &ServiceNow, key: Key<'_>, include: &Include) -> Result<Raw> {
    let main = main(snow, key, include.notes).await?;
    let (journal, files, fields) = {
        let answer: Answer<'_> = main.decode()?;
        let record = only(&answer, &main, key)?;
        let (table, sys_id) = (mapping::table(record, Some(key)), record.value("sys_id"));
        future::try_join3(
            optional(include.notes, notes::journal(snow, sys_id)),
            optional(include.attachments, attachments::rows(snow, sys_id, &key)),
            optional(include.fields, everything(snow, table, sys_id, &key)),
        )
        .await?
    };
    let journal = journal.flatten().unwrap_or_default();
    let raw = Raw::main(main.body.into_vec());
    let raw = match journal.last().and_then(total) {
        Some(total) => raw.with(JOURNAL, json!(Journal { total }).to_string()),
        None => raw,
    };
    let raw = journal.into_iter().fold(raw, |raw, page| raw.with(NOTES, page.body.into_vec()));
    let others = [(ATTACHMENTS, files), (FIELDS, fields)];
    Ok(others
        .into_iter()
        .filter_map(|(name, page)| Some((name, page?)))
        .fold(raw, |raw, (name, page)| raw.with(name, page.body.into_vec())))
}

/// Returns the ticket of a record and of whatever stands beside it.
pub(crate) fn normalize(snow: &ServiceNow, key: Option<Key<'_>>, raw: &Raw, source: &Source) -> Result<Ticket> {
    let origin = if *source == Source::Direct { Origin::Own } else { Origin::Other };
    let records = records(raw, Raw::MAIN)?.unwrap_or_default();
    let record = records.first().ok_or_else(|| Error::not_found("a record in the answer"))?;
    let page = |table: &str, sys_id: &str| snow.page(table, sys_id);
    let mut ticket = mapping::ticket(record, key, &page, origin)?;
    if let Some(whole) = records_of(raw, FIELDS)?.first() {
        ticket = ticket.with_custom_fields(mapping::ticket(whole, key, &page, origin)?.custom_fields);
    }
    let total = raw.decode::<Journal>(JOURNAL)?.map(|journal| journal.total);
    ticket = with_notes(ticket, record, &records_of(raw, NOTES)?, total);
    let files = raw.document(ATTACHMENTS).is_some().then(|| records_of(raw, ATTACHMENTS)).transpose()?;
    let files = files.map(|files| files.iter().map(mapping::attachment).collect::<Vec<Attachment>>());
    Ok(ticket.with_attachments(files))
}

/// Asks for the record that a key names, in the table of its own class.
pub(super) async fn main(snow: &ServiceNow, key: Key<'_>, journal: bool) -> Result<Response> {
    let table = match key {
        Key::Number(number) => snow.config.table_of(&key::prefix(number)),
        Key::Record { table, .. } => table.unwrap_or(BASE_TABLE),
    };
    let request = match key {
        Key::Number(number) => snow.rows(table, query::is("number", number)?, &columns(journal), 2)?,
        Key::Record { sys_id, .. } => one(snow, table, sys_id, journal)?,
    };
    let response = snow.send(request, &key).await?;
    let answer: Answer<'_> = response.decode()?;
    let record = only(&answer, &response, key)?;
    let class = record.value("sys_class_name");
    // The table of all has but the columns that all have.
    if table != BASE_TABLE || class == BASE_TABLE || !is_table(class) {
        return Ok(response);
    }
    snow.send(one(snow, class, record.value("sys_id"), journal)?, &key).await
}

/// Returns the record that a key names. The answer may hold another one: a wrong term of a query is passed over in silence.
pub(super) fn only<'a, 'b>(answer: &'a Answer<'b>, response: &Response, key: Key<'_>) -> Result<&'a Record<'b>> {
    let Found(records) = &answer.result;
    let fits = |record: &&Record<'_>| match key {
        Key::Number(number) => record.value("number").eq_ignore_ascii_case(number),
        Key::Record { sys_id, .. } => record.value("sys_id") == sys_id,
    };
    if let Some(record) = records.iter().find(fits) {
        return Ok(record);
    }
    // It was counted, and then taken out of the answer.
    if records.is_empty() && total(response).is_some_and(|total| total > 0) {
        return Err(Error::new(ErrorKind::Permission, format!("{key} is there, and the account may not read it"))
            .with_hint("An access rule of the instance hides it: ask for a role that reads the table."));
    }
    Err(Error::not_found(key).with_hint("What the account may not see looks like this too."))
}

/// Returns the columns that a ticket is made of, and the journal's where they are wanted.
pub(super) fn columns(journal: bool) -> String {
    let journal = if journal { mapping::JOURNAL } else { &[] };
    std::iter::once(&mapping::COLUMNS).chain(journal).copied().collect::<Vec<_>>().join(",")
}

/// Reads every record of the documents of a name.
fn records_of<'a>(raw: &'a Raw, name: &str) -> Result<Vec<Record<'a>>> {
    records(raw, name).map(Option::unwrap_or_default)
}

fn records<'a>(raw: &'a Raw, name: &str) -> Result<Option<Vec<Record<'a>>>> {
    let mut all: Option<Vec<Record<'a>>> = None;
    for document in raw.documents().iter().filter(|document| document.name == name) {
        let Found(records) =
            found(&document.bytes).map_err(|error| error.context(format_args!("document `{name}`")))?;
        all.get_or_insert_default().extend(records);
    }
    Ok(all)
}

/// Reads an answer; another route may give the record alone.
fn found(bytes: &[u8]) -> Result<Found<'_>> {
    #[derive(Deserialize)]
    struct Shape<'a> {
        #[serde(borrow)]
        result: Option<Found<'a>>,
    }
    match decode::json::<Shape<'_>>(bytes)?.result {
        Some(found) => Ok(found),
        None => decode::json(bytes).map(|record| Found(vec![record])),
    }
}

/// Adds the notes: from the journal where it may be read, else as the record shows them. Of a journal that has more entries than
/// were given, access rules hide the rest.
fn with_notes(ticket: Ticket, record: &Record<'_>, journal: &[Record<'_>], total: Option<u64>) -> Ticket {
    if !journal.is_empty() {
        let loaded = journal.len() as u64;
        let ticket = ticket.with_notes(journal.iter().map(mapping::note).collect::<Vec<Note>>());
        return match total {
            Some(total) if total > loaded => {
                ticket.with_cut("notes", Part::new(loaded, Some(total), CutReason::Permission))
            }
            _ => ticket,
        };
    }
    match notes::shown(record) {
        Some(notes) => ticket.with_notes(notes),
        None => ticket.with_cut("notes", Part::new(0, None, CutReason::NotLoaded)),
    }
}

fn one(snow: &ServiceNow, table: &str, sys_id: &str, journal: bool) -> Result<Request> {
    Ok(snow.table(Method::Get, [table, sys_id])?.query("sysparm_fields", columns(journal)))
}

/// Asks for every column of a record.
async fn everything(snow: &ServiceNow, table: &str, sys_id: &str, about: &(dyn Display + Sync)) -> Result<Response> {
    snow.send(snow.table(Method::Get, [table, sys_id])?, about).await
}

async fn optional<T>(wanted: bool, part: impl Future<Output = Result<T>>) -> Result<Option<T>> {
    if wanted { part.await.map(Some) } else { Ok(None) }
}

/// Lets a refusal of what is not needed pass, with a line in the log.
pub(super) fn unless_refused<T>(snow: &ServiceNow, what: &str, answer: Result<T>) -> Result<Option<T>> {
    match answer {
        Ok(answer) => Ok(Some(answer)),
        Err(error) if matches!(error.kind(), ErrorKind::Permission | ErrorKind::NotFound | ErrorKind::Validation) => {
            snow.host.log(Level::Warning, &format!("{what} cannot be read: {error}"));
            Ok(None)
        }
        Err(error) => Err(error),
    }
}
