//! A line of a tree as Markdown: signs around runs that open and close where Markdown lets them.
//!
//! Two rules of Markdown decide how: a sign opens only beside a letter or after a space or a sign, and neighbouring signs of
//! one kind are one. So a letter in the way is written by its number, and bold or italic text that begins right where another
//! begins or ends takes the other sign.

use super::escape::{self, Spot};
use crate::text::{
    links,
    tree::{Image, Inline, Mark, Step, What, spans},
};

/// What a line stands in.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) enum Place {
    #[default]
    Paragraph,
    Heading,
    Cell,
}

/// Returns a line, or the lines of a paragraph, without the signs of what they stand in.
pub(super) fn write(content: &[Inline<'_>], place: Place) -> String {
    let mut writer = Writer { place, starts_line: true, ..Writer::default() };
    let steps = spans(content);
    for (at, step) in steps.iter().enumerate() {
        writer.step(step, &steps[at + 1..]);
    }
    match place {
        Place::Paragraph => writer.text,
        Place::Heading => without_closing_sequence(writer.text),
        Place::Cell => writer.text.replace('|', "\\|"),
    }
}

#[derive(Default)]
struct Writer {
    text: String,
    place: Place,
    /// The signs that close what is open.
    open: Vec<&'static str>,
    /// Where the text begins that was written last.
    text_from: usize,
    starts_line: bool,
    is_below: bool,
    /// What was closed last ends only before a space or a sign.
    needs_sign: bool,
    /// What was closed right before, if nothing was written since.
    closed: Option<Closed>,
    /// A sign was written last, so that another of its kind would join it.
    is_beside_sign: bool,
}

/// A row of closing signs: the last one, and what stands before all of its kind.
#[derive(Clone, Copy)]
struct Closed {
    sign: Option<char>,
    inside: Option<char>,
}

impl Writer {
    fn step(&mut self, step: &Step<'_>, next: &[Step<'_>]) {
        match step {
            Step::Open(what) => return self.open(*what, begins_with_letter(next)),
            Step::Close(what) => return self.close(*what),
            Step::Text(text) => {
                let starts_line = self.starts_line;
                let starts_block = starts_line && self.place == Place::Paragraph;
                let spot = Spot { starts_line, starts_block, is_below: self.is_below, needs_sign: self.needs_sign };
                self.text_from = self.text.len();
                escape::text(text, spot, &mut self.text);
            }
            Step::Code(text) => code(text, &mut self.text),
            Step::Other(Inline::Break) => self.line_break(),
            Step::Other(Inline::Card(url)) => self.text.extend(["<", url, ">"]),
            Step::Other(Inline::Mention { id, text }) => self.link_to(&links::mention(id), text),
            Step::Other(Inline::File { name, target }) => self.link_to(target, name),
            Step::Other(Inline::Image(image)) => self.image(image),
            Step::Other(Inline::Text(_)) => {}
        }
        self.wrote();
        self.starts_line = matches!(step, Step::Other(Inline::Break)) && self.place == Place::Paragraph;
    }

    fn open(&mut self, what: What<'_>, before_letter: bool) {
        let touches_star = self.is_beside_sign && self.text.ends_with('*');
        let (opening, closing) = match what {
            What::Link(_) => ("[", "]"),
            What::Mark(Mark::Underline) => ("<u>", "</u>"),
            What::Mark(Mark::Subscript) => ("<sub>", "</sub>"),
            What::Mark(Mark::Superscript) => ("<sup>", "</sup>"),
            What::Mark(Mark::Strike) => ("~~", "~~"),
            What::Mark(Mark::Strong) if touches_star => ("__", "__"),
            What::Mark(Mark::Strong) => ("**", "**"),
            What::Mark(Mark::Emphasis) if touches_star => ("_", "_"),
            What::Mark(Mark::Emphasis) => ("*", "*"),
            What::Mark(Mark::Code) => ("", ""),
        };
        if opening.starts_with('*') && !before_letter {
            self.make_way();
        }
        self.text.push_str(opening);
        self.open.push(closing);
        self.wrote();
        self.is_beside_sign = true;
    }

    /// Writes a letter before us by its number: a sign before a sign opens nothing right after a letter.
    fn make_way(&mut self) {
        let Some(last) = self.text.chars().next_back() else { return };
        if last.is_whitespace() || last.is_ascii_punctuation() {
            return;
        }
        self.text.pop();
        // What was only itself before a letter may not be so before the reference's sign.
        let written = &self.text[self.text_from.min(self.text.len())..];
        if ends_with_bare(written, '\\') {
            self.text.push('\\');
        } else if ends_with_bare(written, '_') {
            self.text.insert(self.text.len() - 1, '\\');
        }
        escape::reference(last, &mut self.text);
    }

    fn close(&mut self, what: What<'_>) {
        let Some(sign) = self.open.pop() else { return };
        let first = sign.chars().next();
        let last = self.text.chars().next_back();
        let inside = match self.closed {
            Some(closed) if closed.sign == first => closed.inside,
            _ => last,
        };
        self.text.push_str(sign);
        self.needs_sign = match first {
            Some('*' | '~') => !inside.is_some_and(char::is_alphanumeric),
            Some('_') => true,
            _ => false,
        };
        if let What::Link(link) = what {
            self.target(&link.target, &link.title);
        }
        self.closed = Some(Closed { sign: first, inside });
        self.is_beside_sign = true;
        self.starts_line = false;
    }

    fn line_break(&mut self) {
        if self.place == Place::Paragraph {
            self.text.push_str("\\\n");
            self.is_below = true;
        } else {
            self.text.push_str("<br>");
        }
    }

    fn link_to(&mut self, target: &str, name: &str) {
        self.text.push('[');
        self.label(name);
        self.text.push(']');
        self.target(target, "");
    }

    fn image(&mut self, image: &Image<'_>) {
        if image.link.is_some() {
            self.text.push('[');
        }
        self.text.push_str("![");
        self.label(&image.name);
        self.text.push(']');
        self.target(&image.target, "");
        if let Some(link) = &image.link {
            self.text.push(']');
            self.target(link, "");
        }
    }

    fn label(&mut self, name: &str) {
        let spot = Spot { starts_line: false, starts_block: false, is_below: self.is_below, needs_sign: false };
        escape::text(&links::one_line(name), spot, &mut self.text);
    }

    fn target(&mut self, target: &str, title: &str) {
        self.text.push('(');
        escape::destination(target, &mut self.text);
        if !title.is_empty() {
            escape::title(title, &mut self.text);
        }
        self.text.push(')');
    }

    fn wrote(&mut self) {
        self.needs_sign = false;
        self.closed = None;
        self.is_beside_sign = false;
        self.starts_line = false;
    }
}

