//! What the adapter does: each operation builds its requests, decodes the answers and maps them.
//!
//! Beside the operations stand what several of them need: `filter` (criteria in Linear's words), `lookup` (names), `more` (what
//! of an issue did not fit into it), `push` (issues onto a page), `report` (what became of a field).

mod check;
mod filter;
mod list;
mod more;
mod push;
mod read;

pub(crate) use check::check;
pub(crate) use list::fetch;
pub(crate) use read::{get, normalize};
