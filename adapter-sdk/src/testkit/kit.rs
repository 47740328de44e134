//! Every operation of an adapter as an ordinary function.

use std::{
    borrow::Cow,
    sync::atomic::{AtomicU64, Ordering},
};

use usher_adapter_abi::{
    AdapterObject, STATUS_OK,
    abi_stable::std_types::{RStr, RVec},
};

use super::{TestHost, executor::block_on};
use crate::{
    Result, TicketSystemAdapter, boundary, decode,
    host::Body,
    message::{
        Change, Created, Criteria, Cursor, Draft, Found, Identity, Include, MarkerKind, NewAttachment, NoteDraft,
        NotePage, Options, OptionsScope, Page, Query, Raw, Source, Updated,
    },
    model::{Attachment, Json, Note, Ticket, TicketKey},
    wire::{self, CallHeader, CheckArgs, CreateConfig, DocumentList, Operation},
};

/// An adapter under test.
pub struct Kit {
    adapter: AdapterObject,
    host: TestHost,
    calls: AtomicU64,
}

impl Kit {
    /// Makes an adapter with options given as JSON. The manifest's checks and defaults are not applied.
    pub fn new<A: TicketSystemAdapter>(options: &str, host: &TestHost) -> Result<Self> {
        let config = CreateConfig {
            wire_version: wire::WIRE_VERSION,
            host_version: "test".to_owned(),
            connection: host.connection.clone(),
            options: Json::parse(options)?,
        };
        let config = wire::to_json(&config);
        let adapter = boundary::catch("create", || boundary::create::<A>(&config, host.object()))??;
        Ok(Self { adapter, host: host.clone(), calls: AtomicU64::new(1) })
    }

    /// Does an operation and returns the header and the body of its answer.
    pub fn call<O: Operation>(&self, args: O::Args<'_>, body: Vec<u8>) -> Result<(O::Head, Body)> {
        let call = self.calls.fetch_add(1, Ordering::Relaxed);
        let header = wire::to_json(&CallHeader { call, deadline_ms: None, args });
        let future = self.adapter.invoke(RStr::from_str(O::NAME), RVec::from(header), RVec::from(body));
        let reply = block_on(future);
        if reply.status != STATUS_OK {
            return Err(boundary::error_of(reply.status, &reply.header));
        }
        Ok((decode::json(&reply.header)?, reply.body.into_vec().into()))
    }

    /// Asks for one ticket and normalises it.
    pub fn get(&self, key: impl Into<TicketKey>, include: Include) -> Result<Ticket> {
        let key = key.into();
        let (_, line) = self.call::<wire::Get>(wire::GetArgs { key: Cow::Borrowed(&key), include }, Vec::new())?;
        line.decode()
    }

    /// Normalises a raw answer, for the key that was asked if one was, with everything that is in it.
    pub fn normalize(&self, key: Option<&TicketKey>, raw: &Raw, source: Source) -> Result<Ticket> {
        let (documents, bytes) = DocumentList::join(raw);
        let args = wire::NormalizeArgs {
            key: key.map(Cow::Borrowed),
            source,
            include: Include::EVERYTHING,
            documents: Cow::Owned(documents),
        };
        let (_, line) = self.call::<wire::Normalize>(args, bytes)?;
        line.decode()
    }

    /// Lists one page of tickets.
    pub fn fetch(&self, criteria: &Criteria, include: Include, cursor: Option<&Cursor>) -> Result<Page> {
        let args = wire::FetchArgs { criteria: Cow::Borrowed(criteria), include, cursor: cursor.map(Cow::Borrowed) };
        let (head, lines) = self.call::<wire::Fetch>(args, Vec::new())?;
        Ok(Page { lines: lines.into_vec(), head })
    }

    /// Searches one page of tickets.
    pub fn search(&self, query: &Query, include: Include, cursor: Option<&Cursor>) -> Result<Page> {
        let args = wire::SearchArgs { query: Cow::Borrowed(query), include, cursor: cursor.map(Cow::Borrowed) };
        let (head, lines) = self.call::<wire::Search>(args, Vec::new())?;
        Ok(Page { lines: lines.into_vec(), head })
    }

    /// Makes a ticket.
    pub fn create(&self, draft: &Draft) -> Result<Created> {
        self.head::<wire::Create>(wire::CreateArgs { draft: Cow::Borrowed(draft) })
    }

    /// Changes a ticket.
    pub fn update(&self, key: impl Into<TicketKey>, change: &Change) -> Result<Updated> {
        let key = Cow::Owned(key.into());
        self.head::<wire::Update>(wire::UpdateArgs { key, change: Cow::Borrowed(change) })
    }

    /// Adds a note.
    pub fn add_note(&self, key: impl Into<TicketKey>, note: &NoteDraft) -> Result<Note> {
        let key = Cow::Owned(key.into());
        self.head::<wire::AddNote>(wire::AddNoteArgs { key, note: Cow::Borrowed(note) })
    }

    /// Lists one page of notes.
    pub fn notes(&self, key: impl Into<TicketKey>, cursor: Option<&Cursor>) -> Result<NotePage> {
        let key = Cow::Owned(key.into());
        self.head::<wire::Notes>(wire::NotesArgs { key, cursor: cursor.map(Cow::Borrowed) })
    }

    /// Says what can be chosen.
    pub fn options(&self, scope: &OptionsScope) -> Result<Options> {
        self.head::<wire::GetOptions>(wire::OptionsArgs { scope: Cow::Borrowed(scope) })
    }

    /// Lists the attachments of a ticket.
    pub fn attachments(&self, key: impl Into<TicketKey>) -> Result<Vec<Attachment>> {
        self.head::<wire::Attachments>(wire::AttachmentsArgs { key: Cow::Owned(key.into()) })
    }

    /// Downloads an attachment and returns what is known of it, and its bytes.
    pub fn download(&self, key: impl Into<TicketKey>, attachment_id: &str) -> Result<(Attachment, Vec<u8>)> {
        let sink = self.host.new_sink();
        let key = Cow::Owned(key.into());
        let args = wire::DownloadArgs { key, attachment_id: Cow::Borrowed(attachment_id), sink };
        let attachment = self.head::<wire::Download>(args)?;
        Ok((attachment, self.host.sink(sink)))
    }

    /// Attaches a file.
    pub fn attach(&self, key: impl Into<TicketKey>, file: &NewAttachment, bytes: &[u8]) -> Result<Attachment> {
        let source = self.host.put_source(bytes);
        let key = Cow::Owned(key.into());
        self.head::<wire::Attach>(wire::AttachArgs { key, file: Cow::Borrowed(file), source })
    }

    /// Finds what carries a marker.
    pub fn find_by_marker(&self, kind: MarkerKind, marker: &str, key: Option<&TicketKey>) -> Result<Vec<Found>> {
        let args = wire::FindByMarkerArgs { kind, marker: Cow::Borrowed(marker), key: key.map(Cow::Borrowed) };
        self.head::<wire::FindByMarker>(args)
    }

    /// Asks who we are.
    pub fn check(&self) -> Result<Identity> {
        self.head::<wire::Check>(CheckArgs {})
    }

    fn head<O: Operation>(&self, args: O::Args<'_>) -> Result<O::Head> {
        self.call::<O>(args, Vec::new()).map(|(head, _)| head)
    }
}
