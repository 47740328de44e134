//! A tree as Markdown: blocks. Lines are in `markdown/inline`.

use super::inline::{self, Place};
use crate::text::tree::{Alert, Block, Inline, Item, List, Row, Table, is_blank};

/// Returns blocks as Markdown.
pub(crate) fn write(blocks: &[Block<'_>]) -> String {
    let mut writer = Writer::default();
    writer.blocks(blocks, None);
    writer.text
}

/// Text, and what each further line begins with: the signs and the indentation of what it stands in.
#[derive(Default)]
struct Writer {
    text: String,
    prefix: String,
}

impl Writer {
    /// Writes blocks; in an item, they are told the signs of its list.
    fn blocks(&mut self, blocks: &[Block<'_>], item: Option<Marker>) {
        let in_item = item.is_some();
        // Signs of one kind, one behind the other on a line, would be a rule.
        let mut marker = item.unwrap_or_default();
        for (at, block) in blocks.iter().enumerate() {
            let previous = at.checked_sub(1).map(|at| &blocks[at]);
            if let Some(previous) = previous {
                if in_item && follows_closely(previous, block) { self.line() } else { self.blank_line() }
            }
            marker = Marker::after(previous, block, marker, in_item);
            self.block(block, marker, in_item);
        }
    }

    fn block(&mut self, block: &Block<'_>, marker: Marker, in_item: bool) {
        match block {
            Block::Paragraph(content) => self.lines(&inline::write(content, Place::Paragraph)),
            Block::Heading { level, content } => {
                self.text.extend(std::iter::repeat_n('#', usize::from(*level)));
                let content = inline::write(content, Place::Heading);
                if !content.is_empty() {
                    self.text.push(' ');
                    self.text.push_str(&content);
                }
            }
            Block::List(list) => self.list(list, marker),
            Block::Code { language, text } => self.code(language, text),
            Block::Quote { alert, content } => self.quote(*alert, content),
            Block::Table(table) => self.table(table),
            // A rule of hyphens after a list's hyphen would be one rule.
            Block::Rule => self.text.push_str(if in_item { "___" } else { "---" }),
        }
    }

    fn list(&mut self, list: &List<'_>, marker: Marker) {
        let close = list.items.iter().all(is_close);
        for (at, item) in list.items.iter().enumerate() {
            if at > 0 {
                if close { self.line() } else { self.blank_line() }
            }
            let sign = match list.start {
                Some(start) => format!("{}{}", start.saturating_add(at as u64), marker.ordered()),
                None => marker.bullet().to_owned(),
            };
            self.item(&sign, item, marker);
        }
    }

    fn item(&mut self, sign: &str, item: &Item<'_>, marker: Marker) {
        self.text.push_str(sign);
        let outer = self.prefix.len();
        self.prefix.extend(std::iter::repeat_n(' ', sign.len() + 1));
        match item.checked {
            Some(true) => self.text.push_str(" [x]"),
            Some(false) => self.text.push_str(" [ ]"),
            None => {}
        }
        match item.content.first() {
            Some(first) if item.checked.is_some() && !matches!(first, Block::Paragraph(_)) => {
                // A box without a text beside it is no box.
                self.text.push_str(" <br>");
                self.blank_line();
                self.blocks(&item.content, Some(marker));
            }
            Some(_) => {
                self.text.push(' ');
                self.blocks(&item.content, Some(marker));
            }
            None if item.checked.is_some() => self.text.push_str(" <br>"),
            None => {}
        }
        self.prefix.truncate(outer);
    }

    fn code(&mut self, language: &str, text: &str) {
        let sign = if language.contains('`') { '~' } else { '`' };
        let fence: String = std::iter::repeat_n(sign, longest_run(text, sign).max(2) + 1).collect();
        self.text.push_str(&fence);
        self.text.push_str(&super::escape::info_string(language));
        for line in text.split('\n').filter(|_| !text.is_empty()) {
            self.line_of_code(line);
        }
        self.line();
        self.text.push_str(&fence);
    }

    fn quote(&mut self, alert: Option<Alert>, content: &[Block<'_>]) {
        let outer = self.prefix.len();
        self.prefix.push_str("> ");
        self.text.push_str("> ");
        if let Some(alert) = alert {
            self.text.push_str(alert_word(alert));
            match content.first() {
                None => {}
                Some(Block::Paragraph(_)) => self.line(),
                // The word is a paragraph to what comes right below.
                Some(_) => self.blank_line(),
            }
        }
        self.blocks(content, None);
        self.trim();
        self.prefix.truncate(outer);
    }

    fn table(&mut self, table: &Table<'_>) {
        let rows = || table.header.iter().chain(&table.rows);
        let width = rows().map(Vec::len).max().unwrap_or_default().max(1);
        let nothing = Row::new();
        self.row(table.header.as_ref().unwrap_or(&nothing), width);
        self.line();
        self.text.push('|');
        self.text.extend(std::iter::repeat_n(" --- |", width));
        let cells: usize = rows().map(Vec::len).sum();
        // Short rows are filled up, unless that would be nearly all of the table; whoever reads it then does it.
        let is_even = width * table.rows.len() <= 4 * cells + 1024;
        for row in &table.rows {
            self.line();
            self.row(row, if is_even { width } else { 1 });
        }
    }

    fn row(&mut self, row: &[Vec<Inline<'_>>], width: usize) {
        self.text.push('|');
        for cell in row {
            self.text.push(' ');
            self.text.push_str(&inline::write(cell, Place::Cell));
            self.text.push_str(" |");
        }
        self.text.extend(std::iter::repeat_n("  |", width.saturating_sub(row.len())));
    }

    fn lines(&mut self, text: &str) {
        for (at, line) in text.split('\n').enumerate() {
            if at > 0 {
                self.line();
            }
            self.text.push_str(line);
        }
    }

    fn line(&mut self) {
        self.text.push('\n');
        self.text.push_str(&self.prefix);
    }

    fn line_of_code(&mut self, line: &str) {
        self.line();
        if line.is_empty() {
            self.trim();
        }
        self.text.push_str(line);
    }

    fn blank_line(&mut self) {
        self.line();
        self.trim();
        self.line();
    }

    /// Drops spaces at the end of the line.
    fn trim(&mut self) {
        self.text.truncate(self.text.trim_end_matches(' ').len());
    }
}

/// Which signs a list has: neighbours need different ones, or they would be one list.
#[derive(Clone, Copy, Default)]
struct Marker {
    other: bool,
}

impl Marker {
    /// Returns the signs of a block after another, or of the first one of an item.
    fn after(previous: Option<&Block<'_>>, block: &Block<'_>, marker: Self, in_item: bool) -> Self {
        match (previous, block) {
            (Some(Block::List(before)), Block::List(list)) if before.start.is_some() == list.start.is_some() => {
                Self { other: !marker.other }
            }
            (None, Block::List(list)) if in_item && list.start.is_none() => Self { other: !marker.other },
            _ => Self::default(),
        }
    }

    fn bullet(self) -> &'static str {
        if self.other { "*" } else { "-" }
    }

    fn ordered(self) -> char {
        if self.other { ')' } else { '.' }
    }
}

/// Says whether a list may stand right below a text of the same item.
fn follows_closely(previous: &Block<'_>, block: &Block<'_>) -> bool {
    let Block::List(list) = block else { return false };
    // Only these end a paragraph without a blank line.
    let interrupts = list.start.is_none_or(|start| start == 1)
        && list.items.first().is_some_and(|item| !item.content.is_empty() || item.checked.is_some());
    matches!(previous, Block::Paragraph(_)) && interrupts
}

/// Says whether an item needs no blank lines around it.
fn is_close(item: &Item<'_>) -> bool {
    let starts = item.content.windows(2).all(|pair| follows_closely(&pair[0], &pair[1]));
    starts
        && item.content.iter().all(|block| {
            matches!(block, Block::Paragraph(content) if !is_blank(content)) || matches!(block, Block::List(_))
        })
}

fn longest_run(text: &str, sign: char) -> usize {
    let (mut longest, mut length) = (0, 0);
    for character in text.chars() {
        length = if character == sign { length + 1 } else { 0 };
        longest = longest.max(length);
    }
    longest
}

fn alert_word(alert: Alert) -> &'static str {
    match alert {
        Alert::Note => "[!NOTE]",
        Alert::Tip => "[!TIP]",
        Alert::Important => "[!IMPORTANT]",
        Alert::Warning => "[!WARNING]",
        Alert::Caution => "[!CAUTION]",
    }
}
