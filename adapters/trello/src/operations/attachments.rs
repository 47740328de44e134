//! The files and links of a card.

use usher_adapter_sdk::{
    Error, Result,
    host::{FileSink, FileSource, Method, Response},
    message::NewAttachment,
    model::Attachment,
};

use super::read;
use crate::{Trello, api, key::Key, mapping};

/// Returns the files and links of a card.
pub(crate) async fn attachments(trello: &Trello, key: Key<'_>) -> Result<Vec<Attachment>> {
    let card = read::resolved(trello, key).await?;
    let response = ask(trello, &card).await?;
    let card: api::Card<'_> = response.decode()?;
    Ok(mapping::attachments(card.attachments.as_deref().unwrap_or_default(), &card, None))
}

/// Writes a file into the sink.
///
/// Trello gives a file only to whoever signs in by a header, and sends them on to where it is, without one.
pub(crate) async fn download(trello: &Trello, key: Key<'_>, id: &str, sink: &FileSink) -> Result<Attachment> {
    let about = read::about(key);
    let card = read::resolved(trello, key).await?;
    let response = ask(trello, &card).await?;
    let card: api::Card<'_> = response.decode()?;
    let files = card.attachments.as_deref().unwrap_or_default();
    let Some(file) = files.iter().find(|file| *file.id == *id) else {
        return Err(Error::not_found(format_args!("the attachment `{id}` of {about}")));
    };
    let own = mapping::attachments(std::slice::from_ref(file), &card, None).remove(0);
    if file.is_upload != Some(true) {
        let url = own.url.as_deref().unwrap_or_default();
        return Err(Error::validation(format!("the attachment `{id}` of {about} is a link and no file"))
            .with_hint(format!("Open it where it leads: {url}")));
    }
    let name = file_name(file);
    let request = trello.request(Method::Get, ["cards", &card.id, "attachments", id, "download", &name])?;
    let request = request.header("accept", "*/*").into_sink(sink);
    trello.send(request, &format!("the attachment `{}` of {about}", own.name)).await?;
    Ok(own)
}

/// Attaches a file.
pub(crate) async fn attach(
    trello: &Trello,
    key: Key<'_>,
    file: &NewAttachment,
    source: &FileSource,
) -> Result<Attachment> {
    if file.name.is_empty() || file.name.contains(['/', '\\']) {
        let error = Error::validation(format!("`{}` is not the name of a file", file.name));
        return Err(error.with_field("name", "is a file's"));
    }
    let card = read::resolved(trello, key).await?;
    let request = trello.request(Method::Post, ["cards", &card, "attachments"])?.form_text("name", &file.name);
    let request = file.media_type.iter().fold(request, |request, kind| request.form_text("mimeType", kind));
    let response = trello.send(request.form_file("file", file, source), &read::about(key)).await?;
    Ok(mapping::attachment(&response.decode()?))
}

/// Asks for a card with its files and its people.
async fn ask(trello: &Trello, card: &str) -> Result<Response> {
    let request = trello.read(["cards", card])?.query("fields", "idMembers").query("members", "true");
    trello.send(request.query("attachments", "true"), &format!("card {card}")).await
}

/// Returns the name under which Trello has a file: the last part of its address, which may be another than people see.
fn file_name(file: &api::Attachment<'_>) -> String {
    let of_address = file.url.as_deref().and_then(|url| url.rsplit_once("/download/")).map(|(_, name)| name);
    let is_plain = |name: &&str| !name.is_empty() && !name.contains(['%', '?', '#', '/']);
    let name = of_address.filter(is_plain).or(file.file_name.as_deref()).or(file.name.as_deref());
    name.filter(|name| !matches!(*name, "" | "." | "..")).unwrap_or("file").to_owned()
}
