//! The links that hang on an issue, and the files in its texts.

use usher_adapter_sdk::{
    Error, Result,
    host::{FileSink, Request},
    message::{Include, Raw},
    model::Attachment,
};

use super::read;
use crate::{Linear, error, key::Key, mapping};

/// Returns the links that hang on an issue, and the files in its description and comments.
pub(crate) async fn attachments(linear: &Linear, key: Key<'_>) -> Result<Vec<Attachment>> {
    let raw: Raw = read::get(linear, key, &Include::EVERYTHING).await?;
    Ok(read::normalize(Some(key), &raw)?.attachments.unwrap_or_default())
}

/// Writes the bytes of a file that Linear keeps into the sink; a link to another place is none.
pub(crate) async fn download(linear: &Linear, key: Key<'_>, id: &str, sink: &FileSink) -> Result<Attachment> {
    let found = attachments(linear, key).await?.into_iter().find(|attachment| attachment.id == id);
    let attachment = found.ok_or_else(|| Error::not_found(format_args!("the attachment `{id}` of {key}")))?;
    let Some(url) = attachment.url.as_deref().filter(|url| mapping::is_upload(url)) else {
        let place = attachment.url.as_deref().unwrap_or("another place");
        return Err(Error::unsupported(format_args!("downloading `{}`, which is a link,", attachment.name))
            .with_hint(format!("Open {place} yourself.")));
    };
    let response = linear.host.http(Request::get(url).into_sink(sink)).await?;
    if !response.is_success() {
        return Err(error::of_file(&response, &attachment.name, linear.host.now()));
    }
    let size = response.header("content-length").and_then(|length| length.trim().parse().ok());
    let media_type = response.header("content-type").map(str::to_owned);
    Ok(attachment.with_size(size).with_media_type(media_type))
}
