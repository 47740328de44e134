//! The journal: reading it, and adding to it. `comments` are public, `work_notes` internal.
//!
//! The journal is a table of its own, `sys_journal_field`, which not every account may read. What a record shows as the
//! label of its journal columns is read then: the same entries, with no time and no id of their own.

use std::collections::BTreeMap;

use usher_adapter_sdk::{
    Error, ErrorKind, Result,
    host::{Level, Method, Response},
    message::{Cursor, NoteDraft, NotePage},
    model::{CutReason, Note, Part, Visibility},
};

use super::read::{self, unless_refused};
use crate::{
    ServiceNow,
    api::{Answer, Found, Record},
    key::{Key, is_sys_id},
    mapping, query,
    query::Encoded,
    request::{has_next, total},
    text::altered_entry,
};

/// How many entries are asked for at once.
const PAGE_SIZE: u64 = 100;
/// How many pages of a journal a ticket is read with.
const MOST_PAGES: u64 = 50;
/// Among how many of the newest entries one that was just written is looked for.
const NEWEST: u64 = 10;

const COLUMNS: &str = "sys_id,element,element_id,value,sys_created_on,sys_created_by";

/// Returns a page of the entries of a journal, oldest first.
pub(crate) async fn notes(snow: &ServiceNow, key: Key<'_>, cursor: Option<&Cursor>) -> Result<NotePage> {
    if let Some(cursor) = cursor {
        let (sys_id, offset) = place(cursor)?;
        let response = page(snow, sys_id, offset).await?;
        return note_page(&response, sys_id, offset);
    }
    let main = read::main(snow, key, true).await?;
    let answer: Answer<'_> = main.decode()?;
    let record = read::only(&answer, &main, key)?;
    let sys_id = record.value("sys_id");
    if let Some(response) = unless_refused(snow, "the journal", page(snow, sys_id, 0).await)? {
        let page = note_page(&response, sys_id, 0)?;
        if !page.notes.is_empty() {
            return Ok(page);
        }
    }
    let notes = shown(record);
    let hidden = notes.is_none().then(|| Part::new(0, None, CutReason::Permission));
    Ok(NotePage::new(notes.unwrap_or_default()).with_cut(hidden))
}

/// Adds an entry to the journal, and looks that it is there: a column that may not be written is passed over in silence.
pub(crate) async fn add_note(snow: &ServiceNow, key: Key<'_>, draft: &NoteDraft) -> Result<Note> {
    let column = column(key, draft)?;
    let text = draft.body.markdown.as_str();
    let main = read::main(snow, key, true).await?;
    let answer: Answer<'_> = main.decode()?;
    let record = read::only(&answer, &main, key)?;
    let (table, sys_id) = (mapping::table(record, Some(key)), record.value("sys_id"));
    let (before, shown_before) = (newest(snow, key, sys_id, column).await, same_shown(record, column, text));
    let request = snow.table(Method::Patch, [table, sys_id])?.query("sysparm_fields", read::columns(true));
    let request = request.json(&BTreeMap::from([(column, text)]))?;
    let response = snow.send(request, &key).await?;
    let written = match before {
        Some(before) => read_back(newest(snow, key, sys_id, column).await, &before, text),
        None => None,
    };
    let shown = || {
        let answer: Answer<'_> = response.decode().ok()?;
        let mut shown = same_shown(answer.result.0.first()?, column, text);
        // The same text may have stood there before.
        if shown.len() > shown_before.len() { shown.pop() } else { None }
    };
    let note = written.or_else(shown).ok_or_else(|| {
        Error::new(ErrorKind::OutcomeUnknown, format!("{key}: ServiceNow took the note and does not show it"))
            .with_hint(format!(
                "The account may lack the right to write or to read `{column}`: look before you repeat it."
            ))
    })?;
    Ok(note.with_altered(Vec::from_iter(altered_entry(&draft.body))))
}

/// Asks for the whole journal of a record, if it may be read.
pub(super) async fn journal(snow: &ServiceNow, sys_id: &str) -> Result<Option<Vec<Response>>> {
    let mut pages = Vec::new();
    for number in 0..MOST_PAGES {
        let Some(response) = unless_refused(snow, "the journal", page(snow, sys_id, number * PAGE_SIZE).await)? else {
            return Ok(None);
        };
        let goes_on = goes_on(&response, number * PAGE_SIZE);
        pages.push(response);
        if !goes_on {
            return Ok(Some(pages));
        }
    }
    Err(Error::new(ErrorKind::Unsupported, format!("the journal has more than {} entries", MOST_PAGES * PAGE_SIZE))
        .with_hint("Ask for the ticket without its notes, and for the notes by themselves."))
}

/// Returns the entries of both journal columns as the record shows them, or nothing where it shows none of the columns.
pub(super) fn shown(record: &Record<'_>) -> Option<Vec<Note>> {
    let columns: Vec<_> = mapping::JOURNAL.iter().filter_map(|column| Some((*column, record.field(column)?))).collect();
    let of = |(column, field): &(&str, &crate::api::Field<'_>)| {
        mapping::of_display(column, field.display.as_deref().unwrap_or(&field.value))
    };
    let mut notes: Vec<Note> = columns.iter().flat_map(of).collect();
    // Only a time that is written with the year first can be told to be earlier by its digits.
    let time = |note: &Note| note.id.split_once(": ").map(|(_, heading)| heading.to_owned()).unwrap_or_default();
    if notes.iter().all(|note| time(note).find('-') == Some(4)) {
        notes.sort_by_key(time);
    }
    (!columns.is_empty()).then_some(notes)
}

