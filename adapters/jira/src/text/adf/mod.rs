//! The Atlassian document format: into the tree (`read`) and from it (`write`).
//!
//! <https://developer.atlassian.com/cloud/jira/platform/apis/document/structure/>

mod attributes;
mod document;
mod node;
mod read;
mod write;

use serde_json::value::RawValue;
use usher_adapter_sdk::Result;

pub(crate) use self::document::Document;
use super::{Rendered, markdown};

/// Returns a document as Markdown.
///
/// It fails for JSON that is no document. A node that we do not know is its text, and its kind is named in `lossy`.
pub(crate) fn to_markdown(document: &RawValue) -> Result<Rendered> {
    let (blocks, lossy) = read::read(document)?;
    Ok(Rendered { markdown: markdown::write(&blocks), lossy })
}

/// Returns the document that a text in Markdown means.
///
/// A place that holds no such block (a heading within a list, a table within a quote) gets its text in blocks it does hold.
pub(crate) fn from_markdown(markdown: &str) -> Document<'_> {
    write::write(markdown::read(markdown))
}
