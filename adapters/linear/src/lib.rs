#![doc = include_str!("../README.md")]
#![cfg_attr(test, allow(clippy::unwrap_used, reason = "a test fails by panicking"))]

mod api;
#[cfg(test)]
mod detect;
mod documents;
mod error;
#[cfg(test)]
mod ignored;
mod key;
mod mapping;
mod operations;
mod request;

use serde::Deserialize;
use usher_adapter_sdk::{
    host::FileSink,
    message::{
        Change, Created, Draft, Found, Identity, MarkerKind, NoteDraft, NotePage, Options, OptionsScope, Updated,
    },
    model::{Attachment, Note},
    prelude::*,
};

use crate::key::Key;

/// The options of a connection.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Config {
    /// The workspace, as it stands in links.
    pub workspace: Option<String>,
    /// Whether lists and searches hold archived issues as well.
    pub archived: bool,
}

/// One account in a workspace of Linear's.
pub struct Linear {
    host: Host,
    config: Config,
}

impl TicketSystemAdapter for Linear {
    type Config = Config;

    fn new(config: Config, host: Host) -> Result<Self> {
        Ok(Self { host, config })
    }

    fn normalize(&self, key: Option<&TicketKey>, raw: &Raw, _source: &Source) -> Result<Ticket> {
        operations::normalize(key.map(Key::parse).transpose()?, raw)
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

    async fn find_by_marker(&self, kind: &MarkerKind, marker: &str, key: Option<&TicketKey>) -> Result<Vec<Found>> {
        operations::find_by_marker(self, kind, marker, key.map(Key::parse).transpose()?).await
    }

    async fn check(&self) -> Result<Identity> {
        operations::check(self).await
    }
}

usher_adapter_sdk::adapter!(Linear);
