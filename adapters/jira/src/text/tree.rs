//! What all three languages have in common: blocks, and runs of styled text. Bringing runs into their normal form is in
//! `tree/runs`, nesting them in `tree/spans`.

mod runs;
mod spans;

use std::borrow::Cow;

pub(crate) use runs::{flat, is_blank, language, plain, row_as_line, settled, with_mark};
pub(crate) use spans::{Step, What, spans};

/// A part of a text that stands on lines of its own.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Block<'a> {
    Paragraph(Vec<Inline<'a>>),
    Heading { level: u8, content: Vec<Inline<'a>> },
    List(List<'a>),
    Code { language: Cow<'a, str>, text: Cow<'a, str> },
    Quote { alert: Option<Alert>, content: Vec<Block<'a>> },
    Table(Table<'a>),
    Rule,
}

/// A list; numbered if it has a start.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct List<'a> {
    pub start: Option<u64>,
    pub items: Vec<Item<'a>>,
}

/// One item of a list; a task if it says whether it is done.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Item<'a> {
    pub checked: Option<bool>,
    pub content: Vec<Block<'a>>,
}

/// A table; a cell holds one paragraph.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Table<'a> {
    pub header: Option<Row<'a>>,
    pub rows: Vec<Row<'a>>,
}

/// The cells of a row.
pub(crate) type Row<'a> = Vec<Vec<Inline<'a>>>;

/// What a quote says of itself: GitHub's alerts, which are the panels of Jira.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Alert {
    Note,
    Tip,
    Important,
    Warning,
    Caution,
}

/// A part of a line.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Inline<'a> {
    Text(Run<'a>),
    Break,
    /// A person, and how the text names them.
    Mention {
        id: Cow<'a, str>,
        text: Cow<'a, str>,
    },
    /// A link that shows its own target.
    Card(Cow<'a, str>),
    Image(Image<'a>),
    /// A file that stands in a line.
    File {
        name: Cow<'a, str>,
        target: Cow<'a, str>,
    },
}

/// A picture, which may be a link.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Image<'a> {
    pub name: Cow<'a, str>,
    pub target: Cow<'a, str>,
    pub link: Option<Cow<'a, str>>,
}

/// Text of one style.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Run<'a> {
    pub text: Cow<'a, str>,
    pub style: Style<'a>,
}

/// How a run looks, and where it leads.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Style<'a> {
    pub marks: Marks,
    pub link: Option<Link<'a>>,
}

/// Where a run leads.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Link<'a> {
    pub target: Cow<'a, str>,
    pub title: Cow<'a, str>,
}

/// One way in which a run differs from plain text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub(crate) enum Mark {
    Strong,
    Emphasis,
    Strike,
    Underline,
    Subscript,
    Superscript,
    Code,
}

impl Mark {
    pub(crate) const ALL: [Mark; 7] =
        [Self::Strong, Self::Emphasis, Self::Strike, Self::Underline, Self::Subscript, Self::Superscript, Self::Code];
}

/// A set of marks.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Marks(u8);

impl Marks {
    pub(crate) fn has(self, mark: Mark) -> bool {
        self.0 & (1 << mark as u8) != 0
    }

    /// Returns what is in both.
    pub(crate) fn and(self, other: Self) -> Self {
        Self(self.0 & other.0)
    }

    #[must_use]
    pub(crate) fn with(self, mark: Mark) -> Self {
        Self(self.0 | (1 << mark as u8))
    }

    #[must_use]
    pub(crate) fn without(self, mark: Mark) -> Self {
        Self(self.0 & !(1 << mark as u8))
    }
}

impl<'a> Inline<'a> {
    /// Returns text without a style.
    pub(crate) fn text(text: impl Into<Cow<'a, str>>) -> Self {
        Self::Text(Run { text: text.into(), style: Style::default() })
    }
}

impl<'a> From<Vec<Block<'a>>> for Item<'a> {
    fn from(content: Vec<Block<'a>>) -> Self {
        Self { checked: None, content }
    }
}
