//! What the adapter does: each operation builds its requests, decodes the answers and maps them.
//!
//! Beside the operations stand what several of them need: `filter` (criteria as encoded queries), `lookup` (names), `write`
//! (columns to write, and what became of each).

mod attachments;
mod check;
mod create;
mod filter;
mod list;
mod lookup;
mod marker;
mod notes;
mod options;
mod read;
mod search;
mod states;
mod update;
mod write;

pub(crate) use attachments::{attach, attachments, download};
pub(crate) use check::check;
pub(crate) use create::create;
pub(crate) use list::fetch;
pub(crate) use marker::find_by_marker;
pub(crate) use notes::{add_note, notes};
pub(crate) use options::options;
pub(crate) use read::{get, normalize};
pub(crate) use search::search;
pub(crate) use states::Remembered;
pub(crate) use update::update;
