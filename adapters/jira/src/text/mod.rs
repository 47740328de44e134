//! Jira's rich text and Markdown: the Atlassian document format of Cloud, the wiki markup of Data Center. Pure.
//!
//! Each language is read into one tree (`tree`) and written from it, so that there is one Markdown for both. What a tree cannot
//! hold is named in [`Rendered::lossy`]: the kind of a node or mark (`panel`), or one of its attributes (`tableCell.background`).
//! What Jira's language cannot hold of a Markdown is named in [`Written::lost`], in Markdown's words: what was written is read again,
//! and the two trees are compared (`inventory`).
//!
//! The tree is in a **normal form**, and two texts are the same when their trees are:
//!
//! - Neighbours of one style are one run; line breaks of any kind inside of a text are breaks.
//! - A space is bold, italic or struck if the words on both sides of it are. Spaces at the end of a line, and breaks at the
//!   start or the end of a paragraph, are none.
//! - Paragraphs, headings and runs without text are none; nor is a table's first row of empty cells, if others follow. Rows
//!   are as long as the longest.
//! - A file's or person's name, and a code block's language, stand in one line; a person without a name has that of the id.
//! - An emoji that has its character is that character. NUL, which no Markdown has, is U+FFFD.
//! - What an editor keeps for itself (`accessLevel`, `localId`, `occurrenceKey`, `uniqueId`, `userType`) is no part of the text.
//!
//! Everything here goes through a text a fixed number of times, whatever stands in it: nothing looks for an end twice.
//!
//! Mentions and files have no Markdown of their own: they are links whose scheme names them (`mention:ID`, `media:ID?…`,
//! `attachment:NAME`).

pub(crate) mod adf;
mod inventory;
mod links;
mod markdown;
#[cfg(test)]
mod tests;
mod tree;
pub(crate) mod wiki;

/// A text as Markdown, and what that lost.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Rendered {
    pub markdown: String,
    /// The kinds of nodes, marks and attributes that writing the Markdown back would drop; sorted, each once.
    pub lossy: Vec<String>,
}

/// A text in one of Jira's languages, and what of the Markdown it has no exact form for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Written<T> {
    pub text: T,
    /// The kinds of what became something else; sorted, each once.
    pub lost: Vec<&'static str>,
}

impl<T> Written<T> {
    /// Returns a text that is what was asked for.
    pub(crate) fn exactly(text: T) -> Self {
        Self { text, lost: Vec::new() }
    }

    pub(crate) fn map<U>(self, of: impl FnOnce(T) -> U) -> Written<U> {
        Written { text: of(self.text), lost: self.lost }
    }
}

/// How deep containers nest before the ones further in are only their text.
///
/// Everything that walks a tree calls itself, so this bounds the stack; JSON nests two levels for each of ours, and
/// `serde_json` stops at 128.
const MAX_DEPTH: usize = 48;
