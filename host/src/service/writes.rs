//! Writes: refused where a connection is read-only, never repeated, and rehearsed where that is asked.

use std::{borrow::Cow, io::Read, sync::Arc};

use usher_adapter_manifest::{Access, Grants, Network, Operation as ManifestOperation};
use usher_adapter_sdk::{
    Error, ErrorKind, Result,
    message::{Change, Created, Draft, FieldName, NewAttachment, NoteDraft, Refused, Updated},
    model::{Attachment, Note, Visibility},
    wire,
};

use super::{Failure, Outcome, Service, session::Session};
use crate::{http::HeldBack, route::Resolved};

/// The answer to a write, and the connection that gave it.
#[derive(Debug, Clone)]
pub struct Written<T> {
    /// The answer.
    pub answer: T,
    /// The connection.
    pub connection: String,
}

/// Whether a write is meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WriteMode {
    /// It is done.
    Real,
    /// Reads go out, the first request that writes is held back.
    DryRun,
}

/// What became of a write.
#[derive(Debug, Clone)]
pub enum Attempt<T> {
    /// It was done.
    Done(T),
    /// It was a dry run, and this is the first request that would have written.
    HeldBack(HeldBack),
    /// It was a dry run, and ended with this answer without asking for a write.
    NothingToWrite(T),
}

impl<T> Attempt<T> {
    /// Checks the answer, if there is one.
    fn checked(self, check: impl FnOnce(&T) -> Result<()>) -> Result<Self> {
        match &self {
            Self::Done(answer) | Self::NothingToWrite(answer) => check(answer)?,
            Self::HeldBack(_) => {}
        }
        Ok(self)
    }

    fn map<U>(self, of: impl FnOnce(T) -> U) -> Attempt<U> {
        match self {
            Self::Done(answer) => Attempt::Done(of(answer)),
            Self::HeldBack(held) => Attempt::HeldBack(held),
            Self::NothingToWrite(answer) => Attempt::NothingToWrite(of(answer)),
        }
    }
}

impl Service {
    /// Makes a ticket.
    pub async fn create(
        &self,
        connection: &str,
        mut draft: Draft,
        mode: WriteMode,
    ) -> Outcome<Attempt<Written<Created>>> {
        self.can_rehearse(connection, "create", mode)?;
        let created = self.at(connection, async |session: Arc<Session>| {
            session.supports(ManifestOperation::Create)?;
            if draft.title.trim().is_empty() {
                return Err(Error::validation("a ticket needs a title").with_field("title", "is empty"));
            }
            draft.project = draft.project.take().or_else(|| session.target.default_project.clone());
            let args = wire::CreateArgs { draft: Cow::Borrowed(&draft) };
            let created = session.write::<wire::Create>(args, self.deadline(&session.target), mode).await?;
            created.checked(|created| {
                accounted("create", &draft.asked(), &created.applied, [&created.refused, &created.unknown])
                    .map_err(|error| error.context(format_args!("`{}` was created", created.key)))
            })
        });
        written(created.await, "create", connection)
    }

    /// Changes a ticket.
    pub async fn update(
        &self,
        ticket: &Resolved,
        change: &Change,
        mode: WriteMode,
    ) -> Outcome<Attempt<Written<Updated>>> {
        let connection = ticket.require_connection()?;
        self.can_rehearse(connection, "update", mode)?;
        let updated = self.at(connection, async |session: Arc<Session>| {
            session.supports(ManifestOperation::Update)?;
            let asked = change.asked();
            if asked.is_empty() {
                return Err(Error::validation("nothing is to be changed")
                    .with_hint("Say what to change, as in `--status done` or `--add-label urgent`."));
            }
            let args = wire::UpdateArgs { key: Cow::Borrowed(&ticket.key), change: Cow::Borrowed(change) };
            let updated = session.write::<wire::Update>(args, self.deadline(&session.target), mode).await?;
            updated
                .checked(|updated| accounted("update", &asked, &updated.applied, [&updated.refused, &updated.unknown]))
        });
        written(updated.await, "update", connection)
    }

