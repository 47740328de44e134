#![doc = include_str!("../README.md")]
#![cfg_attr(test, allow(clippy::unwrap_used, reason = "a test fails by panicking"))]

mod api;
#[cfg(test)]
mod detect;
mod error;
#[cfg(test)]
mod ignored;
mod jql;
mod key;
mod mapping;
mod operations;
mod request;
mod site;
mod text;

use std::sync::atomic::{AtomicBool, Ordering};

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

use crate::{key::Key, operations::Memory};

/// The platform, as people call it.
const PLATFORM: &str = "Jira";

/// The options of a connection.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Config {
    /// Which Jira it is.
    deployment: Deployment,
    /// Where people see the issues, if that is not the base URL.
    web_url: Option<String>,
    /// Where scoped tokens of Cloud's are taken.
    gateway_url: GatewayUrl,
}

/// Which Jira it is, as far as the configuration says.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Deployment {
    #[default]
    Auto,
    Cloud,
    DataCenter,
}

/// An address that has a default.
#[derive(Debug, Deserialize)]
#[serde(transparent)]
struct GatewayUrl(String);

impl Default for GatewayUrl {
    fn default() -> Self {
        Self("https://api.atlassian.com".to_owned())
    }
}

impl std::ops::Deref for GatewayUrl {
    type Target = str;

    fn deref(&self) -> &str {
        &self.0
    }
}

/// One account on a site of Jira Cloud, or on a Data Center.
pub struct Jira {
    host: Host,
    config: Config,
    known: site::Known,
    memory: Memory,
    /// Whether the credentials are known to be somebody's.
    proven: AtomicBool,
}

impl Jira {
    fn is_proven(&self) -> bool {
        self.proven.load(Ordering::Relaxed)
    }

    fn set_proven(&self) {
        self.proven.store(true, Ordering::Relaxed);
    }

    /// Returns where people read issues.
    fn site(&self) -> Option<&str> {
        let base_url = || self.host.base_url().ok().filter(|base_url| !base_url.contains("/ex/jira/"));
        self.config.web_url.as_deref().or_else(base_url).map(|site| site.trim_end_matches('/'))
    }
}

impl TicketSystemAdapter for Jira {
    type Config = Config;

    fn new(config: Config, host: Host) -> Result<Self> {
        let (known, memory, proven) = Default::default();
        Ok(Self { host, config, known, memory, proven })
    }

    fn normalize(&self, key: Option<&TicketKey>, raw: &Raw, _source: &Source) -> Result<Ticket> {
        operations::normalize(key.map(Key::parse).transpose()?, raw, self.site())
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

    async fn find_by_marker(&self, kind: &MarkerKind, marker: &str, key: Option<&TicketKey>) -> Result<Vec<Found>> {
        operations::find_by_marker(self, kind, marker, key.map(Key::parse).transpose()?).await
    }

    async fn check(&self) -> Result<Identity> {
        operations::check(self).await
    }
}

usher_adapter_sdk::adapter!(Jira);
