#![doc = include_str!("../README.md")]
//!
//! Nothing is converted here.
#![cfg_attr(test, allow(clippy::unwrap_used, reason = "a test fails by panicking"))]

use std::collections::BTreeSet;

use pulldown_cmark::{CodeBlockKind, Event, Options, Parser, Tag};
use usher_adapter_sdk::model::{RichText, TextFormat};

/// Returns the kinds of marks in a text that plain text shows as characters; sorted, each once.
///
/// A text that was plain where it comes from has none, whatever stands in it.
pub fn marks(text: &RichText) -> Vec<&'static str> {
    if text.format == TextFormat::Plain {
        return Vec::new();
    }
    let markdown = text.markdown.as_str();
    let mut events = Parser::new_ext(markdown, extensions()).into_offset_iter();
    let mut kinds: BTreeSet<_> =
        events.by_ref().filter_map(|(event, place)| kind(&event, &markdown[..place.start], &markdown[place])).collect();
    // Where a link by name leads is no event.
    if events.reference_definitions().iter().next().is_some() {
        kinds.insert("link");
    }
    Vec::from_iter(kinds)
}

/// Returns what Markdown has beyond CommonMark.
fn extensions() -> Options {
    Options::ENABLE_TABLES | Options::ENABLE_STRIKETHROUGH | Options::ENABLE_TASKLISTS | Options::ENABLE_FOOTNOTES
}

/// Returns the kind of mark that a part of a text is written with, if it is with one.
fn kind(event: &Event<'_>, before: &str, written: &str) -> Option<&'static str> {
    match event {
        Event::Start(tag) => kind_of_tag(tag),
        Event::Code(_) => Some("code"),
        Event::Html(_) | Event::InlineHtml(_) => Some("HTML"),
        Event::Rule => Some("rule"),
        Event::TaskListMarker(_) => Some("task list"),
        Event::FootnoteReference(_) => Some("footnote"),
        Event::HardBreak if written.starts_with('\\') => Some("line break"),
        Event::Text(_) if before.ends_with('\\') => Some("escape"),
        Event::Text(text) if is_reference(written) && **text != *written => Some("character reference"),
        _ => None,
    }
}

/// Says whether something looks like `&amp;`.
fn is_reference(written: &str) -> bool {
    written.starts_with('&') && written.ends_with(';')
}

fn kind_of_tag(tag: &Tag<'_>) -> Option<&'static str> {
    match tag {
        Tag::Heading { .. } => Some("heading"),
        Tag::BlockQuote(_) => Some("quote"),
        Tag::CodeBlock(CodeBlockKind::Fenced(_)) => Some("code block"),
        Tag::List(None) => Some("list"),
        Tag::List(Some(_)) => Some("numbered list"),
        Tag::Table(_) => Some("table"),
        Tag::Emphasis => Some("italic"),
        Tag::Strong => Some("bold"),
        Tag::Strikethrough => Some("strike-through"),
        Tag::Link { .. } => Some("link"),
        Tag::Image { .. } => Some("image"),
        Tag::FootnoteDefinition(_) => Some("footnote"),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn marks_of(markdown: &str) -> Vec<&'static str> {
        marks(&RichText::markdown(markdown))
    }

    #[test]
    fn every_mark_is_named() {
        for (text, kind) in [
            ("# Title", "heading"),
            ("Title\n=====", "heading"),
            ("> quoted", "quote"),
            ("```\nlet x = 1;\n```", "code block"),
            ("- one\n- two", "list"),
            ("1. one\n2. two", "numbered list"),
            ("| a |\n| --- |\n| b |", "table"),
            ("an *italic* word", "italic"),
            ("a __bold__ word", "bold"),
            ("a ~~gone~~ word", "strike-through"),
            ("[a page](https://acme.example)", "link"),
            ("<https://acme.example>", "link"),
            ("[a page]\n\n[a page]: https://acme.example", "link"),
            ("Nobody says\n\n[a page]: https://acme.example", "link"),
            ("![a picture](https://acme.example/x.png)", "image"),
            ("some `code`", "code"),
            ("press <kbd>a</kbd>", "HTML"),
            ("<div>\na\n</div>", "HTML"),
            ("one\n\n---\n\ntwo", "rule"),
            ("so[^1]\n\n[^1]: and so", "footnote"),
            ("one\\\ntwo", "line break"),
            (r"2 \* 3", "escape"),
            (r"a \\ b", "escape"),
            ("a &lt; b", "character reference"),
        ] {
            assert_eq!(marks_of(text), [kind], "{text}");
        }
    }

    #[test]
    fn marks_of_several_kinds_are_told_once_each() {
        assert_eq!(marks_of("**a** **b** *c*\n\n- [x] **d**"), ["bold", "italic", "list", "task list"]);
    }

    #[test]
    fn prose_has_none() {
        for text in [
            "",
            "Plain words, é ✓.\nAnother line  \nand one more.\n\n\tsee above",
            "3 * 4 < 13 & 2_000, snake_case, a-b-c, C:\\temp, R&D, #123, @mara, 50% ~ 60%, $5",
            "See https://acme.example/a_b?c=d&e=f",
            "One line.\r\nAnd another.\r\n",
        ] {
            assert_eq!(marks_of(text), [""; 0], "{text}");
        }
    }

    #[test]
    fn nothing_in_code_is_a_mark() {
        assert_eq!(marks_of("```\r\n&& **a** \\* &lt;\r\n```\r\n"), ["code block"]);
        assert_eq!(marks_of("    && **a** \\* &lt;"), [""; 0]);
        assert_eq!(marks_of(r"`\* &lt; **a**`"), ["code"]);
    }

    #[test]
    fn a_text_that_was_plain_is_what_it_was() {
        assert_eq!(marks(&RichText::plain("# *Title*\n\n- one")), [""; 0]);
    }

    proptest! {
        #[test]
        fn no_text_is_too_strange(text in ".{0,80}", lines in prop::collection::vec("[*_#|<>`\\\\&;!:a \\[\\]-]{0,12}", 0..6)) {
            let kinds = marks_of(&[text, lines.join("\n")].join("\n"));
            prop_assert!(kinds.is_sorted());
        }
    }
}
