//! Notes: reading them page by page, and adding one.

use usher_adapter_sdk::{
    Error, Result,
    message::{Cursor, NoteDraft, NotePage},
    model::{Note, Visibility},
};

use super::write::touched;
use crate::{
    Folder,
    file::{FileNote, TicketFile},
    key::Key,
    mapping, writing,
};

/// Returns a page of a ticket's notes, oldest first.
pub(crate) fn notes(folder: &Folder, key: Key, cursor: Option<&Cursor>) -> Result<NotePage> {
    let start = cursor.map_or(Ok(0), place)?;
    let text = folder.store.read(key)?;
    let file = TicketFile::new(&text).map_err(|fault| fault.in_file(key.file_name()))?;
    let notes = mapping::notes(key, &file)?;
    let total = notes.len();
    let page = notes.into_iter().skip(start).take(folder.page_size).collect();
    let end = start.saturating_add(folder.page_size);
    let next = (end < total).then(|| Cursor::new(end.to_string()));
    Ok(NotePage::new(page).with_next(next).with_total(total as u64))
}

/// Writes a note at the end of a ticket's file.
pub(crate) fn add_note(folder: &Folder, key: Key, draft: &NoteDraft) -> Result<Note> {
    if !matches!(draft.visibility, Visibility::Internal | Visibility::Public) {
        return Err(Error::validation("the note does not say who may read it").with_hint("Say `internal` or `public`."));
    }
    let now = folder.host.now();
    let locked = folder.store.lock()?;
    let text = touched(key, &locked.read(key)?, now)?;
    let file = TicketFile::new(&text).map_err(|fault| fault.in_file(key.file_name()))?;
    let others = file.notes().map_err(|fault| fault.in_file(key.file_name()))?;
    answers_one_of(draft, &others)?;
    let note = writing::note(next_id(&others), draft, folder.me.as_deref(), now);
    locked.replace(key, &file.with_note(&note))?;
    Ok(mapping::note(note))
}

fn answers_one_of(draft: &NoteDraft, others: &[FileNote<'_>]) -> Result<()> {
    match &draft.in_reply_to {
        Some(id) if !others.iter().any(|note| note.head.id == *id) => {
            let message = format!("there is no note `{}` to answer", id.escape_debug());
            Err(Error::validation(message).with_field("in_reply_to", "is no note of this ticket"))
        }
        _ => Ok(()),
    }
}

/// Returns the number after the greatest one.
fn next_id(others: &[FileNote<'_>]) -> String {
    let numbers = others.iter().filter_map(|note| note.head.id.parse::<u32>().ok());
    numbers.max().map_or(1, |last| u64::from(last) + 1).to_string()
}

fn place(cursor: &Cursor) -> Result<usize> {
    cursor.as_str().parse().map_err(|_| Error::validation("the cursor is not one of this adapter's"))
}
