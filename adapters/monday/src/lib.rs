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

use std::collections::BTreeMap;

use serde::Deserialize;
use usher_adapter_sdk::{
    host::{FileSink, FileSource},
    message::{Change, Created, Draft, Identity, NewAttachment, NoteDraft, NotePage, Options, OptionsScope, Updated},
    model::{Attachment, Note},
    prelude::*,
};

use crate::key::Key;

/// The options of a connection.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Config {
    /// The account, as it stands in links.
    pub account: Option<String>,
    /// Which column holds what, by id or title: `status`, or `1234567890.status` for one board alone.
    pub columns: BTreeMap<String, String>,
}

/// One account at monday.com.
pub struct Monday {
    host: Host,
    config: Config,
}

impl Monday {
    /// Reads a key, and refuses that of another account where the connection names its own.
    fn key<'a>(&self, key: &'a TicketKey) -> Result<Key<'a>> {
        let key = Key::parse(key)?;
        match (&self.config.account, key.account) {
            (Some(own), Some(account)) if !own.eq_ignore_ascii_case(account) => Err(Error::new(
                ErrorKind::InvalidReference,
                format!("{key} belongs to the account `{account}`, and this connection to `{own}`"),
            )
            .with_hint("Use a connection for that account, or correct the option `account`.")),
            _ => Ok(key),
        }
    }
}

impl TicketSystemAdapter for Monday {
    type Config = Config;

    fn new(config: Config, host: Host) -> Result<Self> {
        operations::check_columns(&config.columns)?;
        Ok(Self { host, config })
    }

    fn normalize(&self, key: Option<&TicketKey>, raw: &Raw, _source: &Source) -> Result<Ticket> {
        operations::normalize(self, key.map(Key::parse).transpose()?.as_ref(), raw)
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

    async fn check(&self) -> Result<Identity> {
        operations::check(self).await
    }
}

usher_adapter_sdk::adapter!(Monday);
