//! Texts that are written: as they are, and what of a Markdown shows as characters, since a message is plain text.
//!
//! A message could be HTML too; Request Tracker takes out much of that. Plain text reads the same in mails and on its pages.

use std::collections::BTreeSet;

use pulldown_cmark::{CodeBlockKind, Event, Options, Parser, Tag};
use usher_adapter_sdk::{
    message::{Altered, FieldName},
    model::{RichText, TextFormat},
};

/// Says what of a message shows as characters. A text that was plain where it comes from is as it was.
pub(crate) fn altered(message: &RichText) -> Option<Altered> {
    if message.format == TextFormat::Plain {
        return None;
    }
    let text = message.markdown.as_str();
    let events = Parser::new_ext(text, extensions()).into_offset_iter();
    let kinds: BTreeSet<_> =
        events.filter_map(|(event, place)| kind(&event, &text[..place.start], &text[place])).collect();
    Altered::text(FieldName::Body, "Request Tracker's plain text", &Vec::from_iter(kinds))
}

/// Returns what Markdown has beyond CommonMark.
fn extensions() -> Options {
    Options::ENABLE_TABLES | Options::ENABLE_STRIKETHROUGH | Options::ENABLE_TASKLISTS | Options::ENABLE_FOOTNOTES
}

/// Returns the kind of mark that a part of a text is written with, if it is with one.
fn kind(event: &Event<'_>, before: &str, written: &str) -> Option<&'static str> {
    match event {
        Event::Start(Tag::Heading { .. }) => Some("heading"),
        Event::Start(Tag::BlockQuote(_)) => Some("quote"),
        Event::Start(Tag::CodeBlock(CodeBlockKind::Fenced(_))) => Some("code block"),
        Event::Start(Tag::List(None)) => Some("list"),
        Event::Start(Tag::List(Some(_))) => Some("numbered list"),
        Event::Start(Tag::Table(_)) => Some("table"),
        Event::Start(Tag::Emphasis) => Some("italic"),
        Event::Start(Tag::Strong) => Some("bold"),
        Event::Start(Tag::Strikethrough) => Some("strike-through"),
        Event::Start(Tag::Link { .. }) => Some("link"),
        Event::Start(Tag::Image { .. }) => Some("image"),
        Event::Code(_) => Some("code"),
        Event::Html(_) | Event::InlineHtml(_) => Some("HTML"),
        Event::Rule => Some("rule"),
        Event::TaskListMarker(_) => Some("task list"),
        Event::FootnoteReference(_) => Some("footnote"),
        Event::HardBreak if written.starts_with('\\') => Some("line break"),
        Event::Text(_) if before.ends_with('\\') => Some("escape"),
        Event::Text(text) if written.starts_with('&') && written.ends_with(';') && **text != *written => {
            Some("character reference")
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kinds(text: RichText) -> String {
        let reason = altered(&text).map(|altered| altered.reason).unwrap_or_default();
        reason.strip_prefix("Request Tracker's plain text has no exact form for: ").unwrap_or(&reason).to_owned()
    }

    #[test]
    fn marks_that_show_as_characters_are_named_once_each() {
        for (text, expected) in [
            ("# Title\n\n- **a**\n- **b** and *c*", "bold, heading, italic, list"),
            ("1. `a`\n2. ~~b~~\n\n---\n\n> quoted", "code, numbered list, quote, rule, strike-through"),
            ("| a |\n| --- |\n| b |", "table"),
            ("```\nlet x = 1;\n```", "code block"),
            ("[a](https://acme.example) ![b](c.png) <kbd>d</kbd>", "HTML, image, link"),
            ("- [x] done", "list, task list"),
            ("2 \\* 3 &lt; 7\\\nand[^1]\n\n[^1]: so on", "character reference, escape, footnote, line break"),
        ] {
            assert_eq!(kinds(RichText::markdown(text)), expected, "{text}");
        }
    }

    #[test]
    fn prose_and_a_text_that_was_plain_have_no_marks() {
        let prose = "Since eight: 3 * 4 < 13, snake_case, #123.\n\n    It says https://acme.example/a_b";
        for text in [RichText::markdown(prose), RichText::plain("# Title\n\n- **a**")] {
            assert_eq!(kinds(text), "");
        }
    }
}
