//! What the adapter does: each operation builds its requests, decodes the answers and maps them.
//!
//! Beside the operations stand what several of them need: `batch` (work items by number), `changes` and `patch` (what a write
//! says), `expected` (what it is to make of a field), `lookup` (names), `marker`, `place` (cursors), `wiql` (queries).

mod attachments;
mod batch;
mod changes;
mod check;
mod create;
mod expected;
mod list;
mod lookup;
mod marker;
mod notes;
mod options;
mod patch;
mod place;
mod read;
mod search;
mod update;
mod wiql;

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
