//! Checks requests against an OpenAPI 3.0 document, or one of Swagger 2.0 that was put in its words.
//!
//! What lives here knows no platform and no server. A request that a document does not describe is a fault of the client under
//! test, and is told in words that name the place. The servers that stand in for platforms use it, and the tests of adapters.

mod check;
mod document;
mod schema;
pub mod swagger;

pub use check::{Defect, Request};
pub use document::{Document, Matched};
