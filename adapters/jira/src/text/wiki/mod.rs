//! Jira's wiki markup, which Data Center holds: into the tree (`read`) and from it (`write`).
//!
//! <https://jira.atlassian.com/secure/WikiRendererHelpAction.jspa?section=all>

mod read;
mod signs;
mod write;

use usher_adapter_sdk::Result;

use super::{
    Rendered, Written,
    inventory::Inventory,
    markdown::{self, Meant},
    tree::Alert,
};

/// Returns wiki markup as Markdown. Any text is wiki markup; what is none of its words is text.
pub(crate) fn to_markdown(wiki: &str) -> Result<Rendered> {
    let (blocks, lossy) = read::read(wiki);
    Ok(Rendered { markdown: markdown::write(&blocks), lossy })
}

/// Returns the wiki markup that a text in Markdown means.
///
/// Numbered lists begin at 1 there, and titles of links are none.
pub(crate) fn from_markdown(markdown: &str) -> Written<String> {
    let Meant { blocks, mut lost } = markdown::meant(markdown);
    let meant = Inventory::of(&blocks);
    let text = write::write(blocks);
    let became = Inventory::of(&read::read(&text).0);
    lost.extend(meant.lost_in(&became));
    Written { lost: lost.into_iter().collect(), text }
}

/// Colours of the panels that Jira itself makes from a document's.
const PANELS: &[(&str, Alert)] = &[
    ("#deebff", Alert::Note),
    ("#e3fcef", Alert::Tip),
    ("#eae6ff", Alert::Important),
    ("#fffae6", Alert::Warning),
    ("#ffebe6", Alert::Caution),
];
