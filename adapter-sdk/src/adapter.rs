//! What an adapter is.

use std::future::{Future, ready};

use serde::de::DeserializeOwned;

use crate::{
    Error, Result,
    host::{FileSink, FileSource, Host},
    message::{
        Change, Created, Criteria, Cursor, Draft, Found, Identity, Include, MarkerKind, NewAttachment, NoteDraft,
        NotePage, Options, OptionsScope, Page, Query, Raw, Source, Updated,
    },
    model::{Attachment, Note, Ticket, TicketKey},
};

/// An adapter: the code for one platform.
///
/// Only [`new`](Self::new), [`normalize`](Self::normalize) and [`get`](Self::get) must be written; every
/// other operation answers [`Unsupported`](crate::ErrorKind::Unsupported) until it is. An operation is
/// offered to users only if the manifest's `operations` name it.
///
/// Methods are declared as returning a future; implement them as plain `async fn`s. One adapter is made for
/// one connection and is asked many things at once, so state belongs behind a lock, or in
/// [`Host::kv`] where it shall outlive the process.
///
/// An adapter does no input or output of its own: it asks the [`Host`]. It never sees a secret: an HTTP
/// request names an auth scheme, and the host adds the header.
pub trait TicketSystemAdapter: Send + Sync + Sized + 'static {
    /// The adapter's own options, `[connections.NAME.options]`, after the manifest's checks and defaults.
    ///
    /// Use `()`-like empty structs where there are none; unknown keys have been refused before.
    type Config: DeserializeOwned;

    /// Makes the adapter for one connection.
    fn new(config: Self::Config, host: Host) -> Result<Self>;

    /// Turns the platform's answer into a ticket.
    ///
    /// It is pure: no host calls, no clock. It works with the document `main` alone and leaves unknown what
    /// it then cannot know. `key` is what was asked, if a key was asked at all; the ticket carries the
    /// platform's own. It is also used for answers that came over another route, see [`Source`]. Parts that
    /// were not asked for may be filled: `get` leaves them out again.
    fn normalize(&self, key: Option<&TicketKey>, raw: &Raw, source: &Source) -> Result<Ticket>;

    /// Asks the platform for one ticket.
    fn get(&self, key: &TicketKey, include: &Include) -> impl Future<Output = Result<Raw>> + Send;

    /// Lists tickets by a structured filter.
    ///
    /// How criteria compare is said in [`Criteria`]. Apply what the platform can apply *exactly*, name it in
    /// [`pushed_down`](crate::message::Page::with_pushed_down), and leave the rest to the host.
    fn fetch(
        &self,
        criteria: &Criteria,
        include: &Include,
        cursor: Option<&Cursor>,
    ) -> impl Future<Output = Result<Page>> + Send {
        let _ = (criteria, include, cursor);
        ready(Err(Error::unsupported("listing tickets")))
    }

    /// Searches tickets by text, or in the platform's own language.
    fn search(
        &self,
        query: &Query,
        include: &Include,
        cursor: Option<&Cursor>,
    ) -> impl Future<Output = Result<Page>> + Send {
        let _ = (query, include, cursor);
        ready(Err(Error::unsupported("searching tickets")))
    }

    /// Makes a ticket.
    fn create(&self, draft: &Draft) -> impl Future<Output = Result<Created>> + Send {
        let _ = draft;
        ready(Err(Error::unsupported("creating a ticket")))
    }

    /// Changes a ticket; the change is a delta, never a whole ticket.
    fn update(&self, key: &TicketKey, change: &Change) -> impl Future<Output = Result<Updated>> + Send {
        let _ = (key, change);
        ready(Err(Error::unsupported("changing a ticket")))
    }

    /// Adds a note. Where the platform has no internal notes, an internal one is an error; where it has no exact form for
    /// the text, the note says so ([`with_altered`](Note::with_altered)).
    fn add_note(&self, key: &TicketKey, note: &NoteDraft) -> impl Future<Output = Result<Note>> + Send {
        let _ = (key, note);
        ready(Err(Error::unsupported("adding a note")))
    }

    /// Lists the notes of a ticket, oldest first.
    fn notes(&self, key: &TicketKey, cursor: Option<&Cursor>) -> impl Future<Output = Result<NotePage>> + Send {
        let _ = (key, cursor);
        ready(Err(Error::unsupported("listing notes")))
    }

    /// Says what can be chosen: states, transitions, types, priorities, fields.
    fn options(&self, scope: &OptionsScope) -> impl Future<Output = Result<Options>> + Send {
        let _ = scope;
        ready(Err(Error::unsupported("listing options")))
    }

    /// Lists the attachments of a ticket.
    fn attachments(&self, key: &TicketKey) -> impl Future<Output = Result<Vec<Attachment>>> + Send {
        let _ = key;
        ready(Err(Error::unsupported("listing attachments")))
    }

    /// Writes the bytes of an attachment into the sink.
    fn download(
        &self,
        key: &TicketKey,
        attachment_id: &str,
        sink: &FileSink,
    ) -> impl Future<Output = Result<Attachment>> + Send {
        let _ = (key, attachment_id, sink);
        ready(Err(Error::unsupported("downloading an attachment")))
    }

    /// Attaches a file whose bytes come from the source.
    fn attach(
        &self,
        key: &TicketKey,
        file: &NewAttachment,
        source: &FileSource,
    ) -> impl Future<Output = Result<Attachment>> + Send {
        let _ = (key, file, source);
        ready(Err(Error::unsupported("attaching a file")))
    }

    /// Finds what carries a marker, by direct read and not by a search that lags behind.
    fn find_by_marker(
        &self,
        kind: &MarkerKind,
        marker: &str,
        key: Option<&TicketKey>,
    ) -> impl Future<Output = Result<Vec<Found>>> + Send {
        let _ = (kind, marker, key);
        ready(Err(Error::unsupported("finding by marker")))
    }

    /// Asks who we are, what we may do, and what the other side is.
    fn check(&self) -> impl Future<Output = Result<Identity>> + Send {
        ready(Err(Error::unsupported("checking a connection")))
    }
}
