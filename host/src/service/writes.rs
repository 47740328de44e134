//! Writes: refused where a connection is read-only, and never repeated.

use std::{borrow::Cow, io::Read, sync::Arc};

use usher_adapter_manifest::Operation as ManifestOperation;
use usher_adapter_sdk::{
    Error, ErrorKind, Result,
    message::{Change, Created, Draft, FieldName, NewAttachment, NoteDraft, Refused, Updated},
    model::{Attachment, Note, Visibility},
    wire,
};

use super::{Failure, Outcome, Service, session::Session};
use crate::route::Resolved;

/// The answer to a write, and the connection that gave it.
#[derive(Debug, Clone)]
pub struct Written<T> {
    /// The answer.
    pub answer: T,
    /// The connection.
    pub connection: String,
}

impl Service {
    /// Makes a ticket.
    pub async fn create(&self, connection: &str, mut draft: Draft) -> Outcome<Written<Created>> {
        let created = self.at(connection, async |session: Arc<Session>| {
            session.supports(ManifestOperation::Create)?;
            if draft.title.trim().is_empty() {
                return Err(Error::validation("a ticket needs a title").with_field("title", "is empty"));
            }
            draft.project = draft.project.take().or_else(|| session.target.default_project.clone());
            let args = wire::CreateArgs { draft: Cow::Borrowed(&draft) };
            let created = session.call::<wire::Create>(args, self.deadline(&session.target)).await?.head;
            accounted("create", &draft.asked(), &created.applied, [&created.refused, &created.unknown])
                .map_err(|error| error.context(format_args!("`{}` was created", created.key)))?;
            Ok(created)
        });
        written(created.await, "create", connection)
    }

    /// Changes a ticket.
    pub async fn update(&self, ticket: &Resolved, change: &Change) -> Outcome<Written<Updated>> {
        let connection = ticket.require_connection()?;
        let updated = self.at(connection, async |session: Arc<Session>| {
            session.supports(ManifestOperation::Update)?;
            let asked = change.asked();
            if asked.is_empty() {
                return Err(Error::validation("nothing is to be changed")
                    .with_hint("Say what to change, as in `--status done` or `--add-label urgent`."));
            }
            let args = wire::UpdateArgs { key: Cow::Borrowed(&ticket.key), change: Cow::Borrowed(change) };
            let updated = session.call::<wire::Update>(args, self.deadline(&session.target)).await?.head;
            accounted("update", &asked, &updated.applied, [&updated.refused, &updated.unknown])?;
            Ok(updated)
        });
        written(updated.await, "update", connection)
    }

    /// Adds a note; without a visibility it is internal where the platform has that, else public.
    pub async fn add_note(
        &self,
        ticket: &Resolved,
        mut note: NoteDraft,
        visibility: Option<Visibility>,
    ) -> Outcome<Written<Note>> {
        let connection = ticket.require_connection()?;
        let added = self.at(connection, async |session: Arc<Session>| {
            session.supports(ManifestOperation::AddNote)?;
            if note.body.markdown.trim().is_empty() {
                return Err(Error::validation("a note needs a text").with_field("body", "is empty"));
            }
            note.visibility = note_visibility(&session, visibility)?;
            let args = wire::AddNoteArgs { key: Cow::Borrowed(&ticket.key), note: Cow::Borrowed(&note) };
            let added = session.call::<wire::AddNote>(args, self.deadline(&session.target)).await?.head;
            // An internal note that became public cannot be taken back; it can be said.
            if note.visibility == Visibility::Internal && added.visibility == Visibility::Public {
                return Err(Error::new(
                    ErrorKind::OutcomeUnknown,
                    format!("the note `{}` on `{}` was to be internal and is public", added.id, ticket.key),
                )
                .with_hint("Remove it on the platform, and report this to whoever maintains the adapter."));
            }
            Ok(added)
        });
        written(added.await, "add_note", connection)
    }

    /// Attaches a file.
    pub async fn attach(
        &self,
        ticket: &Resolved,
        file: &NewAttachment,
        source: impl Read + Send + 'static,
    ) -> Outcome<Written<Attachment>> {
        let connection = ticket.require_connection()?;
        let handle = self.files().open_source(source);
        let attached = self.at(connection, async |session: Arc<Session>| {
            session.supports(ManifestOperation::Attach)?;
            let (key, file) = (Cow::Borrowed(&ticket.key), Cow::Borrowed(file));
            let args = wire::AttachArgs { key, file, source: handle };
            Ok(session.call::<wire::Attach>(args, self.deadline(&session.target)).await?.head)
        });
        let attached = attached.await;
        self.files().close(handle);
        written(attached, "attach", connection)
    }
}

fn written<T>(outcome: Outcome<T>, operation: &'static str, connection: &str) -> Outcome<Written<T>> {
    match outcome {
        Ok(answer) => Ok(Written { answer, connection: connection.to_owned() }),
        Err(failure) => Err(Failure { operation: Some(operation), ..failure }),
    }
}

fn note_visibility(session: &Session, asked: Option<Visibility>) -> Result<Visibility> {
    let kinds = session.target.adapter.manifest.notes;
    let name = &session.target.name;
    let without = |which: &str, hint: &str| {
        Err(Error::validation(format!("connection `{name}` has no {which} notes")).with_hint(hint))
    };
    match asked {
        Some(Visibility::Internal) if !kinds.internal => {
            without("internal", "With `--public` everybody who sees the ticket can read the note.")
        }
        Some(Visibility::Public) if !kinds.public => without("public", "Leave `--public` out."),
        Some(visibility) => Ok(visibility),
        None if kinds.internal => Ok(Visibility::Internal),
        None => Ok(Visibility::Public),
    }
}

/// Every field that was asked for must have been applied, refused or reported as unknown; one that is none of
/// these may be lost.
fn accounted(operation: &str, asked: &[FieldName], applied: &[FieldName], reported: [&Vec<Refused>; 2]) -> Result<()> {
    let is_lost = |field: &&FieldName| {
        let mut reported = reported.into_iter().flatten();
        !applied.contains(field) && !reported.any(|reported| reported.field == **field)
    };
    let lost: Vec<&str> = asked.iter().filter(is_lost).map(FieldName::as_str).collect();
    if lost.is_empty() {
        return Ok(());
    }
    Err(Error::new(
        ErrorKind::OutcomeUnknown,
        format!("the adapter does not say what became of {} in `{operation}`", lost.join(", ")),
    )
    .with_hint("Look at the ticket before you repeat this, and report it to whoever maintains the adapter."))
}
