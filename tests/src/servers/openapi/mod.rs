//! Checks requests against an OpenAPI 3.0 document, or one of Swagger 2.0 that was put in its words.
//!
//! What lives here knows no platform. A request that a document does not describe is a fault of the client under test, and is
//! told in words that name the place.

mod check;
mod document;
mod schema;
pub mod swagger;

pub use check::Defect;
pub use document::{Document, Matched};
