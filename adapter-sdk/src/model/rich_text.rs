//! Text with structure: Markdown for us, the platform's own form beside it.

use serde::{Deserialize, Serialize};

use super::word::{with, words};

words! {
    /// The language a text is written in.
    TextFormat {
        /// Markdown, as GitHub reads it.
        Markdown = "markdown",
        /// No structure at all.
        Plain = "plain",
        /// HTML.
        Html = "html",
        /// The Atlassian document format, JSON.
        Adf = "adf",
        /// Jira's wiki markup.
        Wiki = "wiki",
        /// Textile.
        Textile = "textile",
    }
}

/// A text: Markdown, the platform's own form where it differs, and what Markdown could not hold.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default)]
#[non_exhaustive]
pub struct RichText {
    /// The text as Markdown.
    pub markdown: String,
    /// The text as the platform holds it; absent where that is the Markdown.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub native: Option<String>,
    /// The language of the platform's own form.
    pub format: TextFormat,
    /// The kinds of nodes that the Markdown lost; writing the Markdown back would drop them.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub lossy: Vec<String>,
}

impl RichText {
    /// Returns a text that the platform itself holds as Markdown.
    pub fn markdown(text: impl Into<String>) -> Self {
        Self { markdown: text.into(), format: TextFormat::Markdown, ..Self::default() }
    }

    /// Returns a text without structure.
    pub fn plain(text: impl Into<String>) -> Self {
        Self { markdown: text.into(), format: TextFormat::Plain, ..Self::default() }
    }

    /// Returns a text that was converted from another language, which is kept beside it.
    pub fn converted(markdown: impl Into<String>, format: TextFormat, native: impl Into<String>) -> Self {
        Self { markdown: markdown.into(), native: Some(native.into()), format, lossy: Vec::new() }
    }
}

with!(RichText {
    /// Names the kinds of nodes that the Markdown lost.
    with_lossy: lossy: Vec<String>,
});

impl From<&str> for RichText {
    fn from(text: &str) -> Self {
        Self::markdown(text)
    }
}

impl From<String> for RichText {
    fn from(text: String) -> Self {
        Self::markdown(text)
    }
}
