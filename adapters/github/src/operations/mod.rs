//! What the adapter does: each operation builds its requests, decodes the answers and maps them.

mod list;
mod lookup;
mod place;
mod push;
mod read;
mod search;

pub(crate) use list::fetch;
pub(crate) use read::{get, normalize};
pub(crate) use search::search;
