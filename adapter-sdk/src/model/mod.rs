//! What a ticket is, for every platform alike.
//!
//! Every normalised value stands beside the platform's own. What is not known stays `unknown` or absent:
//! nothing is invented. Structs are `#[non_exhaustive]`: make them with `new` and the `with_…` methods.

mod custom_field;
mod json;
mod note;
mod rich_text;
mod status;
mod ticket;
mod time;
mod user;
pub(crate) mod word;

pub use custom_field::{CustomField, FieldType};
pub use json::Json;
pub use note::{Attachment, Note, Visibility};
pub use rich_text::{RichText, TextFormat};
pub use status::{Named, Priority, PriorityLevel, Resolution, Status, StatusCategory, TicketType, TypeLevel};
pub use ticket::{
    Completeness, Container, ContainerKind, CutReason, Estimate, Link, LinkKind, Part, Project, Provenance, Route,
    SCHEMA_VERSION, Ticket, TicketKey, TicketRef, branch_summary,
};
pub use time::{Due, Time};
pub use user::{User, UserKind};
