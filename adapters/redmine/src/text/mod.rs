//! Texts: Markdown for us, and Textile or Markdown on the server, whichever it speaks.
//!
//! Which one is a setting of the whole server, and its API does not tell it. Line ends are `\r\n` in descriptions and `\n` in
//! notes; for us they are `\n`.

mod textile;
mod write;

use serde::Deserialize;
use usher_adapter_sdk::{
    message::{Altered, FieldName, Report},
    model::{RichText, TextFormat},
};

/// What a server's texts are written in.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Formatting {
    Markdown,
    /// What Redmine had alone for a long time.
    #[default]
    Textile,
}

impl Formatting {
    /// Returns the body as the server shall have it; what cannot be said in its language is reported.
    pub(crate) fn body(self, text: &RichText, report: &mut Report) -> String {
        let (text, lost) = self.write(text);
        report.alter(altered(&lost));
        text
    }

    /// Returns a text of the server's.
    pub(crate) fn read(self, text: &str) -> RichText {
        let plain = unified(text);
        match self {
            Self::Markdown if plain == text => RichText::markdown(plain),
            Self::Markdown => RichText::converted(plain, TextFormat::Markdown, text),
            Self::Textile => {
                let (markdown, lossy) = textile::read(&plain);
                RichText::converted(markdown, TextFormat::Textile, text).with_lossy(lossy)
            }
        }
    }

    /// Returns a text as the server shall have it, and the kinds of what cannot be said in its language.
    pub(crate) fn write(self, text: &RichText) -> (String, Vec<String>) {
        match (self, &text.native) {
            (Self::Markdown, _) => (text.markdown.clone(), Vec::new()),
            (Self::Textile, Some(native)) if text.format == TextFormat::Textile => (native.clone(), Vec::new()),
            (Self::Textile, _) => write::textile(&text.markdown),
        }
    }
}

/// Says what of a text the server's language has no exact form for.
pub(crate) fn altered(lost: &[String]) -> Option<Altered> {
    Altered::text(FieldName::Body, "Redmine's Textile", lost)
}

/// Returns a text with one kind of line ends.
pub(crate) fn unified(text: &str) -> String {
    text.replace("\r\n", "\n").replace('\r', "\n")
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn there_and_back(markdown: &str) -> String {
        let (textile, _) = Formatting::Textile.write(&RichText::markdown(markdown));
        Formatting::Textile.read(&textile).markdown
    }

    #[test]
    fn what_both_languages_can_say_comes_back_as_it_was() {
        for text in [
            "A *body*: é ✓",
            "**strong** and ~~gone~~ and `code`",
            "# One\n\nText\nmore text\n\n## Two",
            "- a\n- b\n  - c\n\n1. x\n2. y",
            "[a page](https://example.com/a_b?c=d)",
            "> quoted\n> more\n\nanswer",
            "```\nlet a = *b;\n\n# no heading\n```",
            "```rust\nfn main() {}\n```",
            "snake_case and 3 * 4 and a-b-c",
            "| a | b |\n| --- | --- |\n| 1 | 2 |",
        ] {
            assert_eq!(there_and_back(text), text);
        }
    }

    #[test]
    fn what_textile_has_no_form_for_is_named() {
        for (text, kind) in [
            ("- [x] done", "task list"),
            ("- one\n\n  two", "paragraph in a list"),
            ("- # title", "heading in a list"),
            ("- > quote", "quote in a list"),
            ("3. three", "first number of a list"),
            ("[a](https://acme.example \"b\")", "title of a link"),
            ("| a |\n| :-: |\n| b |", "alignment of a table"),
            ("<kbd>a</kbd>", "html"),
        ] {
            let (textile, lost) = Formatting::Textile.write(&RichText::markdown(text));
            assert_eq!(lost, [kind], "{text}: {textile}");
        }
        let (textile, _) = Formatting::Textile.write(&RichText::markdown("- one\n\n  two\n- three"));
        assert_eq!(textile, "* one\ntwo\n* three");
    }

    #[test]
    fn a_text_that_looks_like_markup_stays_a_text() {
        for text in [r"\*not strong\*", r"\_not emphasis\_", r"\# no heading", "{{toc}}", "[[Page]]"] {
            let (textile, _) = Formatting::Textile.write(&RichText::markdown(text));
            for sign in ["*not", "_not", "{{", "[["] {
                assert!(!textile.contains(sign), "{text}: {textile}");
            }
        }
    }

    #[test]
    fn line_ends_are_one_kind_and_the_server_s_own_form_is_kept() {
        let read = Formatting::Markdown.read("a\r\nb");
        assert_eq!((read.markdown.as_str(), read.native.as_deref()), ("a\nb", Some("a\r\nb")));
        assert_eq!(Formatting::Markdown.read("a\nb").native, None);
        assert_eq!(Formatting::Textile.read("*a*\r\nb").markdown, "**a**\nb");
    }

    proptest! {
        #[test]
        fn no_text_is_too_strange(text in ".{0,80}", lines in prop::collection::vec("[*_#|<>`@\"!:a \\-]{0,12}", 0..6)) {
            for text in [text, lines.join("\n")] {
                drop(Formatting::Textile.read(&text));
                drop(Formatting::Textile.write(&RichText::markdown(text)));
            }
        }
    }
}
