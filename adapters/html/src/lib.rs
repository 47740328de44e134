#![doc = include_str!("../README.md")]
//!
//! The conversions are here, what a first look at HTML tells is in `seen`.
#![cfg_attr(test, allow(clippy::unwrap_used, reason = "a test fails by panicking"))]

mod seen;

use std::sync::LazyLock;

use htmd::{
    HtmlToMarkdown,
    options::{BrStyle, BulletListMarker, HrStyle, Options},
};
use pulldown_cmark::{Event, Options as Extensions, Parser};
use usher_adapter_sdk::model::{RichText, TextFormat};

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
        let markdown = if seen.is_too_deep { None } else { CONVERTER.convert(html).ok() };
        let mut lost = seen.lost;
        let markdown = markdown.unwrap_or_else(|| {
            lost.push("structure");
            seen.text
        });
        RichText::converted(markdown, TextFormat::Html, html)
            .with_lossy(lost.into_iter().map(str::to_owned).collect::<Vec<_>>())
    }
}

/// A text in HTML, and what of the Markdown it has no exact form for.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Written {
    /// The text.
    pub html: String,
    /// The kinds of what became something else.
    pub lost: Vec<&'static str>,
}

/// Returns Markdown as HTML, with tables and strike-through as GitHub reads them.
///
/// The boxes of tasks become signs: a box that can be ticked is a form's, which the next reading of the text would lose.
pub fn from_markdown(markdown: &str) -> Written {
    let extensions = Extensions::ENABLE_TABLES | Extensions::ENABLE_STRIKETHROUGH | Extensions::ENABLE_TASKLISTS;
    let mut has_tasks = false;
    let events = Parser::new_ext(markdown, extensions).map(|event| match event {
        Event::TaskListMarker(is_done) => {
            has_tasks = true;
            Event::Text(if is_done { "☑ " } else { "☐ " }.into())
        }
        other => other,
    });
    let mut html = String::new();
    pulldown_cmark::html::push_html(&mut html, events);
    html.truncate(html.trim_end().len());
    // A line break says it already; and inside of code the element is escaped.
    let html = html.replace("<br />\n", "<br>");
    Written { html, lost: has_tasks.then_some("task list").into_iter().collect() }
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

/// What converts, made once: it knows a handler for each element.
static CONVERTER: LazyLock<HtmlToMarkdown> = LazyLock::new(|| {
    let options = Options {
        hr_style: HrStyle::Dashes,
        br_style: BrStyle::Backslash,
        bullet_list_marker: BulletListMarker::Dash,
        ul_bullet_spacing: 1,
        ol_number_spacing: 1,
        ..Options::default()
    };
    HtmlToMarkdown::builder().options(options).skip_tags(vec!["script", "style", "head"]).build()
});

#[cfg(test)]
mod tests;
