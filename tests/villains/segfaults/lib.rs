//! Writes to the page at address 0 in `get`; `fetch` lists two tickets.
//!
//! The host must report `adapter_crashed` with the signal and live on. `fetch` works before and after.

use usher_adapter_sdk::prelude::*;
use usher_villains::{Disguised, Villain, crash::segfault, ticket};

struct Segfaults;

impl Villain for Segfaults {
    fn new(_host: Host) -> Result<Self> {
        Ok(Self)
    }

    async fn get(&self, _key: &TicketKey) -> Result<Raw> {
        segfault()
    }

    async fn fetch(&self, _cursor: Option<&Cursor>) -> Result<Page> {
        let mut page = Page::new();
        page.push(&ticket("FETCHED-1"))?;
        page.push(&ticket("FETCHED-2"))?;
        Ok(page)
    }
}

usher_adapter_sdk::adapter!(Disguised<Segfaults> = "segfaults/adapter.toml");
