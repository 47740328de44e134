//! What the adapter does: each operation builds its requests, decodes the answers and maps them.
//!
//! Beside the operations stand what several of them need: `batch` (work items by number), `lookup` (names), `marker`,
//! `place` (cursors), `report` (what became of a field), `wiql` (queries).

mod batch;
mod check;
mod list;
mod place;
mod read;
mod search;
mod wiql;

pub(crate) use check::check;
pub(crate) use list::fetch;
pub(crate) use read::{get, normalize};
pub(crate) use search::search;
