//! What the adapter does: each operation builds its requests, decodes the answers and maps them.
//!
//! Beside the operations stand what several of them need: `compare` (what was sent with what is there), `filter` (criteria in Linear's
//! words), `gaps` (fields that are not written), `input` (what writes send), `lookup` (names), `more` (what of an issue did not fit
//! into it), `push` (issues onto a page), `relation`.

mod attachments;
mod check;
mod compare;
mod create;
mod filter;
mod gaps;
mod input;
mod list;
mod lookup;
mod marker;
mod more;
mod notes;
mod options;
mod push;
mod read;
mod relation;
mod search;
mod update;

pub(crate) use attachments::{attachments, download};
pub(crate) use check::check;
pub(crate) use create::create;
pub(crate) use list::fetch;
pub(crate) use marker::find_by_marker;
pub(crate) use notes::{add_note, notes};
pub(crate) use options::options;
pub(crate) use read::{get, normalize};
pub(crate) use search::search;
pub(crate) use update::update;
