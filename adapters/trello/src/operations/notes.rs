//! Comments: listing and adding. Trello has none that only some may read.

use serde::Serialize;
use usher_adapter_sdk::{
    Error, Result,
    host::Method,
    message::{Cursor, NoteDraft, NotePage},
    model::{Note, Visibility},
};

use super::{actions, marker, read};
use crate::{
    Trello, api,
    key::{Key, is_short_link},
    mapping,
};

/// Returns the comments of a card, oldest first. Trello lists the newest first, so that all are read for it.
pub(crate) async fn notes(trello: &Trello, key: Key<'_>, cursor: Option<&Cursor>) -> Result<NotePage> {
    if let Some(cursor) = cursor {
        return Err(Error::validation(format!("`{}` is no place in the notes: they are one page", cursor.as_str())));
    }
    let card = read::resolved(trello, key).await?;
    let pages = actions::older(trello, &card, &actions::comments(), None).await?;
    let mut all: Vec<api::Action<'_>> = Vec::new();
    for page in &pages {
        all.extend(page.decode::<Vec<api::Action<'_>>>()?);
    }
    Ok(NotePage::new(mapping::notes(all.iter(), page(&card).as_deref())))
}

/// Adds a comment; whatever cannot be kept of a note is an error before anything is sent.
pub(crate) async fn add_note(trello: &Trello, key: Key<'_>, note: &NoteDraft) -> Result<Note> {
    if note.visibility != Visibility::Public {
        return Err(Error::validation(format!("{key}: Trello has no {} notes", note.visibility))
            .with_field("visibility", "can only be public")
            .with_hint("Everybody who sees the card reads its comments. Write it with `--public`, or elsewhere."));
    }
    if note.in_reply_to.is_some() {
        return Err(Error::validation(format!("{key}: comments on Trello answer the card, not one another"))
            .with_field("in_reply_to", "cannot be kept")
            .with_hint("Quote what you answer, as in `> …`, or name its author, as in `@username`."));
    }
    if note.body.markdown.trim().is_empty() {
        return Err(Error::validation("a note needs a text"));
    }
    let text = marker::marked(Some(&note.body.markdown), note.marker.as_deref())?.unwrap_or_default();
    let card = read::resolved(trello, key).await?;
    let request = trello.request(Method::Post, ["cards", &card, "actions", "comments"])?;
    let response = trello.send(request.json(&NewComment { text: &text })?, &read::about(key)).await?;
    Ok(mapping::note(&response.decode()?, page(&card).as_deref()))
}

/// Returns where people read a card that is named by its short link.
pub(super) fn page(card: &str) -> Option<String> {
    is_short_link(card).then(|| format!("https://trello.com/c/{card}"))
}

/// The body of the request:
/// <https://developer.atlassian.com/cloud/trello/rest/api-group-cards/#api-cards-id-actions-comments-post>
#[derive(Serialize)]
struct NewComment<'a> {
    text: &'a str,
}
