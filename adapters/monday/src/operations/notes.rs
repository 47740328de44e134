//! Updates of an item, and the answers to them.

use serde::Serialize;
use usher_adapter_html::Written;
use usher_adapter_sdk::{
    Error, ErrorKind, Result, decode,
    message::{Altered, Cursor, FieldName, NoteDraft, NotePage},
    model::{Note, Visibility},
};

use super::read;
use crate::{Monday, api, documents, key::Key, mapping};

#[derive(Serialize)]
struct NewUpdate<'a> {
    item: &'a str,
    parent: Option<&'a str>,
    body: String,
}

/// Returns every note of an item: monday.com gives the newest first, and a page of ours begins with the oldest.
pub(crate) async fn notes(monday: &Monday, key: Key<'_>, _cursor: Option<&Cursor>) -> Result<NotePage> {
    let pages = read::more_updates(monday, key, 1).await?;
    let mut updates: Vec<api::Update<'_>> = Vec::new();
    for page in &pages {
        let page: Vec<api::Update<'_>> = decode::json(read::updates_of(monday, page, key)?.get().as_bytes())?;
        updates.extend(page);
    }
    let notes = mapping::notes(&updates);
    let total = notes.len() as u64;
    Ok(NotePage::new(notes).with_total(total))
}

/// Adds an update; whatever cannot be kept of a note is an error before anything is sent.
pub(crate) async fn add_note(monday: &Monday, key: Key<'_>, note: &NoteDraft) -> Result<Note> {
    if note.visibility != Visibility::Public {
        return Err(Error::validation(format!("{key}: monday.com has no {} notes", note.visibility))
            .with_field("visibility", "can only be public")
            .with_hint("Everybody who sees the item reads its updates. Write it with `--public`, or elsewhere."));
    }
    if note.body.markdown.trim().is_empty() {
        return Err(Error::validation("a note needs a text"));
    }
    let parent = note.in_reply_to.as_deref();
    let Written { html, lost, .. } = mapping::from_markdown(&note.body.markdown);
    let update = NewUpdate { item: key.item, parent, body: html };
    let response = monday.ask(documents::UPDATE_CREATE, &update).await?;
    let api::UpdateCreated { create_update } = monday.data(&response, &key)?;
    let note = create_update.map(|update| mapping::note(&update, parent)).ok_or_else(|| unanswered(&key))?;
    Ok(note.with_altered(Vec::from_iter(Altered::text(FieldName::Body, "monday.com", &lost))))
}

/// Returns the error of a write that monday.com answers with nothing, and without an error.
pub(super) fn unanswered(about: &dyn std::fmt::Display) -> Error {
    Error::new(
        ErrorKind::OutcomeUnknown,
        format!("{about}: monday.com answers neither with what was written nor with an error"),
    )
    .with_hint("Look whether it was written before you repeat it.")
}
