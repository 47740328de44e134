//! What the adapter does: each operation builds its requests, decodes the answers and maps them.
//!
//! Beside the operations stand what several of them need: `account` (who we are and what we may do), `input` (what a write
//! sends, and what has become of it) with `sent` (how it is written), `links`, `lookup` (names), `place` (cursors and windows).

mod account;
mod check;
mod create;
mod files;
mod input;
mod links;
mod list;
mod lookup;
mod notes;
mod options;
mod place;
mod read;
mod search;
mod sent;
mod update;

pub(crate) use account::{Me, Roles};
pub(crate) use check::check;
pub(crate) use create::create;
pub(crate) use files::{attach, attachments, download};
pub(crate) use list::fetch;
pub(crate) use notes::{add_note, notes};
pub(crate) use options::options;
pub(crate) use read::{get, normalize};
pub(crate) use search::search;
pub(crate) use update::update;
