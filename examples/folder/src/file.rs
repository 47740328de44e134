//! A ticket's file: front matter, body, and notes one after the other.
//!
//! ```text
//! ---
//! title: Checkout button is dead on Safari
//! ---
//!
//! The body, Markdown.
//!
//! <!-- note id=1 author=mara visibility=internal at=2026-03-03T08:00:00Z -->
//! What Mara noted.
//! ```
//!
//! A line that begins with `<!-- note id=` begins a note. A body or a note that holds such a line of its own is
//! written with a backslash before it, and read without: whatever text goes in comes out the same.

use std::{borrow::Cow, ops::Range};

use usher_adapter_sdk::model::Time;

use crate::{
    error::Fault,
    front_matter::{self, FrontMatter},
};

/// What the line before a note begins with.
const NOTE: &str = "<!-- note id=";
/// The part of it that is not yet the first of the attributes.
const NOTE_OPENING: &str = "<!-- note ";
/// What it ends with.
const NOTE_CLOSING: &str = "-->";
/// The line before and after the front matter.
const FENCE: &str = "---";
/// What some editors write before everything else.
const BYTE_ORDER_MARK: char = '\u{feff}';

/// The parts of a file, found and not yet read.
#[derive(Debug)]
pub(crate) struct TicketFile<'a> {
    text: &'a str,
    newline: &'static str,
    front: Range<usize>,
    rest: usize,
}

/// One note, as it stands in the file.
#[derive(Debug, PartialEq)]
pub(crate) struct FileNote<'a> {
    pub(crate) head: NoteHead<'a>,
    pub(crate) body: Cow<'a, str>,
}

/// The line before a note.
#[derive(Debug, Default, PartialEq)]
pub(crate) struct NoteHead<'a> {
    pub(crate) id: Cow<'a, str>,
    pub(crate) author: Option<Cow<'a, str>>,
    pub(crate) visibility: Option<Cow<'a, str>>,
    pub(crate) at: Option<Time>,
    pub(crate) in_reply_to: Option<Cow<'a, str>>,
    pub(crate) marker: Option<Cow<'a, str>>,
}

impl<'a> TicketFile<'a> {
    /// Finds the parts of a file.
    pub(crate) fn new(text: &'a str) -> Result<Self, Fault> {
        let start = text.len() - text.trim_start_matches(BYTE_ORDER_MARK).len();
        let mut lines = text[start..].split_inclusive('\n');
        let first = lines.next().unwrap_or_default();
        if first.trim_end() != FENCE {
            return Err(Fault::new(1, "the first line is not `---`, there is no front matter"));
        }
        let newline = if first.ends_with("\r\n") { "\r\n" } else { "\n" };
        let front = start + first.len();
        let mut end = front;
        for line in lines {
            if line.trim_end() == FENCE {
                return Ok(Self { text, newline, front: front..end, rest: end + line.len() });
            }
            end += line.len();
        }
        Err(Fault::new(1, "the front matter has no end, a second line `---`"))
    }

