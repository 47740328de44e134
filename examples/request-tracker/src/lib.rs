#![doc = include_str!("../README.md")]
#![cfg_attr(test, allow(clippy::unwrap_used, reason = "a test fails by panicking"))]

mod api;
#[cfg(test)]
mod detect;
mod error;
#[cfg(test)]
mod ignored;
mod key;
mod mapping;
mod operations;
mod request;
mod text;
mod ticket_sql;

use serde::Deserialize;
use usher_adapter_sdk::{
    host::{FileSink, FileSource},
    message::{Change, Created, Draft, Identity, NewAttachment, NoteDraft, NotePage, Options, OptionsScope, Updated},
    model::{Attachment, Note},
    prelude::*,
};

use crate::key::Key;

/// The site's name is for the manifest's links alone: the adapter itself has no options.
#[derive(Debug, Deserialize)]
pub struct Config {}

/// One account at one Request Tracker.
pub struct RequestTracker {
    host: Host,
}

impl TicketSystemAdapter for RequestTracker {
    type Config = Config;

    fn new(_: Config, host: Host) -> Result<Self> {
        Ok(Self { host })
    }

    fn normalize(&self, key: Option<&TicketKey>, raw: &Raw, _source: &Source) -> Result<Ticket> {
        mapping::ticket(raw, key.map(TicketKey::as_str))
    }

    async fn get(&self, key: &TicketKey, include: &Include) -> Result<Raw> {
        operations::get(self, Key::parse(key)?, include).await
    }

    async fn fetch(&self, criteria: &Criteria, include: &Include, cursor: Option<&Cursor>) -> Result<Page> {
        operations::fetch(self, criteria, include, cursor).await
    }

    async fn search(&self, query: &Query, include: &Include, cursor: Option<&Cursor>) -> Result<Page> {
        operations::search(self, query, include, cursor).await
    }

    async fn create(&self, draft: &Draft) -> Result<Created> {
        operations::create(self, draft).await
    }

    async fn update(&self, key: &TicketKey, change: &Change) -> Result<Updated> {
        operations::update(self, Key::parse(key)?, change).await
    }

    async fn add_note(&self, key: &TicketKey, note: &NoteDraft) -> Result<Note> {
        operations::add_note(self, Key::parse(key)?, note).await
    }

    async fn notes(&self, key: &TicketKey, cursor: Option<&Cursor>) -> Result<NotePage> {
        operations::notes(self, Key::parse(key)?, cursor).await
    }

    async fn options(&self, scope: &OptionsScope) -> Result<Options> {
        operations::options(self, scope).await
    }

    async fn attachments(&self, key: &TicketKey) -> Result<Vec<Attachment>> {
        operations::attachments(self, Key::parse(key)?).await
    }

    async fn download(&self, key: &TicketKey, attachment_id: &str, sink: &FileSink) -> Result<Attachment> {
        operations::download(self, Key::parse(key)?, attachment_id, sink).await
    }

    async fn attach(&self, key: &TicketKey, file: &NewAttachment, source: &FileSource) -> Result<Attachment> {
        operations::attach(self, Key::parse(key)?, file, source).await
    }

    async fn check(&self) -> Result<Identity> {
        operations::check(self).await
    }
}

usher_adapter_sdk::adapter!(RequestTracker);
