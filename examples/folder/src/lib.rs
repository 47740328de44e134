#![doc = include_str!("../README.md")]
#![cfg_attr(test, allow(clippy::unwrap_used, reason = "a test fails by panicking"))]

#[cfg(test)]
mod detect;
mod error;
mod file;
mod filter;
mod front_matter;
mod key;
mod mapping;
mod operations;
mod store;
mod words;
mod writing;

use std::path::PathBuf;

use serde::Deserialize;
use usher_adapter_sdk::{
    host::{FileSink, FileSource},
    message::{
        Change, Created, Draft, Found, Identity, MarkerKind, NewAttachment, NoteDraft, NotePage, Options, OptionsScope,
        Updated,
    },
    model::{Attachment, Note},
    prelude::*,
};

use crate::{key::Key, operations::Listings, store::Store};

/// The greatest page that may be configured.
const LARGEST_PAGE: u32 = 500;

/// What `[connections.NAME.options]` holds; `adapter.toml` says what each is for.
#[derive(Debug, Deserialize)]
pub struct Config {
    path: PathBuf,
    me: Option<String>,
    #[serde(default = "default_page_size")]
    page_size: u32,
}

fn default_page_size() -> u32 {
    100
}

/// A folder of tickets.
pub struct Folder {
    store: Store,
    host: Host,
    me: Option<String>,
    page_size: usize,
    listings: Listings,
}

impl TicketSystemAdapter for Folder {
    type Config = Config;

    fn new(Config { path, me, page_size }: Config, host: Host) -> Result<Self> {
        if !(1..=LARGEST_PAGE).contains(&page_size) {
            let message = format!("`page_size` is {page_size}, which is not from 1 to {LARGEST_PAGE}");
            return Err(Error::new(ErrorKind::Configuration, message));
        }
        let store = Store::new(path, &host.connection().name);
        let me = me.filter(|me| !me.trim().is_empty());
        Ok(Self { store, host, me, page_size: page_size as usize, listings: Listings::default() })
    }

    fn normalize(&self, key: Option<&TicketKey>, raw: &Raw, _source: &Source) -> Result<Ticket> {
        let attachments = raw.decode(operations::ATTACHMENTS)?;
        mapping::whole_ticket(key.map(Key::asked).transpose()?, raw.main_text()?, attachments)
    }

    async fn get(&self, key: &TicketKey, include: &Include) -> Result<Raw> {
        operations::get(self, Key::asked(key)?, include)
    }

    async fn fetch(&self, criteria: &Criteria, include: &Include, cursor: Option<&Cursor>) -> Result<Page> {
        operations::fetch(self, criteria, include, cursor).await
    }

    async fn search(&self, query: &Query, include: &Include, cursor: Option<&Cursor>) -> Result<Page> {
        operations::search(self, query, include, cursor).await
    }

    async fn create(&self, draft: &Draft) -> Result<Created> {
        operations::create(self, draft)
    }

    async fn update(&self, key: &TicketKey, change: &Change) -> Result<Updated> {
        operations::update(self, Key::asked(key)?, change)
    }

    async fn add_note(&self, key: &TicketKey, note: &NoteDraft) -> Result<Note> {
        operations::add_note(self, Key::asked(key)?, note)
    }

    async fn notes(&self, key: &TicketKey, cursor: Option<&Cursor>) -> Result<NotePage> {
        operations::notes(self, Key::asked(key)?, cursor)
    }

    async fn options(&self, scope: &OptionsScope) -> Result<Options> {
        operations::options(self, scope).await
    }

    async fn attachments(&self, key: &TicketKey) -> Result<Vec<Attachment>> {
        operations::attachments(self, Key::asked(key)?)
    }

    async fn download(&self, key: &TicketKey, attachment_id: &str, sink: &FileSink) -> Result<Attachment> {
        operations::download(self, Key::asked(key)?, attachment_id, sink).await
    }

    async fn attach(&self, key: &TicketKey, file: &NewAttachment, source: &FileSource) -> Result<Attachment> {
        operations::attach(self, Key::asked(key)?, file, source).await
    }

    async fn find_by_marker(&self, kind: &MarkerKind, marker: &str, key: Option<&TicketKey>) -> Result<Vec<Found>> {
        operations::find_by_marker(self, kind, marker, key.map(Key::asked).transpose()?).await
    }

    async fn check(&self) -> Result<Identity> {
        operations::check(self)
    }
}

usher_adapter_sdk::adapter!(Folder);
