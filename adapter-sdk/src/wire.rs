//! The messages as they cross the boundary, for the host and the SDK alike.
//!
//! A call is an operation's name, a [`CallHeader`] as JSON and a body of bytes; an answer is a status, a
//! header as JSON and a body. Bodies carry what is passed through unread: lines of tickets, documents,
//! parts of files. Authors of adapters need nothing from here.

use std::{borrow::Cow, io::Write};

use serde::{Deserialize, Serialize};

use crate::{
    Error, ErrorKind, Result,
    message::{
        Change, Created, Criteria, Cursor, Draft, Found, Identity, Include, MarkerKind, NewAttachment, NoteDraft,
        NotePage, Options, OptionsScope, Query, Source, Updated,
    },
    model::{Attachment, Json, Note, Ticket, TicketKey},
};

pub use crate::message::{DocumentList, PageHead};

/// The version of these messages; a reader ignores fields that it does not know.
pub const WIRE_VERSION: u32 = 1;

/// One operation: its name, what goes in and what the header of its answer is.
pub trait Operation: 'static {
    /// The name, as it crosses the boundary.
    const NAME: &'static str;
    /// Whether it changes something on the platform.
    const WRITES: bool;
    /// What goes in.
    type Args<'a>: Serialize;
    /// The header of the answer.
    type Head: serde::de::DeserializeOwned;
}