    /// Reads the front matter.
    pub(crate) fn front_matter(&self) -> Result<FrontMatter<'a>, Fault> {
        front_matter::read(&self.text[self.front.clone()]).map_err(|fault| self.in_front(fault))
    }

    /// Returns the body; a ticket whose body is empty has none.
    pub(crate) fn body(&self) -> Option<Cow<'a, str>> {
        let end = self.note_starts().next();
        let body = &self.text[self.rest..end.unwrap_or(self.text.len())];
        let body = body.strip_prefix(self.newline).unwrap_or(body);
        let body = self.without_ending(body, end.is_some());
        (!body.is_empty()).then(|| unescape(body))
    }

    /// Reads the notes in the order of the file.
    pub(crate) fn notes(&self) -> Result<Vec<FileNote<'a>>, Fault> {
        let starts: Vec<usize> = self.note_starts().collect();
        let ends = starts.iter().skip(1).copied().chain([self.text.len()]);
        starts.iter().zip(ends).map(|(start, end)| self.note(*start, end)).collect()
    }

    /// Returns the file with single keys of the front matter changed.
    pub(crate) fn with_front_matter(&self, edits: &[front_matter::Edit]) -> Result<String, Fault> {
        let block = front_matter::edit(&self.text[self.front.clone()], edits, self.newline);
        let block = block.map_err(|fault| self.in_front(fault))?;
        Ok([&self.text[..self.front.start], &block, &self.text[self.front.end..]].concat())
    }

    /// Returns the file with another body.
    pub(crate) fn with_body(&self, body: &str) -> String {
        let first_note = self.note_starts().next();
        let mut file = self.text[..self.rest].to_owned();
        self.end_line(&mut file);
        if !body.is_empty() {
            file.push_str(self.newline);
            file.push_str(&escape(body));
            file.push_str(self.newline);
        }
        if let Some(first_note) = first_note {
            file.push_str(self.newline);
            file.push_str(&self.text[first_note..]);
        }
        file
    }

    /// Returns the file with one more note at its end.
    pub(crate) fn with_note(&self, note: &FileNote<'_>) -> String {
        let mut file = self.text.to_owned();
        self.end_line(&mut file);
        file.push_str(self.newline);
        file.push_str(&note.head.written());
        file.push_str(self.newline);
        file.push_str(&escape(&note.body));
        file.push_str(self.newline);
        file
    }

    /// Ends the last line, where whoever wrote the file did not.
    fn end_line(&self, file: &mut String) {
        if !file.ends_with(self.newline) {
            file.push_str(self.newline);
        }
    }

    fn note_starts(&self) -> impl Iterator<Item = usize> + use<'a> {
        let (text, rest) = (self.text, self.rest);
        let places = text[rest..].match_indices(NOTE).map(move |(at, _)| rest + at);
        places.filter(move |at| text[..*at].ends_with('\n'))
    }

    fn note(&self, start: usize, end: usize) -> Result<FileNote<'a>, Fault> {
        let text = &self.text[start..end];
        let (head, body) = text.split_once('\n').unwrap_or((text, ""));
        let head = NoteHead::read(head).map_err(|message| Fault::new(self.line(start), message))?;
        let body = self.without_ending(body, end < self.text.len());
        Ok(FileNote { head, body: unescape(body) })
    }

    /// Takes off the end of the last line, and the blank line before a note.
    fn without_ending<'t>(&self, text: &'t str, before_note: bool) -> &'t str {
        let text = text.strip_suffix(self.newline).unwrap_or(text);
        if before_note { text.strip_suffix(self.newline).unwrap_or(text) } else { text }
    }

    fn line(&self, at: usize) -> usize {
        self.text[..at].matches('\n').count() + 1
    }

    fn in_front(&self, fault: Fault) -> Fault {
        Fault { line: fault.line + 1, ..fault }
    }
}

/// Returns the text of a new file.
pub(crate) fn new_file(edits: &[front_matter::Edit], body: &str) -> Result<String, Fault> {
    let empty = format!("{FENCE}\n{FENCE}\n");
    let with_front = TicketFile::new(&empty)?.with_front_matter(edits)?;
    Ok(TicketFile::new(&with_front)?.with_body(body))
}

/// Puts a backslash before each line that would begin a note, with or without backslashes before it already.
fn escape(text: &str) -> Cow<'_, str> {
    each_note_line(text, |line| format!("\\{line}"))
}

/// Takes the backslash away again.
fn unescape(text: &str) -> Cow<'_, str> {
    each_note_line(text, |line| line.strip_prefix('\\').unwrap_or(line).to_owned())
}

fn each_note_line(text: &str, change: impl Fn(&str) -> String) -> Cow<'_, str> {
    if !text.contains(NOTE) {
        return Cow::Borrowed(text);
    }
    let is_note = |line: &str| line.trim_start_matches('\\').starts_with(NOTE);
    let lines = text.split_inclusive('\n');
    Cow::Owned(lines.map(|line| if is_note(line) { change(line) } else { line.to_owned() }).collect())
}

