//! Comments: listing and adding. Linear has none that only some may read.

use serde::Serialize;
use usher_adapter_sdk::{
    Error, ErrorKind, Result,
    message::{Cursor, NoteDraft, NotePage},
    model::{CutReason, Note, Part, Visibility},
};

use super::marker;
use crate::{Linear, api, documents, key::Key, mapping};

#[derive(Serialize)]
struct Variables<'a> {
    id: &'a str,
    after: Option<String>,
}

/// Returns the comments of an issue, oldest first. Linear gives the newest first, so that all of them are read.
pub(crate) async fn notes(linear: &Linear, key: Key<'_>, cursor: Option<&Cursor>) -> Result<NotePage> {
    if cursor.is_some() {
        return Err(Error::validation("the notes of an issue are one page").with_hint("List them without a cursor."));
    }
    let mut notes = Vec::new();
    let mut after = None;
    let breaks_off = loop {
        let response = linear.ask(documents::COMMENTS, &Variables { id: key.as_str(), after: after.clone() }).await?;
        let page = linear.data::<api::CommentsOfIssue<'_>>(&response, &key)?.whole(&key)?.issue.comments;
        notes.extend(page.nodes.iter().map(mapping::note));
        let next = page.page_info.next().map(str::to_owned);
        if next.is_none() {
            break page.page_info.breaks_off();
        }
        if next == after {
            return Err(Error::new(ErrorKind::ResponseParse, format!("{key}: a page names itself as the next")));
        }
        after = next;
    };
    notes.sort_by_key(|note| note.created_at);
    // The oldest are missing, of which Linear says that they are there, and not where.
    let cut = breaks_off.then(|| Part::new(notes.len() as u64, None, CutReason::Error));
    Ok(NotePage::new(notes).with_cut(cut))
}

/// The input of the mutation.
#[derive(Serialize)]
struct Input<'a> {
    input: NewComment<'a>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct NewComment<'a> {
    issue_id: &'a str,
    body: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    parent_id: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    id: Option<&'a str>,
}

/// Adds a comment; whatever cannot be kept of a note is an error before anything is sent.
pub(crate) async fn add_note(linear: &Linear, key: Key<'_>, note: &NoteDraft) -> Result<Note> {
    if note.visibility != Visibility::Public {
        return Err(Error::validation(format!("{key}: Linear has no {} notes", note.visibility))
            .with_field("visibility", "can only be public")
            .with_hint("Everybody who sees the issue reads its comments. Write it with `--public`, or elsewhere."));
    }
    if note.body.markdown.trim().is_empty() {
        return Err(Error::validation("a note needs a text"));
    }
    let input = NewComment {
        issue_id: key.as_str(),
        body: &note.body.markdown,
        parent_id: note.in_reply_to.as_deref(),
        id: note.marker.as_deref().map(marker::id).transpose()?,
    };
    let response = linear.ask(documents::COMMENT_CREATE, &Input { input }).await?;
    let api::CommentPayload { success, comment } =
        linear.data::<api::CommentCreated<'_>>(&response, &key)?.data.comment_create;
    match comment {
        Some(comment) if success => Ok(mapping::note(&comment)),
        _ => Err(Error::new(
            ErrorKind::OutcomeUnknown,
            format!("{key}: Linear answers neither with the comment nor with an error"),
        )
        .with_hint("Look at the issue before you write it again.")),
    }
}
