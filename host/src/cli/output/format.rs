//! The forms that data can take.

/// The form in which data is printed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Format {
    /// For people: tables and aligned facts.
    #[default]
    Table,
    /// One JSON document.
    Json,
    /// One JSON object a line; what is not a ticket goes to stderr.
    Jsonl,
    /// Comma-separated values (RFC 4180), for lists.
    Csv,
    /// A Markdown table, for lists.
    Markdown,
}

impl Format {
    /// Says whether the form is for programs, so that errors beside it are JSON too.
    pub fn is_json(self) -> bool {
        matches!(self, Self::Json | Self::Jsonl)
    }

    /// Says whether the form is made of rows that no screen lays out.
    pub fn is_rows(self) -> bool {
        matches!(self, Self::Csv | Self::Markdown)
    }
}
