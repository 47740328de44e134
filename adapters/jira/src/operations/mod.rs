//! What the adapter does: each operation builds its requests, decodes the answers and maps them.
//!
//! Beside the operations stand what several of them need. To read: `memory`, `paging`, `people` (names), `push` (issues onto a page).
//! To write: `screen` (which fields there are), `fill` (what is asked into their values, by `value`), `plan` (what is written, and
//! whether it was kept), `transition`, `links`.

mod attachments;
mod check;
mod create;
mod fill;
mod links;
mod list;
mod marker;
mod memory;
mod notes;
mod options;
mod paging;
mod people;
mod plan;
mod push;
mod read;
mod screen;
mod search;
mod transition;
mod update;
mod value;

pub(crate) use attachments::{attach, attachments, download};
pub(crate) use check::check;
pub(crate) use create::create;
pub(crate) use list::fetch;
pub(crate) use marker::find_by_marker;
pub(crate) use memory::Memory;
pub(crate) use notes::{add_note, notes};
pub(crate) use options::options;
pub(crate) use read::{get, normalize};
pub(crate) use search::search;
pub(crate) use update::update;
