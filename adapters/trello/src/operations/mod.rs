//! What the adapter does: each operation builds its requests, decodes the answers and maps them.
//!
//! Beside the operations stand what several of them need: `actions` (comments and how a card came to be), `lookup` (names),
//! `marker`, `place` (cursors), `push` (cards onto a page), `settle` (what became of a field), `target` (what a status means).

mod actions;
mod attachments;
mod check;
mod create;
mod list;
mod lookup;
mod marker;
mod notes;
mod options;
mod place;
mod push;
mod read;
mod search;
mod settle;
mod target;
mod update;
mod values;

pub(crate) use attachments::{attach, attachments, download};
pub(crate) use check::check;
pub(crate) use create::create;
pub(crate) use list::fetch;
pub(crate) use marker::find_by_marker;
pub(crate) use notes::{add_note, notes};
pub(crate) use options::options;
pub(crate) use read::{get, normalize};
pub(crate) use search::search;
pub(crate) use update::update;
