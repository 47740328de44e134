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
mod types;

use std::sync::OnceLock;

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

use crate::{key::Key, request::Site, types::Types};

/// The platform, as people call it.
const PLATFORM: &str = "Azure DevOps";

/// The options of a connection.
#[derive(Debug, Deserialize)]
pub struct Config {
    /// The organisation; on Server the collection.
    organization: String,
    /// The version of the API.
    #[serde(default = "newest_version")]
    api_version: String,
}

fn newest_version() -> String {
    request::VERSIONS[0].number.to_owned()
}

/// One organisation of Azure DevOps Services, or one collection of a Server.
pub struct AzureDevOps {
    host: Host,
    site: Site,
    types: Types,
    /// Whose credentials they are, once that was asked.
    me: OnceLock<api::Me>,
}

impl TicketSystemAdapter for AzureDevOps {
    type Config = Config;

    fn new(config: Config, host: Host) -> Result<Self> {
        let site = Site::new(&config, host.base_url()?)?;
        Ok(Self { host, site, types: Types::default(), me: OnceLock::new() })
    }

    fn normalize(&self, key: Option<&TicketKey>, raw: &Raw, source: &Source) -> Result<Ticket> {
        operations::normalize(self, key.map(|key| self.key(key)).transpose()?, raw, source)
    }

    async fn get(&self, key: &TicketKey, include: &Include) -> Result<Raw> {
        operations::get(self, self.key(key)?, include).await
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
        operations::update(self, self.key(key)?, change).await
    }

    async fn add_note(&self, key: &TicketKey, note: &NoteDraft) -> Result<Note> {
        operations::add_note(self, self.key(key)?, note).await
    }

    async fn notes(&self, key: &TicketKey, cursor: Option<&Cursor>) -> Result<NotePage> {
        operations::notes(self, self.key(key)?, cursor).await
    }

    async fn options(&self, scope: &OptionsScope) -> Result<Options> {
        operations::options(self, scope).await
    }

    async fn attachments(&self, key: &TicketKey) -> Result<Vec<Attachment>> {
        operations::attachments(self, self.key(key)?).await
    }

    async fn download(&self, key: &TicketKey, attachment_id: &str, sink: &FileSink) -> Result<Attachment> {
        operations::download(self, self.key(key)?, attachment_id, sink).await
    }

    async fn attach(&self, key: &TicketKey, file: &NewAttachment, source: &FileSource) -> Result<Attachment> {
        operations::attach(self, self.key(key)?, file, source).await
    }

    async fn find_by_marker(&self, kind: &MarkerKind, marker: &str, key: Option<&TicketKey>) -> Result<Vec<Found>> {
        operations::find_by_marker(self, kind, marker, key.map(|key| self.key(key)).transpose()?).await
    }

    async fn check(&self) -> Result<Identity> {
        operations::check(self).await
    }
}

impl AzureDevOps {
    fn key<'a>(&self, key: &'a TicketKey) -> Result<Key<'a>> {
        Key::parse(self.site.organization(), key)
    }
}

usher_adapter_sdk::adapter!(AzureDevOps);