    /// Adds a note; without a visibility it is internal where the platform has that, else public.
    pub async fn add_note(
        &self,
        ticket: &Resolved,
        mut note: NoteDraft,
        visibility: Option<Visibility>,
        mode: WriteMode,
    ) -> Outcome<Attempt<Written<Note>>> {
        let connection = ticket.require_connection()?;
        self.can_rehearse(connection, "add_note", mode)?;
        let added = self.at(connection, async |session: Arc<Session>| {
            session.supports(ManifestOperation::AddNote)?;
            if note.body.markdown.trim().is_empty() {
                return Err(Error::validation("a note needs a text").with_field("body", "is empty"));
            }
            note.visibility = note_visibility(&session, visibility)?;
            let args = wire::AddNoteArgs { key: Cow::Borrowed(&ticket.key), note: Cow::Borrowed(&note) };
            let added = session.write::<wire::AddNote>(args, self.deadline(&session.target), mode).await?;
            added.checked(|added| as_hidden_as_asked(&note, added, ticket))
        });
        written(added.await, "add_note", connection)
    }

    /// Attaches a file.
    pub async fn attach(
        &self,
        ticket: &Resolved,
        file: &NewAttachment,
        source: impl Read + Send + 'static,
        mode: WriteMode,
    ) -> Outcome<Attempt<Written<Attachment>>> {
        let connection = ticket.require_connection()?;
        self.can_rehearse(connection, "attach", mode)?;
        let handle = self.files().open_source(source);
        let attached = self.at(connection, async |session: Arc<Session>| {
            session.supports(ManifestOperation::Attach)?;
            let (key, file) = (Cow::Borrowed(&ticket.key), Cow::Borrowed(file));
            let args = wire::AttachArgs { key, file, source: handle };
            session.write::<wire::Attach>(args, self.deadline(&session.target), mode).await
        });
        let attached = attached.await;
        self.files().close(handle);
        written(attached, "attach", connection)
    }

    /// Refuses to rehearse with an adapter whose writes do not pass the host, before it is opened.
    fn can_rehearse(&self, connection: &str, operation: &'static str, mode: WriteMode) -> Outcome<()> {
        let manifest = &self.connections().require(connection)?.adapter.manifest;
        if mode == WriteMode::Real || writes_through_the_host(&manifest.grants) {
            return Ok(());
        }
        let id = &manifest.id;
        let error = Error::unsupported(format_args!("a dry run with the adapter `{id}`, which writes past the host,"))
            .with_hint("Nothing was done. Only requests over the host's HTTP can be held back: try it on a copy.");
        Err(Failure { error, operation: Some(operation), connection: Some(connection.to_owned()) })
    }
}

/// Says whether everything that an adapter writes is a request of the host's, by what it asks for; what was granted
/// of that does not matter.
fn writes_through_the_host(grants: &Grants) -> bool {
    let writes_files = grants.filesystem.iter().any(|folder| folder.access != Access::Read);
    // One that asks for no host keeps its tickets in some other way.
    !grants.hosts.is_empty() && !writes_files && grants.network == Network::None
}

fn written<T>(outcome: Outcome<Attempt<T>>, operation: &'static str, connection: &str) -> Outcome<Attempt<Written<T>>> {
    match outcome {
        Ok(attempt) => Ok(attempt.map(|answer| Written { answer, connection: connection.to_owned() })),
        Err(failure) => Err(Failure { operation: Some(operation), ..failure }),
    }
}

/// An internal note that became public cannot be taken back; it can be said.
fn as_hidden_as_asked(asked: &NoteDraft, added: &Note, ticket: &Resolved) -> Result<()> {
    if asked.visibility != Visibility::Internal || added.visibility != Visibility::Public {
        return Ok(());
    }
    let message = format!("the note `{}` on `{}` was to be internal and is public", added.id, ticket.key);
    Err(Error::new(ErrorKind::OutcomeUnknown, message)
        .with_hint("Remove it on the platform, and report this to whoever maintains the adapter."))
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
