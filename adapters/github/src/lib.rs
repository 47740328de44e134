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
mod paging;
mod request;

use std::sync::OnceLock;

use serde::Deserialize;
use usher_adapter_sdk::{
    message::{
        Change, Created, Draft, Found, Identity, MarkerKind, NoteDraft, NotePage, Options, OptionsScope, Updated,
    },
    model::{Attachment, Note},
    prelude::*,
};

use crate::key::Key;

/// GitHub has no options of its own: base URL, token and repositories are the connection's.
#[derive(Debug, Deserialize)]
pub struct Config {}

/// One account on github.com or on an Enterprise Server.
pub struct GitHub {
    host: Host,
    /// Whose token it is, once that was asked.
    login: OnceLock<String>,
}

impl TicketSystemAdapter for GitHub {
    type Config = Config;

    fn new(_: Config, host: Host) -> Result<Self> {
        Ok(Self { host, login: OnceLock::new() })
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

    async fn find_by_marker(&self, kind: &MarkerKind, marker: &str, key: Option<&TicketKey>) -> Result<Vec<Found>> {
        operations::find_by_marker(self, kind, marker, key.map(Key::parse).transpose()?).await
    }

    async fn check(&self) -> Result<Identity> {
        operations::check(self).await
    }
}

usher_adapter_sdk::adapter!(GitHub);
