//! One of two libraries with the same id and the same version; this one says so in the title of its tickets.
//!
//! The host must load neither, and report `adapter_refused` with both files.

use usher_adapter_sdk::prelude::*;
use usher_villains::{Disguised, Villain, ticket};

struct Twin;

impl Villain for Twin {
    fn new(_host: Host) -> Result<Self> {
        Ok(Self)
    }

    fn normalize(&self, raw: &Raw) -> Result<Ticket> {
        let mut ticket = ticket(raw.decode_main::<&str>()?);
        ticket.title = "From twin b".to_owned();
        Ok(ticket)
    }
}

usher_adapter_sdk::adapter!(Disguised<Twin> = "twin_b/adapter.toml");
