//! What the host can ask for: read or write files, then map them. One file per group.

mod attach;
mod check;
mod list;
mod marker;
mod notes;
mod options;
mod read;
mod scan;
mod write;

pub(crate) use attach::{attach, attachments, download};
pub(crate) use check::check;
pub(crate) use list::{Listings, fetch, search};
pub(crate) use marker::find_by_marker;
pub(crate) use notes::{add_note, notes};
pub(crate) use options::options;
pub(crate) use read::{ATTACHMENTS, get};
pub(crate) use write::{create, update};
