//! Files of an item: in its columns and its updates.

use serde_json::json;
use usher_adapter_sdk::{
    Error, Result, decode,
    host::{FileSink, FileSource, Request, Response},
    message::NewAttachment,
    model::Attachment,
};

use super::{
    notes::unanswered,
    read::{self, Wanted},
};
use crate::{
    Monday, api, documents, error,
    key::Key,
    mapping::{self, Columns, is},
};

/// Returns the files of an item.
pub(crate) async fn attachments(monday: &Monday, key: Key<'_>) -> Result<Vec<Attachment>> {
    let response = ask(monday, key).await?;
    Ok(assets(monday, &response, key)?.iter().map(mapping::attachment).collect())
}

/// Writes the bytes of a file into the sink. Its address is good for an hour, and needs no credentials.
pub(crate) async fn download(monday: &Monday, key: Key<'_>, id: &str, sink: &FileSink) -> Result<Attachment> {
    let response = ask(monday, key).await?;
    let assets = assets(monday, &response, key)?;
    let missing = || Error::not_found(format_args!("the attachment `{id}` of {key}"));
    let asset = assets.iter().find(|asset| *asset.id == *id).ok_or_else(missing)?;
    let attachment = mapping::attachment(asset);
    let Some(url) = asset.public_url.as_deref() else {
        return Err(Error::unsupported(format_args!(
            "downloading `{}`, which has no public address,",
            attachment.name
        ))
        .with_hint("Open it on its item's page."));
    };
    let file = monday.host.http(Request::get(url).auth("none").into_sink(sink)).await?;
    if !file.is_success() {
        return Err(error::of_file(&file, &attachment.name));
    }
    let media_type = file.header("content-type").map(str::to_owned);
    Ok(attachment.with_media_type(media_type))
}

/// Puts a file into the first column of the board that holds files.
pub(crate) async fn attach(
    monday: &Monday,
    key: Key<'_>,
    file: &NewAttachment,
    source: &FileSource,
) -> Result<Attachment> {
    let response = read::ask(monday, key, Wanted::LEAST).await?;
    let item: api::Item<'_> = decode::json(read::main(monday, &response, key)?.get().as_bytes())?;
    let columns = Columns::of(item.board.as_ref(), &monday.config.columns);
    let column = columns.all().iter().find(|column| column.archived != Some(true) && is(column, &["file"]));
    let column = column.ok_or_else(|| {
        Error::validation(format!("{key}: its board has no column for files"))
            .with_hint("Add a column of the type Files to the board; a file alone is no update.")
    })?;
    let variables = json!({ "item": key.item, "column": &*column.id });
    let answer = monday.send(documents::FILE_ADD, &variables, file, source).await?;
    let api::FileAdded { add_file_to_column } = monday.data(&answer, &file.name)?;
    add_file_to_column.as_ref().map(mapping::attachment).ok_or_else(|| unanswered(&file.name))
}

async fn ask(monday: &Monday, key: Key<'_>) -> Result<Response> {
    read::ask(monday, key, Wanted { notes: false, attachments: true }).await
}

fn assets<'a>(monday: &Monday, response: &'a Response, key: Key<'_>) -> Result<Vec<api::Asset<'a>>> {
    let item: api::Item<'a> = decode::json(read::main(monday, response, key)?.get().as_bytes())?;
    Ok(item.assets.unwrap_or_default().into_iter().flatten().collect())
}
