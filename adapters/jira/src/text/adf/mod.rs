//! The Atlassian document format: into the tree (`read`) and from it (`write`).
//!
//! <https://developer.atlassian.com/cloud/jira/platform/apis/document/structure/>

mod attributes;
mod document;
mod node;
mod read;
mod write;

use serde_json::value::RawValue;
use usher_adapter_sdk::{Result, model::Json};

use super::{
    Rendered, Written,
    inventory::Inventory,
    markdown::{self, Meant},
};

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
pub(crate) fn from_markdown(markdown: &str) -> Result<Written<Json>> {
    let Meant { blocks, mut lost } = markdown::meant(markdown);
    let meant = Inventory::of(&blocks);
    let text = Json::of(&write::write(blocks))?;
    let became = Inventory::of(&read::read(text.decode()?)?.0);
    lost.extend(meant.lost_in(&became));
    Ok(Written { lost: lost.into_iter().collect(), text })
}
