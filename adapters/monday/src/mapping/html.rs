//! HTML to Markdown and back. What Markdown cannot hold is named, so that writing it back does not drop it unseen.

use std::{cell::RefCell, sync::LazyLock};

use htmd::{
    HtmlToMarkdown,
    options::{BrStyle, BulletListMarker, HrStyle, Options},
};
use html5ever::{
    Attribute, TokenizerResult,
    tendril::StrTendril,
    tokenizer::{BufferQueue, EndTag, StartTag, Tag, Token, TokenSink, TokenSinkResult, Tokenizer, TokenizerOpts},
};
use pulldown_cmark::{Options as Extensions, Parser};
use usher_adapter_sdk::model::{RichText, TextFormat};

/// How deep elements may lie in one another before only their text is read: who converts them goes as deep.
const DEEPEST: usize = 256;

/// Elements that Markdown has no word for, and what is lost with them; sorted.
const LOST_ELEMENTS: &[(&str, &str)] = &[
    ("audio", "media"),
    ("big", "size"),
    ("details", "details"),
    ("embed", "media"),
    ("font", "font"),
    ("form", "form"),
    ("iframe", "media"),
    ("input", "form"),
    ("ins", "underline"),
    ("mark", "highlight"),
    ("object", "media"),
    ("small", "size"),
    ("sub", "subscript"),
    ("sup", "superscript"),
    ("svg", "media"),
    ("u", "underline"),
    ("video", "media"),
];

/// Attributes that Markdown has no word for, and what is lost with them; sorted.
const LOST_ATTRIBUTES: &[(&str, &str)] = &[
    ("colspan", "merged cells"),
    ("data-mention-id", "mention"),
    ("height", "image size"),
    ("rowspan", "merged cells"),
    ("width", "image size"),
];

/// Properties of a style that say something to a reader, and what is lost with them; sorted. All others are how the
/// editor lays out any text.
const LOST_STYLES: &[(&str, &str)] = &[
    ("background", "color"),
    ("background-color", "color"),
    ("color", "color"),
    ("font-style", "font"),
    ("font-weight", "font"),
    ("text-align", "alignment"),
    ("text-decoration", "underline"),
];

/// Elements without an end.
const VOID: &[&str] =
    &["area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"];

/// Elements that a parser opens again in what follows, unless they were ended; sorted.
const FORMATTING: &[&str] =
    &["a", "b", "big", "code", "em", "font", "i", "nobr", "s", "small", "strike", "strong", "tt", "u"];

/// Returns HTML as Markdown, with itself beside it and a word for everything that was lost.
pub(crate) fn to_markdown(html: &str) -> RichText {
    if is_plain(html) {
        return RichText::converted(html, TextFormat::Html, html);
    }
    let seen = Seen::of(html);
    let markdown = if seen.is_too_deep { None } else { CONVERTER.convert(html).ok() };
    let mut lost = seen.lost;
    let markdown = markdown.unwrap_or_else(|| {
        lost.push("structure");
        seen.text
    });
    RichText::converted(markdown, TextFormat::Html, html)
        .with_lossy(lost.into_iter().map(str::to_owned).collect::<Vec<_>>())
}