/// Returns the column for a note; whatever cannot be kept of it is an error before anything is sent.
fn column(key: Key<'_>, note: &NoteDraft) -> Result<&'static str> {
    if note.in_reply_to.is_some() {
        return Err(Error::validation(format!("{key}: entries of a journal do not answer one another"))
            .with_field("in_reply_to", "cannot be kept")
            .with_hint("Quote what you answer."));
    }
    if note.body.markdown.trim().is_empty() {
        return Err(Error::validation("a note needs a text"));
    }
    match note.visibility {
        Visibility::Public => Ok("comments"),
        Visibility::Internal => Ok("work_notes"),
        ref other => Err(Error::validation(format!("{key}: ServiceNow has no {other} notes"))
            .with_field("visibility", "can be public or internal")),
    }
}

/// Returns the newest entries of a journal's column, the newest first, or nothing where they may not be read.
async fn newest(snow: &ServiceNow, key: Key<'_>, sys_id: &str, column: &str) -> Option<Vec<Note>> {
    let ask = async {
        let query = Encoded::default().and(query::is("element_id", sys_id)?).and(query::is("element", column)?);
        let query = query.ordered("sys_created_on", true).ordered("sys_id", false).into_text();
        let response = snow.send(snow.rows("sys_journal_field", query, COLUMNS, NEWEST)?, &"the journal").await?;
        let Answer { result: Found(rows) } = response.decode()?;
        let own = rows.iter().filter(|row| row.value("element") == column && row.value("element_id") == sys_id);
        Ok::<_, Error>(own.map(mapping::note).collect())
    };
    match ask.await {
        Ok(notes) => Some(notes),
        Err(error) => {
            snow.host.log(Level::Warning, &format!("{key}: the journal cannot be read: {error}"));
            None
        }
    }
}

/// Finds the entry that was just written: one that was not there before, and is no older than what was.
fn read_back(after: Option<Vec<Note>>, before: &[Note], text: &str) -> Option<Note> {
    let last = before.first().and_then(|note| note.created_at);
    let is_new = |note: &Note| note.created_at >= last && !before.iter().any(|known| known.id == note.id);
    after?.into_iter().find(|note| is_new(note) && is_same(&note.body.markdown, text))
}

/// Returns the entries of that text that a record shows in a column of its journal, oldest first.
fn same_shown(record: &Record<'_>, column: &str, text: &str) -> Vec<Note> {
    let shown = record.field(column).and_then(|field| field.display.as_deref()).unwrap_or_default();
    let mut notes = mapping::of_display(column, shown);
    notes.retain(|note| is_same(&note.body.markdown, text));
    notes
}

fn is_same(kept: &str, written: &str) -> bool {
    kept.trim() == written.replace("\r\n", "\n").trim()
}

async fn page(snow: &ServiceNow, sys_id: &str, offset: u64) -> Result<Response> {
    let query = Encoded::default()
        .and(query::is("element_id", sys_id)?)
        .and(query::is_in("element", mapping::JOURNAL, false)?)
        .ordered("sys_created_on", false)
        .ordered("sys_id", false);
    let request = snow.rows("sys_journal_field", query.into_text(), COLUMNS, PAGE_SIZE)?;
    snow.send(request.query("sysparm_offset", offset.to_string()), &"the journal").await
}

fn note_page(response: &Response, sys_id: &str, offset: u64) -> Result<NotePage> {
    let Answer { result: Found(rows) } = response.decode()?;
    // A wrong term of a query is passed over in silence: an entry of another record is none of ours.
    let own = rows.iter().filter(|row| row.value("element_id") == sys_id);
    let notes: Vec<Note> = own.map(mapping::note).collect();
    let next = goes_on(response, offset).then(|| Cursor::new(format!("{sys_id}/{}", offset + PAGE_SIZE)));
    let expected = total(response).map(|total| total.saturating_sub(offset).min(PAGE_SIZE));
    let loaded = rows.len() as u64;
    let cut = expected
        .filter(|expected| *expected > loaded)
        .map(|_| Part::new(loaded, total(response), CutReason::Permission));
    Ok(NotePage::new(notes).with_next(next).with_total(total(response)).with_cut(cut))
}

fn goes_on(response: &Response, offset: u64) -> bool {
    has_next(response).unwrap_or_else(|| total(response).is_some_and(|total| offset + PAGE_SIZE < total))
}

fn place(cursor: &Cursor) -> Result<(&str, u64)> {
    let parse = |text: &'_ str| {
        let (sys_id, offset) = text.split_once('/')?;
        is_sys_id(sys_id).then_some(())?;
        Some((sys_id.len(), offset.parse().ok()?))
    };
    let (length, offset) = parse(cursor.as_str()).ok_or_else(|| {
        Error::validation(format!("`{}` is no place in a journal", cursor.as_str()))
            .with_hint("Begin the list anew, without a cursor.")
    })?;
    Ok((&cursor.as_str()[..length], offset))
}