/// Declares the operations as types, and their list.
macro_rules! operations {
    ($( $(#[$meta:meta])* $name:ident = $word:literal, $args:ty, $head:ty, $writes:literal; )+) => {
        $(
            $(#[$meta])*
            #[derive(Debug, Clone, Copy)]
            pub struct $name;

            impl Operation for $name {
                const NAME: &'static str = $word;
                const WRITES: bool = $writes;
                type Args<'a> = $args;
                type Head = $head;
            }
        )+

        /// The name of every operation, and whether it changes something on the platform.
        pub const OPERATIONS: &[(&str, bool)] = &[$( ($word, $writes), )+];
    };
}

operations! {
    /// One ticket; the body is its line.
    Get = "get", GetArgs<'a>, TicketHead, false;
    /// A raw answer into a ticket; the body is its line.
    Normalize = "normalize", NormalizeArgs<'a>, TicketHead, false;
    /// Tickets by filter; the body is their lines.
    Fetch = "fetch", FetchArgs<'a>, PageHead, false;
    /// Tickets by text; the body is their lines.
    Search = "search", SearchArgs<'a>, PageHead, false;
    /// A new ticket.
    Create = "create", CreateArgs<'a>, Created, true;
    /// A change.
    Update = "update", UpdateArgs<'a>, Updated, true;
    /// A new note.
    AddNote = "add_note", AddNoteArgs<'a>, Note, true;
    /// The notes of a ticket.
    Notes = "notes", NotesArgs<'a>, NotePage, false;
    /// What can be chosen.
    GetOptions = "options", OptionsArgs<'a>, Options, false;
    /// The attachments of a ticket.
    Attachments = "attachments", AttachmentsArgs<'a>, Vec<Attachment>, false;
    /// The bytes of an attachment, into a sink.
    Download = "download", DownloadArgs<'a>, Attachment, false;
    /// A new attachment, from a source.
    Attach = "attach", AttachArgs<'a>, Attachment, true;
    /// What carries a marker.
    FindByMarker = "find_by_marker", FindByMarkerArgs<'a>, Vec<Found>, false;
    /// Who we are.
    Check = "check", CheckArgs, Identity, false;
}

/// The names of the host's capabilities.
pub mod capability {
    /// An HTTP request.
    pub const HTTP: &str = "http";
    /// Waiting.
    pub const SLEEP: &str = "sleep";
    /// Reading a remembered value.
    pub const KV_GET: &str = "kv.get";
    /// Remembering a value.
    pub const KV_SET: &str = "kv.set";
    /// Forgetting a value.
    pub const KV_REMOVE: &str = "kv.remove";
    /// Writing into a file of the host's.
    pub const SINK_WRITE: &str = "sink.write";
    /// Reading from a file of the host's.
    pub const SOURCE_READ: &str = "source.read";
}

/// What stands in front of every call's arguments.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct CallHeader<T> {
    /// The call's number; what the adapter asks of the host on its behalf carries it too.
    pub call: u64,
    /// When the call must be over, in milliseconds since 1970.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub deadline_ms: Option<i64>,
    /// The arguments.
    pub args: T,
}

/// What an adapter is made from.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct CreateConfig {
    /// The version of these messages as the host speaks them.
    pub wire_version: u32,
    /// The host's version.
    pub host_version: String,
    /// The connection as the adapter may know it.
    pub connection: crate::host::Connection,
    /// The adapter's own options.
    pub options: Json,
}

/// Declares the argument structs.
macro_rules! args {
    ($( $(#[$meta:meta])* $name:ident { $( $field:ident: $type:ty $(= $default:ident)?, )* } )+) => {
        $(
            $(#[$meta])*
            #[derive(Debug, Clone, Serialize, Deserialize)]
            #[allow(missing_docs, reason = "the fields are the arguments of the trait's method of that name")]
            pub struct $name<'a> {
                $( $(#[serde($default)])? pub $field: $type, )*
            }
        )+
    };
}

args! {
    /// Arguments of `get`.
    GetArgs { key: Cow<'a, TicketKey>, include: Include = default, }
    /// Arguments of `normalize`; the documents' bytes are the body.
    NormalizeArgs {
        key: Option<Cow<'a, TicketKey>>, source: Source = default, include: Include = default,
        documents: Cow<'a, DocumentList>,
    }
    /// Arguments of `fetch`.
    FetchArgs { criteria: Cow<'a, Criteria>, include: Include = default, cursor: Option<Cow<'a, Cursor>>, }
    /// Arguments of `search`.
    SearchArgs { query: Cow<'a, Query>, include: Include = default, cursor: Option<Cow<'a, Cursor>>, }
    /// Arguments of `create`.
    CreateArgs { draft: Cow<'a, Draft>, }
    /// Arguments of `update`.
    UpdateArgs { key: Cow<'a, TicketKey>, change: Cow<'a, Change>, }
    /// Arguments of `add_note`.
    AddNoteArgs { key: Cow<'a, TicketKey>, note: Cow<'a, NoteDraft>, }
    /// Arguments of `notes`.
    NotesArgs { key: Cow<'a, TicketKey>, cursor: Option<Cow<'a, Cursor>>, }
    /// Arguments of `options`.
    OptionsArgs { scope: Cow<'a, OptionsScope>, }
    /// Arguments of `attachments`.
    AttachmentsArgs { key: Cow<'a, TicketKey>, }
    /// Arguments of `download`; `sink` is a handle of the host's.
    DownloadArgs { key: Cow<'a, TicketKey>, attachment_id: Cow<'a, str>, sink: u64, }
    /// Arguments of `attach`; `source` is a handle of the host's.
    AttachArgs { key: Cow<'a, TicketKey>, file: Cow<'a, NewAttachment>, source: u64, }
    /// Arguments of `find_by_marker`.
    FindByMarkerArgs { kind: MarkerKind, marker: Cow<'a, str>, key: Option<Cow<'a, TicketKey>>, }
}

/// Arguments of `check`.
#[derive(Debug, Clone, Copy, Default, Serialize, Deserialize)]
pub struct CheckArgs {}

/// Arguments of `sleep`.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
pub struct SleepArgs {
    /// How long, in nanoseconds.
    pub nanos: u64,
}

/// Arguments of `kv.get`, `kv.set` and `kv.remove`; a value is the body.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct KvArgs<'a> {
    /// Which value.
    pub key: Cow<'a, str>,
}

/// Arguments of `sink.write`; the bytes are the body.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
pub struct SinkArgs {
    /// The host's handle.
    pub sink: u64,
}

/// Arguments of `source.read`; the bytes are the answer's body.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
pub struct SourceArgs {
    /// The host's handle.
    pub source: u64,
    /// How many bytes at most.
    pub most: u64,
}

/// The header of an answer whose body is one ticket.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct TicketHead {
    /// The tag under which the platform can be asked again for this answer.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub etag: Option<String>,
}

/// Writes a ticket as one line of JSON, without what is the host's to say.
pub fn write_ticket(out: &mut Vec<u8>, ticket: &Ticket) -> Result<()> {
    let own = ticket.schema_version.is_some()
        || ticket.uid.is_some()
        || ticket.platform.is_some()
        || ticket.connection.is_some()
        || ticket.provenance.is_some();
    let written = if own {
        let mut ticket = ticket.clone();
        (ticket.schema_version, ticket.uid, ticket.platform) = (None, None, None);
        (ticket.connection, ticket.provenance) = (None, None);
        serde_json::to_writer(&mut *out, &ticket)
    } else {
        serde_json::to_writer(&mut *out, ticket)
    };
    written.map_err(|error| Error::new(ErrorKind::Validation, format!("the ticket cannot be written: {error}")))
}

/// Writes a value as JSON; what the SDK and the host write can always be written.
pub fn to_json<T: Serialize + ?Sized>(value: &T) -> Vec<u8> {
    let mut out = Vec::with_capacity(128);
    if let Err(error) = serde_json::to_writer(&mut out, value) {
        out.clear();
        // Unreachable for the messages of this crate; a reader then reports the missing fields.
        let _ = write!(out, "{{\"unwritable\":{:?}}}", error.to_string());
    }
    out
}
