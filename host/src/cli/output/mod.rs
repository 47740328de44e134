//! Everything users see of data on stdout, and how an error looks on stderr.
//!
//! [`Out`] is the one place that writes. [`ListWriter`] streams tickets in any [`Format`], [`Table`] and
//! [`Facts`] lay out everything smaller, and every text that came from outside goes through `sanitize`
//! on its way to a person. Tickets are the bytes that the cache holds: JSON forms pass them on untouched.
//!
//! What is not here: what to print and when (the commands), logs and progress (stderr, elsewhere).

mod columns;
mod completeness;
mod csv;
mod details;
mod error;
pub mod exit_code;
mod facts;
mod fields;
mod format;
mod jq;
mod known_fields;
mod list;
mod markdown;
mod out;
mod pager;
mod sanitize;
mod select;
pub(crate) mod stdout;
mod style;
mod table;
mod ticket;
mod time;
mod value;
mod width;
mod wrap;
mod written;

#[cfg(test)]
mod testing;

pub use completeness::ListCompleteness;
pub(crate) use completeness::grouped;
pub use details::attachments;
pub use error::{ErrorReport, ReportKind, render_error};
pub use exit_code::exit_code;
pub use facts::Facts;
pub use fields::Fields;
pub use format::Format;
pub use jq::Filter;
pub use list::{ListWriter, write_ticket};
pub use out::{Out, OutSettings, Outcome, Stop};
pub use pager::PagerChoice;
pub use sanitize::{line as sanitized_line, text as sanitized_text};
pub use style::{ColorChoice, View};
pub use table::{Cell, Table};
pub(crate) use written::{say_altered, say_refused};
