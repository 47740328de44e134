//! Facts about one thing, a label and a value each, below one another.

use super::sanitize;
use super::style::{QUIET, View};
use super::table::Cell;
use super::{width, wrap};

/// Labels and values in two columns. A label that repeats the one before is not written again.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Facts(Vec<(String, Cell)>);

impl Facts {
    /// Returns no facts.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a fact.
    pub fn push(&mut self, label: impl AsRef<str>, value: impl Into<Cell>) {
        self.0.push((sanitize::line(label.as_ref()).into_owned(), value.into()));
    }

    /// Adds a fact if it is known; what is not known is not shown.
    pub fn push_known(&mut self, label: impl AsRef<str>, value: Option<impl Into<Cell>>) {
        if let Some(value) = value {
            self.push(label, value);
        }
    }

    /// Adds a fact, for lists written in one expression.
    #[must_use]
    pub fn with(mut self, label: impl AsRef<str>, value: impl Into<Cell>) -> Self {
        self.push(label, value);
        self
    }

    /// Says whether there are no facts.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Returns the facts as text; long values are wrapped in their column on a terminal.
    pub fn render(&self, view: &View) -> String {
        let column = self.0.iter().map(|(label, _)| width::of(label)).max().unwrap_or(0) + 2;
        let mut out = String::new();
        let mut before = None;
        for (label, value) in &self.0 {
            let label = if before == Some(label) { "" } else { before.insert(label).as_str() };
            out.push_str(&view.paint(QUIET, label));
            let lines = match view.width {
                Some(columns) => wrap::prose(value.text(), columns.saturating_sub(column), ""),
                None => vec![value.text().to_owned()],
            };
            let mut padding = column - width::of(label);
            for line in &lines {
                if !line.is_empty() {
                    width::pad(&mut out, padding);
                }
                out.push_str(&view.paint(value.style(), line));
                out.push('\n');
                padding = column;
            }
        }
        out
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{now, terminal};
    use super::*;

    fn connection() -> Facts {
        Facts::new()
            .with("Connection", "work")
            .with("Projects", "SHOP")
            .with("Projects", "TILL, and a few more that make this longer than forty columns")
            .with("Error\x07", Cell::new("a\nb").bad())
            .with("Empty", "")
    }

    #[test]
    fn values_stand_in_one_column() {
        let expected = "\
Connection  work
Projects    SHOP
            TILL, and a few more that make this longer than forty columns
Error␇      a b
Empty
";
        assert_eq!(connection().render(&View::plain(now())), expected);
        assert_eq!(Facts::new().render(&terminal(40)), "");
    }

    #[test]
    fn long_values_are_wrapped_in_their_column() {
        let expected = "\
Connection  work
Projects    SHOP
            TILL, and a few more that
            make this longer than forty
            columns
Error␇      a b
Empty
";
        assert_eq!(connection().render(&terminal(40)), expected);
    }
}
