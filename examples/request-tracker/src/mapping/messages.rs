//! What was said: the description, the notes and the files, from the history and the parts of its messages.

use std::collections::BTreeMap;

use base64::{Engine, prelude::BASE64_STANDARD};
use usher_adapter_sdk::{
    Error, Result, decode,
    message::Raw,
    model::{Attachment, CutReason, Note, Part, RichText, TextFormat, Ticket, Visibility},
};

use super::{person, time};
use crate::api::{self, Collection};

/// The messages of a ticket, as far as they were asked for.
#[derive(Default)]
pub(crate) struct Messages {
    body: Option<RichText>,
    notes: Option<Vec<Note>>,
    files: Option<Vec<Attachment>>,
    lacks_body: bool,
    lacks_notes: bool,
}

impl Messages {
    /// The document of a page of the history.
    pub(crate) const HISTORY: &str = "history";
    /// The document of a page of the parts of messages.
    pub(crate) const PARTS: &str = "parts";
    /// The document of a page of parts with their texts.
    pub(crate) const TEXTS: &str = "texts";

    /// Reads the documents beside `main`.
    pub(crate) fn of(raw: &Raw) -> Result<Self> {
        let transactions: Option<Vec<api::Transaction<'_>>> = pages(raw, Self::HISTORY)?;
        let parts: Option<Vec<api::Attachment<'_>>> = pages(raw, Self::PARTS)?;
        let texts: Option<Vec<api::Attachment<'_>>> = pages(raw, Self::TEXTS)?;
        let texts = texts.unwrap_or_default().into_iter();
        let texts: BTreeMap<_, _> = texts.filter_map(|part| Some((part.id.0.clone(), text(&part)?))).collect();
        let (Some(transactions), Some(parts)) = (transactions, parts) else { return Ok(Self::default()) };
        let mut messages = Self { files: Some(files(&parts)), notes: Some(Vec::new()), ..Self::default() };
        for transaction in &transactions {
            let part = Self::text_of(&parts, &transaction.id.0);
            let is_missing = part.is_some_and(|part| !texts.contains_key(&part.id.0));
            let text = part.and_then(|part| texts.get(&part.id.0).cloned());
            match &*transaction.kind {
                // What was merged into this ticket has a description too: the first is its own.
                "Create" if messages.body.is_none() && !messages.lacks_body => {
                    messages.lacks_body = is_missing;
                    messages.body = text;
                }
                kind if is_note(kind) => {
                    messages.lacks_notes |= is_missing;
                    messages.notes.get_or_insert_default().push(note(transaction, text.unwrap_or_default()));
                }
                _ => {}
            }
        }
        Ok(messages)
    }

    /// Returns the part with a transaction's text: the first that is a text and no file. Of a message in two forms that
    /// is the plain one.
    pub(crate) fn text_of<'p, 'a>(
        parts: &'p [api::Attachment<'a>],
        transaction: &str,
    ) -> Option<&'p api::Attachment<'a>> {
        parts.iter().find(|part| {
            let is_text = part.content_type.as_deref().is_some_and(|kind| kind.starts_with("text/"));
            let is_of_it = part.transaction_id.as_ref().is_some_and(|id| id.id() == transaction);
            is_text && is_of_it && !has_name(part)
        })
    }

    /// Returns the notes.
    pub(crate) fn into_notes(self) -> Vec<Note> {
        self.notes.unwrap_or_default()
    }

    /// Returns the files.
    pub(crate) fn into_files(self) -> Vec<Attachment> {
        self.files.unwrap_or_default()
    }

    /// Puts them onto their ticket.
    pub(super) fn onto(self, mut ticket: Ticket) -> Ticket {
        let count = self.notes.as_ref().map_or(0, Vec::len) as u64;
        ticket.body = self.body;
        ticket.notes = self.notes;
        ticket.attachments = self.files;
        let cuts = [(self.lacks_body, "body", None), (self.lacks_notes, "notes", Some(count))];
        let cuts = cuts.into_iter().filter(|(is_cut, ..)| *is_cut);
        cuts.fold(ticket, |ticket, (_, part, total)| ticket.with_cut(part, Part::new(0, total, CutReason::NotLoaded)))
    }
}

/// Says whether a transaction is a note: mail that was sent about one is none.
pub(crate) fn is_note(kind: &str) -> bool {
    matches!(kind, "Comment" | "Correspond")
}

/// Returns the bytes of a part that was asked for alone.
pub(crate) fn bytes(part: &api::Attachment<'_>) -> Result<Vec<u8>> {
    let content: String = part.content.as_deref().unwrap_or_default().split_ascii_whitespace().collect();
    BASE64_STANDARD
        .decode(content)
        .map_err(|error| Error::response_parse(&format_args!("the content of attachment {}: {error}", part.id.0)))
}

/// Returns what is known of a file.
pub(crate) fn file(part: &api::Attachment<'_>) -> Attachment {
    Attachment::new(&*part.id.0, part.filename.as_deref().unwrap_or_default())
        .with_size(part.length())
        .with_media_type(part.content_type.as_deref().map(str::to_owned))
        .with_author(part.creator.as_ref().and_then(person))
        .with_created_at(part.created.as_deref().and_then(time))
}

fn files(parts: &[api::Attachment<'_>]) -> Vec<Attachment> {
    parts.iter().filter(|part| has_name(part)).map(file).collect()
}

/// Says whether a part is a file.
fn has_name(part: &api::Attachment<'_>) -> bool {
    part.filename.as_deref().is_some_and(|name| !name.is_empty())
}

fn note(transaction: &api::Transaction<'_>, body: RichText) -> Note {
    let visibility = if &*transaction.kind == "Comment" { Visibility::Internal } else { Visibility::Public };
    Note::new(&*transaction.id.0, body)
        .with_visibility(visibility)
        .with_author(transaction.creator.as_ref().and_then(person))
        .with_created_at(transaction.created.as_deref().and_then(time))
}

/// Returns the text of a part from a list, where it stands as it is; nothing if it is not there.
fn text(part: &api::Attachment<'_>) -> Option<RichText> {
    let text = part.content.as_deref()?.to_owned();
    let is_html = part.content_type.as_deref().is_some_and(|kind| kind.starts_with("text/html"));
    // HTML can stand in Markdown as it is; nothing of it is lost.
    if is_html {
        return Some(RichText::converted(text.clone(), TextFormat::Html, text));
    }
    let lines = text.replace("\r\n", "\n");
    Some(if lines == text { RichText::plain(text) } else { RichText::converted(lines, TextFormat::Plain, text) })
}

/// Reads every page of that name as one list; without a page there is no list.
fn pages<'a, T: serde::Deserialize<'a>>(raw: &'a Raw, name: &str) -> Result<Option<Vec<T>>> {
    let mut list = None;
    for document in raw.documents().iter().filter(|document| document.name == name) {
        let page: Collection<T> =
            decode::json(&document.bytes).map_err(|error: Error| error.context(format_args!("document `{name}`")))?;
        list.get_or_insert_with(Vec::new).extend(page.items);
    }
    Ok(list)
}