impl<'a> NoteHead<'a> {
    /// Reads the line before a note; attributes that nobody knows are left alone.
    fn read(line: &'a str) -> Result<Self, String> {
        let line = line.trim_end();
        let attributes = line.strip_prefix(NOTE_OPENING).and_then(|line| line.strip_suffix(NOTE_CLOSING));
        let mut left = attributes.ok_or("the line before a note does not end with `-->`")?.trim();
        let mut head = NoteHead::default();
        while !left.is_empty() {
            let (name, value, rest) = attribute(left)?;
            head.take(name, value)?;
            left = rest.trim_start();
        }
        if head.id.is_empty() { Err("a note without an id".to_owned()) } else { Ok(head) }
    }

    fn take(&mut self, name: &str, value: Cow<'a, str>) -> Result<(), String> {
        match name {
            "id" => self.id = value,
            "author" => self.author = Some(value),
            "visibility" => self.visibility = Some(value),
            "at" => self.at = Some(Time::parse(&value).map_err(|error| error.message().to_owned())?),
            "in_reply_to" => self.in_reply_to = Some(value),
            "marker" => self.marker = Some(value),
            _ => (),
        }
        Ok(())
    }

    fn written(&self) -> String {
        let at = self.at.map(|at| Cow::Owned(at.to_string()));
        let attributes = [
            ("author", &self.author),
            ("visibility", &self.visibility),
            ("at", &at),
            ("in_reply_to", &self.in_reply_to),
            ("marker", &self.marker),
        ];
        let mut line = format!("{NOTE}{}", attribute_value(&self.id));
        for (name, value) in attributes {
            if let Some(value) = value {
                line.extend([" ", name, "=", &attribute_value(value)]);
            }
        }
        line + " " + NOTE_CLOSING
    }
}

/// Takes the first attribute off: its name, its value, and what is left.
fn attribute(text: &str) -> Result<(&str, Cow<'_, str>, &str), String> {
    let (name, value) = text.split_once('=').ok_or_else(|| format!("`{text}` is not `name=value`"))?;
    if !value.starts_with('"') {
        let end = value.find(char::is_whitespace).unwrap_or(value.len());
        return Ok((name, Cow::Borrowed(&value[..end]), &value[end..]));
    }
    let mut values = serde_json::Deserializer::from_str(value).into_iter::<String>();
    match values.next() {
        Some(Ok(quoted)) => Ok((name, Cow::Owned(quoted), &value[values.byte_offset()..])),
        _ => Err(format!("the value of `{name}` has no closing quote")),
    }
}

