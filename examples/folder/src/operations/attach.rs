//! Files beside a ticket; their bytes go through the host in parts.

use std::io::Read;

use usher_adapter_sdk::{
    Error, Result,
    host::{FileSink, FileSource},
    message::NewAttachment,
    model::Attachment,
};

use crate::{Folder, error::system, key::Key, mapping, store::FileName};

/// How many bytes go at a time.
const PART: u64 = 256 * 1024;

/// Returns the files beside a ticket.
pub(crate) fn attachments(folder: &Folder, key: Key) -> Result<Vec<Attachment>> {
    folder.store.ready()?;
    if !folder.store.contains(key) {
        return Err(Error::not_found(key));
    }
    Ok(folder.store.attachments(key)?.into_iter().map(mapping::attachment).collect())
}

/// Hands a file beside a ticket to the host.
pub(crate) async fn download(folder: &Folder, key: Key, id: &str, sink: &FileSink) -> Result<Attachment> {
    folder.store.ready()?;
    // Whatever could not be the name of an attachment is not there.
    let name = FileName::parse(id).map_err(|error| Error::not_found("the attachment").context(error.message()))?;
    let (mut file, attached) = folder.store.open_attachment(key, &name)?;
    loop {
        let mut part = Vec::new();
        let read = file.by_ref().take(PART).read_to_end(&mut part);
        read.map_err(|error| system(format_args!("reading the attachment `{name}` of {key}"), &error))?;
        if part.is_empty() {
            return Ok(mapping::attachment(attached));
        }
        sink.write(part).await?;
    }
}

/// Puts a file of the host's beside a ticket; one that is there already keeps its name.
pub(crate) async fn attach(folder: &Folder, key: Key, file: &NewAttachment, source: &FileSource) -> Result<Attachment> {
    let name = FileName::parse(&file.name)?;
    let mut new = folder.store.new_attachment(key)?;
    loop {
        let part = source.read(PART).await?;
        if part.is_empty() {
            break;
        }
        new.write(&part)?;
    }
    let attached = new.finish(&folder.store.lock()?, &name)?;
    Ok(mapping::attachment(attached))
}
