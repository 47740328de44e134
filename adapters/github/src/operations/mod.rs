//! What the adapter does: each operation builds its requests, decodes the answers and maps them.
//!
//! Beside the operations stand what several of them need: `compare` (what was asked with what is there), `gaps` (fields that are
//! not written), `lookup` (names), `marker`, `parent`, `place` (cursors), `push` (issues onto a page), `state`.

mod attachments;
mod check;
mod compare;
mod create;
mod gaps;
mod list;
mod lookup;
mod marker;
mod notes;
mod options;
mod parent;
mod place;
mod push;
mod read;
mod search;
mod state;
mod update;

pub(crate) use attachments::attachments;
pub(crate) use check::check;
pub(crate) use create::create;
pub(crate) use list::fetch;
pub(crate) use marker::find_by_marker;
pub(crate) use notes::{add_note, notes};
pub(crate) use options::options;
pub(crate) use read::{get, normalize};
pub(crate) use search::search;
pub(crate) use update::update;
