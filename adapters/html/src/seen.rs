//! A first look at HTML, token by token: what Markdown will lose of it, its text alone, and whether it lies too deep.

use std::cell::RefCell;

use html5ever::{
    Attribute, TokenizerResult,
    tendril::StrTendril,
    tokenizer::{BufferQueue, EndTag, StartTag, Tag, Token, TokenSink, TokenSinkResult, Tokenizer, TokenizerOpts},
};

/// How deep elements may lie in one another before only their text is read: who converts them goes as deep.
const DEEPEST: usize = 256;

/// Elements that Markdown has no word for, and what is lost with them; sorted.
const LOST_ELEMENTS: &[(&str, &str)] = &[
    ("audio", "media"),
    ("big", "size"),
    ("details", "details"),
    ("dl", "definition list"),
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

/// Elements that a cell of a table in Markdown cannot hold; sorted.
const LOST_IN_CELLS: &[&str] = &["blockquote", "h1", "h2", "h3", "h4", "h5", "h6", "hr", "ol", "pre", "table", "ul"];

/// Elements that a block of code in Markdown cannot hold; sorted.
const LOST_IN_CODE: &[&str] = &["a", "b", "del", "em", "i", "img", "s", "strike", "strong"];

/// Attributes that Markdown has no word for, and what is lost with them, beside the one that marks a person; sorted.
const LOST_ATTRIBUTES: &[(&str, &str)] =
    &[("colspan", "merged cells"), ("height", "image size"), ("rowspan", "merged cells"), ("width", "image size")];

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

/// What a first look at HTML tells, which goes no deeper for deep ones.
#[derive(Debug, Default)]
pub(crate) struct Seen {
    pub lost: Vec<&'static str>,
    pub text: String,
    pub is_too_deep: bool,
}

impl Seen {
    /// Looks at HTML, where a person is marked by that attribute.
    pub(crate) fn of(html: &str, mention: &'static str) -> Self {
        let input = BufferQueue::default();
        input.push_back(StrTendril::from_slice(html));
        let tokenizer =
            Tokenizer::new(Reader(RefCell::new(State { mention, ..State::default() })), TokenizerOpts::default());
        // Only scripts stop a tokenizer, and nobody runs them here.
        while !matches!(tokenizer.feed(&input), TokenizerResult::Done) {}
        tokenizer.end();
        tokenizer.sink.0.into_inner().seen
    }
}

struct Reader(RefCell<State>);

#[derive(Default)]
struct State {
    mention: &'static str,
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
        let is_in = |elements: &[&str]| self.open.iter().any(|open| elements.contains(&open.as_str()));
        let is_lost_in_cell = LOST_IN_CELLS.binary_search(&name).is_ok() && is_in(&["td", "th"]);
        let is_lost_in_code = LOST_IN_CODE.binary_search(&name).is_ok() && is_in(&["pre"]);
        self.lose(is_lost_in_cell.then_some("table"));
        self.lose(is_lost_in_code.then_some("preformatted"));
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
        if name == self.mention {
            return self.lose(Some("mention"));
        }
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

    #[test]
    fn every_table_is_sorted() {
        for table in [LOST_ELEMENTS, LOST_ATTRIBUTES, LOST_STYLES] {
            assert!(table.is_sorted_by_key(|(name, _)| *name));
        }
        assert!(LOST_IN_CELLS.is_sorted() && LOST_IN_CODE.is_sorted());
    }
}