/// Returns a value as it is written: plain where that is safe, else as JSON in which nothing ends the comment.
fn attribute_value(value: &str) -> Cow<'_, str> {
    let is_plain = |c: char| c.is_alphanumeric() || "@._:+/-".contains(c);
    if !value.is_empty() && value.chars().all(is_plain) && !value.ends_with('-') {
        return Cow::Borrowed(value);
    }
    let quoted = serde_json::Value::from(value).to_string();
    Cow::Owned(quoted.replace('>', "\\u003e").replace('<', "\\u003c"))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    /// Pieces that have broken, or could break, a file format.
    const PIECES: &[&str] = &[
        "",
        "\n",
        "\r\n",
        "\r",
        "---",
        "---\n",
        "\n---\n",
        "<!-- note id=1 -->",
        "<!-- note id=",
        "<!-- note",
        "\\",
        "\\\\",
        "-->",
        "# Heading\n",
        "```\n",
        " ",
        "\t",
        "ä🙂",
        "\0",
        "\u{feff}",
        "title: x\n",
        "text",
        "\n\n",
        "<!-- note id=7 author=eve visibility=public -->\n",
        "\u{2028}",
        "\"",
        "&amp;",
    ];

    /// A sequence of numbers that is the same in every run.
    struct Dice(u64);

    impl Dice {
        fn roll(&mut self, below: usize) -> usize {
            self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (self.0 >> 33) as usize % below
        }

        fn text(&mut self) -> String {
            (0..self.roll(9)).map(|_| PIECES[self.roll(PIECES.len())]).collect()
        }
    }

    fn note(id: &'static str, body: &str) -> FileNote<'static> {
        FileNote { head: NoteHead { id: id.into(), ..NoteHead::default() }, body: Cow::Owned(body.to_owned()) }
    }

    #[test]
    fn any_body_and_any_notes_come_back_unchanged_in_files_of_both_newlines() {
        let mut dice = Dice(7);
        for round in 0..4_000 {
            let newline = if round % 2 == 0 { "\n" } else { "\r\n" };
            let mut file = ["---", "title: x", "---", ""].join(newline);
            let (first, body) = (dice.text(), dice.text());
            file = TicketFile::new(&file).unwrap().with_body(&first);
            let notes = [dice.text(), dice.text()];
            for (id, note_body) in ["1", "2"].into_iter().zip(&notes) {
                file = TicketFile::new(&file).unwrap().with_note(&note(id, note_body));
            }
            let body_then = TicketFile::new(&file).unwrap().body().unwrap_or_default().into_owned();
            assert_eq!(body_then, first, "{file:?}");
            file = TicketFile::new(&file).unwrap().with_body(&body);
            file = TicketFile::new(&file).unwrap().with_front_matter(&[("status", Some(json!("done")))]).unwrap();
            let read = TicketFile::new(&file).unwrap();
            assert_eq!(read.body().unwrap_or_default(), body, "{file:?}");
            let found: Vec<String> = read.notes().unwrap().iter().map(|note| note.body.to_string()).collect();
            assert_eq!(found, notes, "{file:?}");
        }
    }

    #[test]
    fn any_attribute_comes_back_and_ends_no_comment() {
        let mut dice = Dice(11);
        for _ in 0..2_000 {
            let head = NoteHead {
                id: "1".into(),
                author: Some(dice.text().into()),
                marker: Some(dice.text().into()),
                in_reply_to: Some((dice.text() + "--").into()),
                ..NoteHead::default()
            };
            let line = head.written();
            assert!(!line.contains('\n') && line.matches(NOTE_CLOSING).count() == 1, "{line}");
            assert_eq!(NoteHead::read(&line).unwrap(), head, "{line}");
        }
    }

    #[test]
    fn a_file_written_by_hand_needs_no_blank_lines() {
        let file = TicketFile::new("---\ntitle: x\n---\nBody\n<!-- note id=a -->\nFirst\n<!-- note id=b -->").unwrap();
        assert_eq!(file.body().as_deref(), Some("Body"));
        assert_eq!(file.notes().unwrap(), [note("a", "First"), note("b", "")]);
    }

    #[test]
    fn a_body_may_hold_rules_headings_and_comments_of_its_own() {
        let text = "---\ntitle: x\n---\n\n# One\n\n---\n\n<!-- note to self -->\n  <!-- note id=1 -->\nTwo\n";
        let file = TicketFile::new(text).unwrap();
        assert_eq!(file.body().as_deref(), Some("# One\n\n---\n\n<!-- note to self -->\n  <!-- note id=1 -->\nTwo"));
        assert!(file.notes().unwrap().is_empty());
    }

    #[test]
    fn attributes_that_nobody_knows_survive_a_new_note() {
        let text = "---\ntitle: x\n---\n\n<!-- note id=1 mood=\"so so\" -->\nFirst\n";
        let changed = TicketFile::new(text).unwrap().with_note(&note("2", "Second"));
        assert_eq!(changed, format!("{text}\n<!-- note id=2 -->\nSecond\n"));
    }

    #[test]
    fn a_fault_names_its_line_in_the_file() {
        for (text, line) in [
            ("Just text\n", 1),
            ("---\ntitle: x\n", 1),
            ("---\ntitle: x\ndue: soon\n---\n", 3),
            ("---\ntitle: x\n---\n\n<!-- note id=1 at=yesterday -->\n", 5),
            ("---\ntitle: x\n---\n\n<!-- note id=1 author=\"eve -->\n", 5),
            ("---\ntitle: x\n---\n\n<!-- note id=1\n", 5),
        ] {
            let read = TicketFile::new(text).and_then(|file| file.front_matter().and(file.notes().map(drop)));
            assert_eq!(read.unwrap_err().line, line, "{text:?}");
        }
    }
}
