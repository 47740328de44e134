//! Checks requests against an OpenAPI 3.0 document.
//!
//! What lives here knows no platform. A request that a document does not describe is a fault of the client under test, and is
//! told in words that name the place.

mod check;
mod document;
mod schema;

pub use check::Defect;
pub use document::{Document, Matched};
