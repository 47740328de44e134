#![doc = include_str!("../README.md")]
#![cfg_attr(test, allow(clippy::unwrap_used, reason = "a test fails by panicking"))]

mod auth;
mod binary;
mod check;
mod config;
mod duration;
mod encoding;
mod environment;
mod error;
mod grants;
mod header;
mod limits;
mod manifest;
mod pattern;
mod source;
mod tables;
mod template;
mod token;

#[cfg(feature = "detect")]
pub mod detect;
pub mod record;
#[cfg(feature = "detect")]
pub mod reference;

pub use auth::{AuthField, AuthPart, AuthScheme};
pub use config::{ConfigField, FieldType, Value};
pub use duration::{format_duration, parse_duration};
pub use environment::{Environment, FromVariables};
pub use error::ManifestError;
pub use grants::{Access, Folder, Grants, HostGrant, Network};
pub use limits::{Effect, ErrorCode, Exceeded, HeaderCondition, Limit, LimitHeaders, LimitScope, ResetFormat, Wait};
pub use manifest::{Answers, BaseUrl, MANIFEST_VERSION, Manifest, MarkerPlace, Markers, NoteKinds, Operation};
pub use pattern::{HostPattern, Label, PathPattern, Pattern, Segment};
pub use tables::{Decoding, Detect, IdPattern, Needs, UrlPattern};
pub use template::{Filter, Part, Template};
pub use token::{ClientAuthentication, TokenGrant, TokenRequest, TokenUrl};
