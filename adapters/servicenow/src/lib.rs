#![doc = include_str!("../README.md")]
#![cfg_attr(test, allow(clippy::unwrap_used, reason = "a test fails by panicking"))]

mod api;
mod config;
#[cfg(test)]
mod detect;
mod error;
#[cfg(test)]
mod ignored;
mod key;
mod mapping;
mod operations;
mod query;
mod request;
mod text;

use std::{collections::BTreeMap, sync::Mutex};

pub use config::Config;
use usher_adapter_sdk::{
    host::{FileSink, FileSource},
    message::{
        Change, Created, Draft, Found, Identity, MarkerKind, NewAttachment, NoteDraft, NotePage, Options, OptionsScope,
        Updated,
    },
    model::{Attachment, Note},
    prelude::*,
};

use crate::key::Key;

/// One account on an instance of ServiceNow's.
pub struct ServiceNow {
    host: Host,
    config: Config,
    /// Whose `sys_id` a name was found to be: a list asks for the same people on every page.
    people: Mutex<BTreeMap<String, Vec<String>>>,
    /// What the states of tables are called, for the same reason.
    states: Mutex<Option<operations::Remembered>>,
}

impl TicketSystemAdapter for ServiceNow {
    type Config = Config;

    fn new(config: Config, host: Host) -> Result<Self> {
        Ok(Self { config: config.checked()?, host, people: Mutex::default(), states: Mutex::default() })
    }

    fn normalize(&self, key: Option<&TicketKey>, raw: &Raw, source: &Source) -> Result<Ticket> {
        operations::normalize(self, key.map(Key::parse).transpose()?, raw, source)
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

    async fn find_by_marker(&self, kind: &MarkerKind, marker: &str, _key: Option<&TicketKey>) -> Result<Vec<Found>> {
        operations::find_by_marker(self, kind, marker).await
    }

    async fn check(&self) -> Result<Identity> {
        operations::check(self).await
    }
}

usher_adapter_sdk::adapter!(ServiceNow);
