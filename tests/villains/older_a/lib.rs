//! The older of two libraries with the same id; version 1.0.0, in its section as in its running code. It works.
//!
//! The host must use the newer one where both are found, and show the older one as superseded.

use usher_adapter_sdk::{
    boundary::{self, EntryOf},
    prelude::*,
};
use usher_villains::{Disguised, Villain, ticket};

struct Aged;

impl Villain for Aged {
    fn new(_host: Host) -> Result<Self> {
        Ok(Self)
    }

    fn normalize(&self, raw: &Raw) -> Result<Ticket> {
        let mut ticket = ticket(raw.decode_main::<&str>()?);
        ticket.title = "From version 1.0.0".to_owned();
        Ok(ticket)
    }
}

const RECORD: &[u8] = usher_villains::record!(version: "1.0.0", toml: include_str!("adapter.toml"));

usher_villains::section!(RECORD);
usher_villains::adapters!(Adapters { id: "villain-aged", record: RECORD, create: boundary::create::<Disguised<Aged>> });
usher_villains::entry!(EntryOf<Adapters>);
