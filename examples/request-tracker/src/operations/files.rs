//! Files: parts of messages that have a name.

use serde_json::json;
use usher_adapter_sdk::{
    Error, ErrorKind, Result,
    host::{FileSink, FileSource, Method},
    message::{Include, NewAttachment, Raw},
    model::{Attachment, Visibility},
};

use super::{notes::Way, read};
use crate::{
    RequestTracker, api,
    key::Key,
    mapping::{self, Messages},
};

/// Returns the files of every message.
pub(crate) async fn attachments(tracker: &RequestTracker, key: Key) -> Result<Vec<Attachment>> {
    let mut include = Include::SUMMARY;
    include.attachments = true;
    let said = read::messages(tracker, key, &include).await?;
    let raw = said.into_iter().fold(Raw::default(), |raw, (name, bytes)| raw.with(name, bytes));
    Ok(Messages::of(&raw)?.into_files())
}

/// Writes the bytes of a file into the sink: Request Tracker gives them as base64 in JSON.
pub(crate) async fn download(tracker: &RequestTracker, key: Key, id: &str, sink: &FileSink) -> Result<Attachment> {
    let own = attachments(tracker, key).await?;
    let about = format!("the attachment `{id}` of {key}");
    let known = own.into_iter().find(|file| file.id == id).ok_or_else(|| Error::not_found(&about))?;
    let response = tracker.send(tracker.get(["attachment", id])?, &about).await?;
    let part: api::Attachment<'_> = response.decode()?;
    let bytes = mapping::bytes(&part)?;
    if known.size.is_some_and(|size| size != bytes.len() as u64) {
        return Err(Error::new(
            ErrorKind::ResponseParse,
            format!("{about}: {} bytes came, and not {}", bytes.len(), known.size.unwrap_or_default()),
        ));
    }
    sink.write(bytes).await?;
    Ok(known)
}

/// Attaches a file with a message of its own: a comment, unless it shall be public.
pub(crate) async fn attach(
    tracker: &RequestTracker,
    key: Key,
    file: &NewAttachment,
    source: &FileSource,
) -> Result<Attachment> {
    let way = if file.visibility == Visibility::Public { Way::Correspond } else { Way::Comment };
    way.check(tracker, key).await?;
    let media_type = file.media_type.clone().unwrap_or_else(|| "application/octet-stream".to_owned());
    let file = file.clone().with_media_type(media_type);
    let request = tracker.request(Method::Post, ["ticket", &key.to_string(), way.path()])?;
    let message = json!({ "Content": file.name, "ContentType": "text/plain" });
    let request = request.form_text("JSON", message.to_string()).form_file("Attachments", &file, source);
    let response = tracker.send(request, &key).await?;
    let sent = way.sent(tracker, key, &response).await?;
    let parts = tracker.get(["transaction", &sent.id, "attachments"])?;
    let parts = parts.query("fields", "Filename,ContentType,ContentLength,TransactionId,Creator,Created");
    let pages = tracker.pages(parts, &key).await?;
    for page in &pages {
        let items = page.decode::<api::Collection<api::Attachment<'_>>>()?.items;
        if let Some(part) = items.iter().find(|part| part.filename.as_deref() == Some(&*file.name)) {
            return Ok(mapping::file(part));
        }
    }
    Err(Error::new(ErrorKind::OutcomeUnknown, format!("{key}: `{}` was sent, and is not in its message", file.name))
        .with_hint("Look at the ticket before you attach it again."))
}
