//! A table of anything: options, attachments, adapters, connections.

use std::borrow::Cow;

use anstyle::{AnsiColor, Style};
use usher_adapter_sdk::model::StatusCategory;

use super::columns::{Column, Layout};
use super::sanitize;
use super::style::{self, View};

/// One cell: a text from anywhere, made safe for a terminal, and how it looks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cell {
    text: String,
    /// What the text stands for, where it is not the text itself: it had to be made safe, is short, or absent.
    value: Option<String>,
    style: Style,
}

impl Cell {
    /// Returns a cell with that text.
    pub fn new(text: impl AsRef<str>) -> Self {
        let text = text.as_ref();
        let (text, value) = match sanitize::line(text) {
            Cow::Borrowed(safe) => (safe.to_owned(), None),
            Cow::Owned(safe) => (safe, Some(text.to_owned())),
        };
        Self { text, value, style: Style::new() }
    }

    /// Returns a cell for what is not known or not there: a quiet dash, and nothing for programs.
    pub fn absent() -> Self {
        Self::new("-").with_value("").quiet()
    }

    /// Says what the text stands for, where people read a short form of it.
    #[must_use]
    pub fn with_value(self, value: impl Into<String>) -> Self {
        Self { value: Some(value.into()), ..self }
    }

    /// Returns a cell in the colour of a status.
    pub fn status(category: &StatusCategory, text: impl AsRef<str>) -> Self {
        Self::new(text).styled(style::of_status(category))
    }

    /// Makes the cell stand out.
    #[must_use]
    pub fn strong(self) -> Self {
        self.styled(style::STRONG)
    }

    /// Makes the cell stand back.
    #[must_use]
    pub fn quiet(self) -> Self {
        self.styled(style::QUIET)
    }

    /// Says that this is as it should be.
    #[must_use]
    pub fn good(self) -> Self {
        self.styled(AnsiColor::Green.on_default())
    }

    /// Says that this asks for attention.
    #[must_use]
    pub fn warning(self) -> Self {
        self.styled(AnsiColor::Yellow.on_default())
    }

    /// Says that this is broken.
    #[must_use]
    pub fn bad(self) -> Self {
        self.styled(AnsiColor::Red.on_default())
    }

    pub(super) fn styled(self, style: Style) -> Self {
        Self { style, ..self }
    }

    pub(super) fn text(&self) -> &str {
        &self.text
    }

    /// Returns what the cell stands for, as it came: not safe for a terminal.
    pub(super) fn value(&self) -> &str {
        self.value.as_deref().unwrap_or(&self.text)
    }

    pub(super) fn style(&self) -> Style {
        self.style
    }
}

impl From<&str> for Cell {
    fn from(text: &str) -> Self {
        Self::new(text)
    }
}

impl From<String> for Cell {
    fn from(text: String) -> Self {
        Self::new(text)
    }
}

impl From<&String> for Cell {
    fn from(text: &String) -> Self {
        Self::new(text)
    }
}

impl From<Cow<'_, str>> for Cell {
    fn from(text: Cow<'_, str>) -> Self {
        Self::new(text)
    }
}

/// What is absent is a quiet dash.
impl<T: Into<Cell>> From<Option<T>> for Cell {
    fn from(text: Option<T>) -> Self {
        text.map_or_else(Self::absent, Into::into)
    }
}

/// A table that is small enough to be laid out at once. Its first column names the thing and is never cut.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Table {
    columns: Vec<Column>,
    rows: Vec<Vec<Cell>>,
}

impl Table {
    /// Returns a table with these headings and no rows.
    pub fn new(headings: impl IntoIterator<Item = impl AsRef<str>>) -> Self {
        let columns = headings.into_iter().enumerate().map(|(index, heading)| {
            let heading = sanitize::line(heading.as_ref()).into_owned();
            if index == 0 { Column::whole(heading) } else { Column::flexible(heading) }
        });
        Self { columns: columns.collect(), rows: Vec::new() }
    }

    /// Adds a row.
    pub fn push(&mut self, cells: impl IntoIterator<Item = impl Into<Cell>>) {
        self.rows.push(cells.into_iter().map(Into::into).collect());
    }

    /// Adds a row, for tables written in one expression.
    #[must_use]
    pub fn with_row(mut self, cells: impl IntoIterator<Item = impl Into<Cell>>) -> Self {
        self.push(cells);
        self
    }

    /// Says whether there are no rows.
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    pub(super) fn headings(&self) -> impl Iterator<Item = &str> {
        self.columns.iter().map(|column| column.heading.as_str())
    }

    pub(super) fn rows(&self) -> &[Vec<Cell>] {
        &self.rows
    }

    /// Returns the table as text; without rows it is nothing at all.
    pub fn render(&self, view: &View) -> String {
        let mut out = String::new();
        if self.is_empty() {
            return out;
        }
        let layout = Layout::of(&self.columns, &self.rows, view);
        layout.headings(&self.columns, view, &mut out);
        for row in &self.rows {
            layout.row(&self.columns, row, view, &mut out);
        }
        out
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{now, terminal};
    use super::*;

    fn adapters() -> Table {
        Table::new(["ADAPTER", "VERSION", "ISOLATION", "FROM"]).with_row(["jira", "1.0.0", "built-in", ""]).with_row([
            Cell::new("redmine"),
            Cell::absent(),
            Cell::new("in-process").warning(),
            Cell::new("/opt/adapters/日本語/libredmine.so\x1b[2J"),
        ])
    }

    #[test]
    fn columns_are_aligned_and_nothing_trails() {
        let expected = "\
ADAPTER  VERSION  ISOLATION   FROM
jira     1.0.0    built-in
redmine  -        in-process  /opt/adapters/日本語/libredmine.so␛[2J
";
        assert_eq!(adapters().render(&View::plain(now())), expected);
        assert_eq!(adapters().render(&terminal(80)), expected);
    }

    #[test]
    fn a_narrow_terminal_cuts_the_widest_column() {
        let expected = "\
ADAPTER  VERSION  ISOLATION   FROM
jira     1.0.0    built-in
redmine  -        in-process  /opt/adap…
";
        assert_eq!(adapters().render(&terminal(40)), expected);
    }

    #[test]
    fn colours_are_outside_the_padding() {
        let view = View { color: true, ..terminal(80) };
        let table = Table::new(["A", "B"]).with_row([Cell::new("x").bad(), Cell::new("y")]);
        assert_eq!(table.render(&view), "\x1b[1mA\x1b[0m  \x1b[1mB\x1b[0m\n\x1b[31mx\x1b[0m  y\n");
    }

    #[test]
    fn an_empty_table_is_nothing() {
        assert_eq!(Table::new(["A"]).render(&terminal(80)), "");
    }
}
