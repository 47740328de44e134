//! What the adapter does: each operation builds its requests, decodes the answers and maps them.
//!
//! Beside the operations stand what several of them need: `board` (a board and its columns), `compare` (what became of a
//! write), `filter` (criteria as rules), `people` (names of people), `values` (what writes send).

mod attachments;
mod board;
mod check;
mod compare;
mod create;
mod filter;
mod list;
mod notes;
mod options;
mod people;
mod read;
mod search;
mod update;
mod values;

pub(crate) use attachments::{attach, attachments, download};
pub(crate) use board::check_columns;
pub(crate) use check::check;
pub(crate) use create::create;
pub(crate) use list::fetch;
pub(crate) use notes::{add_note, notes};
pub(crate) use options::options;
pub(crate) use read::{get, normalize};
pub(crate) use search::search;
pub(crate) use update::update;
