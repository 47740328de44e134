//! A line of a tree as Markdown: signs around runs that open and close where Markdown lets them.
//!
//! Runs are flat; here they nest. Whatever goes on longest is outermost. Two rules of Markdown decide the rest: a sign opens
//! only beside a letter or after a space or a sign, and neighbouring signs of one kind are one. So a letter in the way is
//! written by its number, and bold or italic text that begins right where another ends takes the other sign.

use super::escape::{self, Spot};
use crate::text::{
    links,
    tree::{Image, Inline, Link, Mark, Run, Style},
};

/// What a line stands in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Place {
    Paragraph,
    Heading,
    Cell,
}

/// Returns a line, or the lines of a paragraph, without the signs of what they stand in.
pub(super) fn write(content: &[Inline<'_>], place: Place) -> String {
    let mut writer = Writer {
        text: String::new(),
        place,
        open: Vec::new(),
        starts_line: true,
        is_below: false,
        needs_sign: false,
        just_closed: false,
    };
    let extents = extents(content);
    for (at, inline) in content.iter().enumerate() {
        writer.inline(inline, &extents[at]);
    }
    writer.close_to(0);
    match place {
        Place::Paragraph => writer.text,
        Place::Heading => without_closing_sequence(writer.text),
        Place::Cell => writer.text.replace('|', "\\|"),
    }
}

struct Writer<'c> {
    text: String,
    place: Place,
    open: Vec<Open<'c>>,
    starts_line: bool,
    is_below: bool,
    /// What was closed last ends only before a space or a sign.
    needs_sign: bool,
    /// Something was closed, and nothing written since.
    just_closed: bool,
}

/// What was opened, and the sign that closes it.
struct Open<'c> {
    what: What<'c>,
    sign: &'static str,
}

#[derive(Clone, Copy, PartialEq)]
enum What<'c> {
    Mark(Mark),
    Link(&'c Link<'c>),
}

/// How many runs in a row go on with each mark, and with the link.
#[derive(Clone, Copy, Default)]
struct Extent {
    marks: [usize; Mark::ALL.len()],
    link: usize,
}

impl<'c> Writer<'c> {
    fn inline(&mut self, inline: &'c Inline<'c>, extent: &Extent) {
        if let Inline::Text(run) = inline {
            return self.run(run, extent);
        }
        self.close_to(0);
        match inline {
            Inline::Text(_) => {}
            Inline::Break => self.line_break(),
            Inline::Card(url) => self.text.extend(["<", url, ">"]),
            Inline::Mention { id, text } => self.link_to(&links::mention(id), text),
            Inline::File { name, target } => self.link_to(target, name),
            Inline::Image(image) => self.image(image),
        }
        self.starts_line = matches!(inline, Inline::Break) && self.place == Place::Paragraph;
        self.wrote();
    }

    fn run(&mut self, run: &'c Run<'c>, extent: &Extent) {
        let goes_on = |what: What<'_>| match what {
            What::Mark(mark) => run.style.marks.has(mark),
            What::Link(link) => run.style.link.as_ref() == Some(link),
        };
        let kept = self.open.iter().position(|open| !goes_on(open.what)).unwrap_or(self.open.len());
        self.close_to(kept);
        let first = run.text.chars().next().filter(|_| !run.style.marks.has(Mark::Code));
        let missing = self.missing(&run.style, extent);
        for (at, what) in missing.iter().enumerate() {
            // Before all but the last there stands a further sign.
            self.open(*what, first.filter(|_| at + 1 == missing.len()));
        }
        if run.style.marks.has(Mark::Code) {
            code(&run.text, &mut self.text);
        } else {
            let starts_line = self.starts_line && self.open.is_empty();
            let starts_block = starts_line && self.place == Place::Paragraph;
            let spot = Spot { starts_line, starts_block, is_below: self.is_below, needs_sign: self.needs_sign };
            escape::text(&run.text, spot, &mut self.text);
        }
        self.starts_line = false;
        self.wrote();
    }

    /// Returns what has to be opened for a run, the longest first.
    fn missing(&self, style: &'c Style<'c>, extent: &Extent) -> Vec<What<'c>> {
        let is_open = |what: What<'_>| self.open.iter().any(|open| open.what == what);
        let link = style.link.iter().map(|link| (extent.link, What::Link(link)));
        let marks = Mark::ALL.iter().filter(|mark| **mark != Mark::Code && style.marks.has(**mark));
        let marks = marks.map(|mark| (extent.marks[*mark as usize], What::Mark(*mark)));
        let mut missing: Vec<_> = link.chain(marks).filter(|(_, what)| !is_open(*what)).collect();
        missing.sort_by_key(|(extent, _)| std::cmp::Reverse(*extent));
        missing.into_iter().map(|(_, what)| what).collect()
    }

    fn open(&mut self, what: What<'c>, inside: Option<char>) {
        let touches_star = self.just_closed && self.text.ends_with('*');
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
        if opening.starts_with('*') && !inside.is_some_and(char::is_alphanumeric) {
            self.make_way();
        }
        self.text.push_str(opening);
        self.open.push(Open { what, sign: closing });
        self.wrote();
    }

    /// Writes a letter before us by its number: a sign before a sign opens nothing right after a letter.
    fn make_way(&mut self) {
        let Some(last) = self.text.chars().next_back() else { return };
        if last.is_whitespace() || last.is_ascii_punctuation() {
            return;
        }
        self.text.pop();
        escape::reference(last, &mut self.text);
    }

    fn close_to(&mut self, kept: usize) {
        let mut inside = self.text.chars().next_back();
        let mut before = None;
        while self.open.len() > kept {
            let Some(Open { what, sign }) = self.open.pop() else { return };
            let first = sign.chars().next();
            if before.is_some() && before != first {
                inside = before;
            }
            self.text.push_str(sign);
            self.needs_sign = match first {
                Some('*') => !inside.is_some_and(char::is_alphanumeric),
                Some('_') => true,
                _ => false,
            };
            if let What::Link(link) = what {
                self.target(&link.target, &link.title);
            }
            before = self.text.chars().next_back();
            self.just_closed = true;
        }
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
        self.just_closed = false;
    }
}

/// Counts from the end, so that each run is looked at once.
fn extents(content: &[Inline<'_>]) -> Vec<Extent> {
    let mut extents = vec![Extent::default(); content.len()];
    let mut next: Option<(&Run<'_>, Extent)> = None;
    for (inline, extent) in content.iter().zip(&mut extents).rev() {
        let Inline::Text(run) = inline else {
            next = None;
            continue;
        };
        for mark in Mark::ALL.into_iter().filter(|mark| run.style.marks.has(*mark)) {
            extent.marks[mark as usize] = 1 + next.map_or(0, |(_, next)| next.marks[mark as usize]);
        }
        if run.style.link.is_some() {
            extent.link =
                1 + next.filter(|(next, _)| next.style.link == run.style.link).map_or(0, |(_, next)| next.link);
        }
        next = Some((run, *extent));
    }
    extents
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
