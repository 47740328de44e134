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
    is_cut: bool,
}

impl Messages {
    /// The document of a page of the history.
    pub(crate) const HISTORY: &str = "history";
    /// The document of a page of the parts of messages.
    pub(crate) const PARTS: &str = "parts";
    /// The document of a part with its text.
    pub(crate) const TEXT: &str = "text";

    /// Reads the documents beside `main`.
    pub(crate) fn of(raw: &Raw) -> Result<Self> {
        let transactions: Option<Vec<api::Transaction<'_>>> = pages(raw, Self::HISTORY)?;
        let parts: Option<Vec<api::Attachment<'_>>> = pages(raw, Self::PARTS)?;
        let mut texts = BTreeMap::new();
        for document in raw.documents().iter().filter(|document| document.name == Self::TEXT) {
            let part: api::Attachment<'_> = decode::json(&document.bytes)?;
            texts.insert(part.id.0.clone(), text(&part)?);
        }
        let (Some(transactions), Some(parts)) = (transactions, parts) else { return Ok(Self::default()) };
        let mut messages = Self { files: Some(files(&parts)), notes: Some(Vec::new()), ..Self::default() };
        for transaction in &transactions {
            let part = Self::text_of(&parts, &transaction.id.0);
            let is_missing = part.is_some_and(|part| !texts.contains_key(&part.id.0));
            let text = part.and_then(|part| texts.get(&part.id.0).cloned());
            match &*transaction.kind {
                // What was merged into this ticket has a description too: the first is its own.
                "Create" if messages.body.is_none() => messages.body = text,
                kind if is_note(kind) => {
                    messages.is_cut |= is_missing;
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
        if self.is_cut { ticket.with_cut("notes", Part::new(0, Some(count), CutReason::NotLoaded)) } else { ticket }
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
        .with_size(part.content_length.as_ref().and_then(|length| length.0.parse::<u64>().ok()))
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

fn text(part: &api::Attachment<'_>) -> Result<RichText> {
    let text = String::from_utf8_lossy(&bytes(part)?).into_owned();
    let is_html = part.content_type.as_deref().is_some_and(|kind| kind.starts_with("text/html"));
    // HTML can stand in Markdown as it is; nothing of it is lost.
    if is_html {
        return Ok(RichText::converted(text.clone(), TextFormat::Html, text));
    }
    let lines = text.replace("\r\n", "\n");
    if lines == text { Ok(RichText::plain(text)) } else { Ok(RichText::converted(lines, TextFormat::Plain, text)) }
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
