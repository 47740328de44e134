//! Notes: a comment only the people who work on tickets read, a correspondence goes to the requestors as well.

use serde::{Deserialize, Serialize};
use usher_adapter_sdk::{
    Error, ErrorKind, Result,
    decode::Text,
    host::{Method, Response},
    message::{Cursor, Include, NoteDraft, NotePage, Raw},
    model::{Note, Visibility},
};

use super::read;
use crate::{
    RequestTracker, api,
    key::Key,
    mapping::{self, Messages},
    text,
};

/// Returns every note of a ticket, oldest first.
pub(crate) async fn notes(tracker: &RequestTracker, key: Key, cursor: Option<&Cursor>) -> Result<NotePage> {
    if let Some(cursor) = cursor {
        return Err(Error::validation(format!("`{}` is no place in the notes", cursor.as_str())));
    }
    let mut include = Include::SUMMARY;
    include.notes = true;
    let said = read::messages(tracker, key, &include).await?;
    let raw = said.into_iter().fold(Raw::default(), |raw, (name, bytes)| raw.with(name, bytes));
    Ok(NotePage::new(Messages::of(&raw)?.into_notes()))
}

/// Adds a note; who may not write one of that kind is told so before anything is sent.
pub(crate) async fn add_note(tracker: &RequestTracker, key: Key, note: &NoteDraft) -> Result<Note> {
    if note.in_reply_to.is_some() {
        return Err(Error::validation(format!("{key}: notes of Request Tracker's answer the ticket, not one another"))
            .with_field("in_reply_to", "cannot be kept")
            .with_hint("Quote what you answer, as in `> …`."));
    }
    if note.body.markdown.is_empty() {
        return Err(Error::validation("a note needs a text"));
    }
    let way = Way::of(&note.visibility)?;
    way.check(tracker, key).await?;
    let request = tracker.request(Method::Post, ["ticket", &key.to_string(), way.path()])?;
    let message = NewMessage { content: &note.body.markdown, content_type: "text/plain" };
    let response = tracker.send(request.json(&message)?, &key).await?;
    let sent = way.sent(tracker, key, &response).await?;
    let id = sent.id.clone();
    let transaction: api::Transaction<'_> = sent.answer.decode()?;
    Ok(Note::new(id, note.body.clone())
        .with_visibility(way.visibility())
        .with_author(transaction.creator.as_ref().and_then(mapping::person))
        .with_created_at(transaction.created.as_deref().and_then(mapping::time))
        .with_altered(Vec::from_iter(text::altered(&note.body))))
}

/// The body of the request.
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct NewMessage<'a> {
    content: &'a str,
    content_type: &'a str,
}

/// The two ways to say something on a ticket.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Way {
    Comment,
    Correspond,
}

/// A message that was taken, as it was read back.
pub(super) struct Sent {
    pub id: String,
    pub answer: Response,
}

impl Way {
    /// Returns the way that keeps a visibility.
    pub(super) fn of(visibility: &Visibility) -> Result<Self> {
        match visibility {
            Visibility::Internal => Ok(Self::Comment),
            Visibility::Public => Ok(Self::Correspond),
            other => Err(Error::validation(format!("Request Tracker has no notes that are {other}"))
                .with_field("visibility", "is `internal` or `public`")),
        }
    }

    /// Returns the last part of the address, which is also how Request Tracker calls the right to do it.
    pub(super) fn path(self) -> &'static str {
        match self {
            Self::Comment => "comment",
            Self::Correspond => "correspond",
        }
    }

    fn transaction(self) -> &'static str {
        match self {
            Self::Comment => "Comment",
            Self::Correspond => "Correspond",
        }
    }

    fn visibility(self) -> Visibility {
        match self {
            Self::Comment => Visibility::Internal,
            Self::Correspond => Visibility::Public,
        }
    }

    /// Asks whether the account may do it: a ticket names what can be done with it.
    pub(super) async fn check(self, tracker: &RequestTracker, key: Key) -> Result<()> {
        let ticket = read::ticket(tracker, key).await?;
        if ticket.decode::<api::Ticket<'_>>()?.allows(self.path()) {
            return Ok(());
        }
        let right = if self == Self::Comment { "CommentOnTicket" } else { "ReplyToTicket" };
        Err(Error::new(ErrorKind::Permission, format!("{key}: the account may not write {} notes", self.visibility()))
            .with_hint(format!("It lacks the right `{right}` in the queue; nothing was sent.")))
    }

    /// Reads back what was sent, and sees that it is what it was meant to be.
    pub(super) async fn sent(self, tracker: &RequestTracker, key: Key, response: &Response) -> Result<Sent> {
        let unsure = |why: &dyn std::fmt::Display| {
            Error::new(ErrorKind::OutcomeUnknown, format!("{key}: the note was sent, and {why}"))
                .with_hint("Look at the ticket before you send it again.")
        };
        let id = response.header("location").and_then(|place| place.rsplit_once('/')).map(|(_, id)| id.to_owned());
        let id = id.ok_or_else(|| unsure(&"Request Tracker does not say where it is"))?;
        let request = tracker.get(["transaction", &id])?;
        let answer = tracker
            .send(request, &key)
            .await
            .map_err(|error| unsure(&format_args!("could not be read again: {error}")))?;
        let kind = answer.decode::<Kind<'_>>()?.kind.to_string();
        if kind != self.transaction() {
            return Err(unsure(&format_args!("became one of the kind `{kind}`")));
        }
        Ok(Sent { id, answer })
    }
}

#[derive(Deserialize)]
struct Kind<'a> {
    #[serde(rename = "Type", borrow)]
    kind: Text<'a>,
}