/// Returns Markdown as HTML, with tables, strike-through and lists of tasks as GitHub reads them.
pub(crate) fn from_markdown(markdown: &str) -> String {
    let extensions = Extensions::ENABLE_TABLES | Extensions::ENABLE_STRIKETHROUGH | Extensions::ENABLE_TASKLISTS;
    let mut html = String::new();
    pulldown_cmark::html::push_html(&mut html, Parser::new_ext(markdown, extensions));
    html.truncate(html.trim_end().len());
    // A line break says it already; and inside of code the element is escaped.
    html.replace("<br />\n", "<br>")
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

/// What a first look at HTML tells, which goes no deeper for deep ones.
#[derive(Debug, Default)]
struct Seen {
    lost: Vec<&'static str>,
    text: String,
    is_too_deep: bool,
}

impl Seen {
    fn of(html: &str) -> Self {
        let input = BufferQueue::default();
        input.push_back(StrTendril::from_slice(html));
        let tokenizer = Tokenizer::new(Reader::default(), TokenizerOpts::default());
        // Only scripts stop a tokenizer, and nobody runs them here.
        while !matches!(tokenizer.feed(&input), TokenizerResult::Done) {}
        tokenizer.end();
        tokenizer.sink.0.into_inner().seen
    }
}

#[derive(Default)]
struct Reader(RefCell<State>);

#[derive(Default)]
struct State {
    seen: Seen,
    open: Vec<String>,
    /// How many formatting elements have begun without an end of their own.
    unended: usize,
}

impl TokenSink for Reader {
    type Handle = ();

    fn process_token(&self, token: Token, _line: u64) -> TokenSinkResult<()> {
        let mut state = self.0.borrow_mut();
        match token {
            Token::CharacterTokens(text) if !state.is_hidden() => state.seen.text.push_str(&text),
            Token::TagToken(tag) if tag.kind == StartTag => state.begin(&tag),
            Token::TagToken(tag) if tag.kind == EndTag => state.end(&tag.name),
            _ => {}
        }
        TokenSinkResult::Continue
    }
}

impl State {
    fn begin(&mut self, tag: &Tag) {
        let name = &*tag.name;
        self.lose(lost_with(LOST_ELEMENTS, name));
        for attribute in &tag.attrs {
            self.attribute(name, attribute);
        }
        if !FORMATTING.contains(&name) {
            self.seen.text.push(' ');
        }
        if VOID.contains(&name) || tag.self_closing {
            return;
        }
        self.unended += usize::from(FORMATTING.contains(&name));
        self.open.push(name.to_owned());
        // What is open is not remembered beyond that: then depth no longer matters.
        self.seen.is_too_deep |= self.open.len() > DEEPEST || self.unended > DEEPEST;
        self.open.truncate(DEEPEST + 1);
    }

    fn end(&mut self, name: &str) {
        if !FORMATTING.contains(&name) {
            self.seen.text.push(' ');
        }
        if let Some(place) = self.open.iter().rposition(|open| open == name) {
            self.open.truncate(place);
            self.unended = self.unended.saturating_sub(usize::from(FORMATTING.contains(&name)));
        }
    }

    fn attribute(&mut self, element: &str, attribute: &Attribute) {
        let name = &*attribute.name.local;
        if name != "style" {
            let is_size = matches!(name, "width" | "height");
            self.lose(lost_with(LOST_ATTRIBUTES, name).filter(|_| !is_size || element == "img"));
            return;
        }
        for declaration in attribute.value.split(';') {
            let Some((property, value)) = declaration.split_once(':') else { continue };
            let (property, value) = (property.trim().to_ascii_lowercase(), value.trim().to_ascii_lowercase());
            let says_nothing =
                matches!(value.as_str(), "" | "normal" | "none" | "inherit" | "initial" | "left" | "start");
            self.lose(lost_with(LOST_STYLES, &property).filter(|_| !says_nothing));
        }
    }

    fn lose(&mut self, what: Option<&'static str>) {
        self.seen.lost.extend(what.filter(|what| !self.seen.lost.contains(what)));
    }

    fn is_hidden(&self) -> bool {
        self.open.last().is_some_and(|name| matches!(name.as_str(), "script" | "style"))
    }
}

fn lost_with(table: &[(&str, &'static str)], name: &str) -> Option<&'static str> {
    table.binary_search_by_key(&name, |(known, _)| *known).ok().map(|place| table[place].1)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn markdown(html: &str) -> String {
        to_markdown(html).markdown
    }

    #[test]
    fn every_table_is_sorted() {
        for table in [LOST_ELEMENTS, LOST_ATTRIBUTES, LOST_STYLES] {
            assert!(table.is_sorted_by_key(|(name, _)| *name));
        }
    }

    #[test]
    fn what_the_editor_writes_becomes_markdown() {
        for (html, expected) in [
            ("<div>One</div><div>Two</div>", "One\n\nTwo"),
            ("One<br>Two", "One\\\nTwo"),
            ("<p>A <b>bold</b> and an <em>italic</em> word</p>", "A **bold** and an *italic* word"),
            ("<ul><li>one</li><li>two</li></ul>", "- one\n- two"),
            ("<ol><li>one</li><li>two</li></ol>", "1. one\n2. two"),
            ("<a href=\"https://acme.example/x\">here</a>", "[here](https://acme.example/x)"),
            ("<h2>Title</h2>text", "## Title\n\ntext"),
            ("<pre><code>a &lt; b</code></pre>", "```\na < b\n```"),
            ("2 * 3 &lt; 7 &amp; so on", "2 \\* 3 < 7 & so on"),
            ("Plain words, nothing else", "Plain words, nothing else"),
            ("<script>alert(1)</script>text", "text"),
            ("", ""),
        ] {
            assert_eq!(markdown(html), expected, "{html}");
        }
    }

    #[test]
    fn what_markdown_cannot_hold_is_named_once() {
        for (html, expected) in [
            ("<b>x</b>", &[][..]),
            ("<span style=\"box-sizing:border-box;font-family:Arial;margin:0px\">x</span>", &[]),
            ("<span style=\"color:red;\">x</span><span style=\"background:#ff0\">y</span>", &["color"]),
            ("<u>x</u>", &["underline"]),
            ("<span style=\"text-decoration:none;text-align:left\">x</span>", &[]),
            ("<a class=\"user_mention_editor\" data-mention-id=\"7\">@Mara</a>", &["mention"]),
            ("<img src=\"https://a.example/x.png\" width=30>", &["image size"]),
            ("<table width=30><tr><td colspan=2>x</td></tr></table>", &["merged cells"]),
            ("H<sub>2</sub>O", &["subscript"]),
        ] {
            assert_eq!(to_markdown(html).lossy, expected, "{html}");
        }
    }

    #[test]
    fn markdown_becomes_html() {
        assert_eq!(from_markdown("A **bold** word"), "<p>A <strong>bold</strong> word</p>");
        assert!(from_markdown("| a | b |\n|---|---|\n| 1 | 2 |").starts_with("<table>"));
        assert_eq!(from_markdown("a < b & c"), "<p>a &lt; b &amp; c</p>");
        assert_eq!(from_markdown(""), "");
    }

    #[test]
    fn markdown_of_every_kind_comes_back_as_it_went() {
        for text in [
            "One\n\nTwo",
            "A **bold** and an *italic* word with `code`",
            "- one\n- two",
            "1. one\n2. two",
            "# Title\n\ntext",
            "> quoted",
            "[here](https://acme.example/x)",
            "```\nlet x = 1;\n```",
            "One\\\nTwo",
        ] {
            assert_eq!(markdown(&from_markdown(text)), text);
        }
    }

    #[test]
    fn html_that_lies_too_deep_gives_only_its_text() {
        let deep =
            |count: usize, begin: &dyn Fn(usize) -> String| (0..count).map(begin).collect::<String>() + "the text";
        for html in [
            deep(100_000, &|_| "<div>".to_owned()),
            deep(100_000, &|_| "<b>".to_owned()),
            deep(3_000, &|at| format!("<p><font color=\"{at}\"></p>")),
            deep(100_000, &|_| "</i><blockquote>".to_owned()),
        ] {
            let text = to_markdown(&html);
            assert!(text.lossy.contains(&"structure".to_owned()));
            assert!(text.markdown.ends_with("the text"));
        }
    }
}
