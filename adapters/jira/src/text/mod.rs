//! Bodies: the Atlassian Document Format and wiki markup, to Markdown and back. Pure.

pub(crate) mod adf;
pub(crate) mod wiki;

/// A body as Markdown.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Rendered {
    /// The text.
    pub markdown: String,
    /// The kinds of nodes that Markdown could not hold.
    pub lossy: Vec<String>,
}
