//! One ticket.

use usher_adapter_sdk::{
    Result,
    message::{Include, Raw},
    model::Json,
};

use crate::{Folder, key::Key, mapping};

/// The document that lists the files beside a ticket.
pub(crate) const ATTACHMENTS: &str = "attachments";

/// Returns a ticket's file, and the list of its attachments where it is wanted.
pub(crate) fn get(folder: &Folder, key: Key, include: &Include) -> Result<Raw> {
    let text = folder.store.read(key)?;
    let raw = Raw::default().with_revision(mapping::revision(&text)).with(Raw::MAIN, text);
    if !include.attachments {
        return Ok(raw);
    }
    let files = Json::of(&folder.store.attachments(key)?)?;
    Ok(raw.with(ATTACHMENTS, files.as_str()))
}
