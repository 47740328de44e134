#![doc = include_str!("../README.md")]

pub mod adapter;
#[doc(hidden)]
pub mod boundary;
pub mod decode;
mod error;
pub mod host;
mod macros;
pub mod message;
pub mod model;
#[cfg(feature = "testkit")]
pub mod testkit;
pub mod wire;

pub use adapter::TicketSystemAdapter;
pub use error::{Error, ErrorKind, FieldError, Result};
pub use host::Host;

/// The SDK's version, as drop-ins carry it in their manifest record.
pub const VERSION: &str = env!("CARGO_PKG_VERSION");

/// What nearly every adapter needs.
pub mod prelude {
    pub use crate::{
        Error, ErrorKind, Host, Result, TicketSystemAdapter,
        message::{Criteria, Cursor, Include, Page, Query, Raw, Source},
        model::{RichText, Status, StatusCategory, Ticket, TicketKey, Time},
    };
}
