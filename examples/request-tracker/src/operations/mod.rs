//! Operations: build the request, decode the answer, map it.

mod check;
mod create;
mod files;
mod filter;
mod list;
mod notes;
mod options;
mod queues;
mod read;
mod settle;
mod update;

pub(crate) use self::{
    check::check,
    create::create,
    files::{attach, attachments, download},
    list::{fetch, search},
    notes::{add_note, notes},
    options::options,
    read::get,
    update::update,
};
