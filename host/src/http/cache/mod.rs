//! Answers of platforms on disk, to ask whether they still hold.
//!
//! What lives here: the folder (`store`) and one answer in it (`entry`). What does not: when an answer is kept and what is
//! asked (`layers/conditional`), and tickets, which the service keeps in its own words.

mod entry;
mod store;

pub(crate) use entry::Entry;
pub(crate) use store::{Key, Store};
