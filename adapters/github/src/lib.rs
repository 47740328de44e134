#![doc = include_str!("../README.md")]
#![cfg_attr(test, allow(clippy::unwrap_used, reason = "a test fails by panicking"))]

mod api;
#[cfg(test)]
mod detect;
mod error;
mod key;
mod mapping;
mod operations;
mod paging;
mod request;

use std::sync::OnceLock;

use serde::Deserialize;
use usher_adapter_sdk::prelude::*;

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
}

usher_adapter_sdk::adapter!(GitHub);
