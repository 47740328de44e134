#![doc = include_str!("../README.md")]
//!
//! HTML into Markdown is in `read`, its signs in `signs`, the way back in `write`, what a first look at HTML tells in `seen`.
#![cfg_attr(test, allow(clippy::unwrap_used, reason = "a test fails by panicking"))]

mod read;
mod seen;
mod signs;
mod write;

use usher_adapter_sdk::model::{RichText, TextFormat};

pub use crate::write::{Written, from_markdown};

use crate::seen::Seen;

/// HTML as one platform writes it.
#[derive(Debug, Clone, Copy)]
pub struct Html {
    mention: &'static str,
}

impl Html {
    /// Returns the HTML of a platform whose editor gives the elements that name a person this attribute.
    pub const fn with_mentions_by(attribute: &'static str) -> Self {
        Self { mention: attribute }
    }

    /// Returns HTML as Markdown, with itself beside it and a word for everything that was lost.
    pub fn to_markdown(&self, html: &str) -> RichText {
        if is_plain(html) {
            return RichText::converted(html, TextFormat::Html, html);
        }
        let seen = Seen::of(html, self.mention);
        let markdown = if seen.is_too_deep { None } else { read::markdown(html) };
        let mut lost = seen.lost;
        let markdown = markdown.unwrap_or_else(|| {
            lost.push("structure");
            seen.text
        });
        RichText::converted(markdown, TextFormat::Html, html)
            .with_lossy(lost.into_iter().map(str::to_owned).collect::<Vec<_>>())
    }
}

/// Returns only the words of HTML, for comparing two that are written differently.
pub fn words(html: &str) -> String {
    Seen::of(html, "").text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Says whether a text is one line that means the same in HTML and in Markdown.
fn is_plain(text: &str) -> bool {
    let is_syntax = |c: char| c.is_control() || "<>&\\`*_[]#|~\u{a0}".contains(c);
    let is_spaced = text.trim() != text || text.contains("  ");
    // A number with a dot, a dash or a plus begins a list where it stands first.
    let begins_plainly = text.chars().next().is_none_or(char::is_alphabetic);
    begins_plainly && !is_spaced && !text.contains(is_syntax)
}

#[cfg(test)]
mod tests;