/// Says whether steps begin with a letter that is written as one: a single one may have to make way for what opens behind it.
fn begins_with_letter(steps: &[Step<'_>]) -> bool {
    let [Step::Text(text), rest @ ..] = steps else { return false };
    let mut characters = text.chars();
    characters.next().is_some_and(char::is_alphanumeric)
        && match rest {
            [Step::Open(What::Mark(Mark::Strong | Mark::Emphasis)), rest @ ..] if characters.next().is_none() => {
                begins_with_letter(rest)
            }
            _ => true,
        }
}

/// Says whether a text ends with a sign that is not escaped.
fn ends_with_bare(text: &str, sign: char) -> bool {
    text.strip_suffix(sign).is_some_and(|before| (before.len() - before.trim_end_matches('\\').len()).is_multiple_of(2))
}

/// Writes code between more backticks in a row than it has itself.
fn code(code: &str, into: &mut String) {
    let fence = "`".repeat(free_length(code));
    let touches = code.starts_with('`') || code.ends_with('`');
    let would_be_stripped = code.starts_with(' ') && code.ends_with(' ') && !code.trim_matches(' ').is_empty();
    let space = if touches || would_be_stripped { " " } else { "" };
    into.extend([&fence, space, code, space, &fence]);
}

/// Returns how many backticks the code does not have in a row.
fn free_length(code: &str) -> usize {
    let mut longest = 0;
    let mut length = 0;
    for byte in code.bytes() {
        length = if byte == b'`' { length + 1 } else { 0 };
        longest = longest.max(length);
    }
    longest + 1
}

/// Number signs after a space at the end of a heading's line are not its text.
fn without_closing_sequence(mut heading: String) -> String {
    let end = heading.trim_end_matches('#').len();
    if end < heading.len() && (end == 0 || heading[..end].ends_with([' ', '\t'])) {
        heading.insert(end, '\\');
    }
    heading
}
