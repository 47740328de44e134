//! An adapter that behaves, except where a villain says otherwise.

use std::future::{Future, ready};

use serde::de::IgnoredAny;
use usher_adapter_sdk::{
    message::{Change, Created, Draft, Updated},
    prelude::*,
};

/// An adapter of which only the villainy must be written.
pub trait Villain: Send + Sync + Sized + 'static {
    /// Makes it.
    fn new(host: Host) -> Result<Self>;

    /// Answers the key as the platform's document.
    fn get(&self, key: &TicketKey) -> impl Future<Output = Result<Raw>> + Send {
        ready(Ok(Raw::main(format!("{:?}", key.as_str()))))
    }

    /// Makes a ticket of the document.
    fn normalize(&self, raw: &Raw) -> Result<Ticket> {
        Ok(ticket(raw.decode_main::<&str>()?))
    }

    /// Answers one page of one ticket.
    fn fetch(&self, cursor: Option<&Cursor>) -> impl Future<Output = Result<Page>> + Send {
        let _ = cursor;
        let mut page = Page::new();
        ready(page.push(&ticket("FETCHED-1")).map(|()| page))
    }

    /// Pretends to have made a ticket as it was asked.
    fn create(&self, draft: &Draft) -> impl Future<Output = Result<Created>> + Send {
        ready(Ok(Created::new("CREATED-1", draft.asked())))
    }

    /// Pretends to have changed a ticket as it was asked.
    fn update(&self, key: &TicketKey, change: &Change) -> impl Future<Output = Result<Updated>> + Send {
        ready(Ok(Updated::new(key.clone(), change.asked())))
    }
}

/// Returns a ticket with nothing wrong about it.
pub fn ticket(key: &str) -> Ticket {
    Ticket::new(key, "An honest ticket").with_native_id(key.to_owned())
}

/// No villain at all: for libraries in which something else is wrong.
pub struct Honest;

impl Villain for Honest {
    fn new(_host: Host) -> Result<Self> {
        Ok(Self)
    }
}

/// A villain as the adapter that it pretends to be.
pub struct Disguised<V>(V);

impl<V: Villain> TicketSystemAdapter for Disguised<V> {
    type Config = IgnoredAny;

    fn new(_config: IgnoredAny, host: Host) -> Result<Self> {
        V::new(host).map(Self)
    }

    async fn get(&self, key: &TicketKey, _include: &Include) -> Result<Raw> {
        self.0.get(key).await
    }

    fn normalize(&self, _key: Option<&TicketKey>, raw: &Raw, _source: &Source) -> Result<Ticket> {
        self.0.normalize(raw)
    }

    async fn fetch(&self, _criteria: &Criteria, _include: &Include, cursor: Option<&Cursor>) -> Result<Page> {
        self.0.fetch(cursor).await
    }

    async fn create(&self, draft: &Draft) -> Result<Created> {
        self.0.create(draft).await
    }

    async fn update(&self, key: &TicketKey, change: &Change) -> Result<Updated> {
        self.0.update(key, change).await
    }
}
