//! The files that hang on a record.

use std::fmt::Display;

use usher_adapter_sdk::{
    Error, ErrorKind, Result,
    host::{FileSink, FileSource, Method, Response},
    message::NewAttachment,
    model::Attachment,
};

use super::read;
use crate::{
    ServiceNow,
    api::{Answer, Found},
    error,
    key::Key,
    mapping, query,
};

/// How many files of a record are asked for: more than anybody hangs on one.
const MOST: u64 = 1_000;

/// Returns the files of a record.
pub(crate) async fn attachments(snow: &ServiceNow, key: Key<'_>) -> Result<Vec<Attachment>> {
    let (_, sys_id) = record(snow, key).await?;
    files(&rows(snow, &sys_id, &key).await?, &sys_id)
}

/// Writes a file into the sink. It must hang on the record: ids of files are valid on the whole instance.
pub(crate) async fn download(snow: &ServiceNow, key: Key<'_>, id: &str, sink: &FileSink) -> Result<Attachment> {
    let known = attachments(snow, key).await?.into_iter().find(|file| file.id == id);
    let file = known.ok_or_else(|| Error::not_found(format_args!("the attachment `{id}` of {key}")))?;
    let request = snow.files(Method::Get, [&*file.id, "file"])?.into_sink(sink);
    error::of_file(snow.host.http(request).await?, &format_args!("the attachment `{}` of {key}", file.name))?;
    Ok(file)
}

/// Uploads a file to a record; the file is the body of the request.
pub(crate) async fn attach(
    snow: &ServiceNow,
    key: Key<'_>,
    file: &NewAttachment,
    source: &FileSource,
) -> Result<Attachment> {
    if file.name.is_empty() || file.name.contains(['/', '\\']) {
        return Err(
            Error::validation(format!("`{}` is not the name of a file", file.name)).with_field("name", "is a file's")
        );
    }
    let (table, sys_id) = record(snow, key).await?;
    let request = snow.files(Method::Post, ["file"])?.header("accept", "application/json");
    let request = request.query("table_name", table).query("table_sys_id", &*sys_id).query("file_name", &*file.name);
    let kind = file.media_type.as_deref().unwrap_or("application/octet-stream");
    let about = format!("the file `{}` of {key}", file.name);
    let response = snow.send(request.header("content-type", kind).body_from(source), &about).await?;
    let unclear = || {
        Error::new(ErrorKind::OutcomeUnknown, format!("{about}: ServiceNow took it and does not show it"))
            .with_hint("Look at the record before you attach the file again.")
    };
    let answer: Answer<'_> = response.decode().map_err(|_| unclear())?;
    let own = answer.result.0.first().filter(|row| row.value("table_sys_id") == sys_id);
    own.map(mapping::attachment).ok_or_else(unclear)
}

/// Asks for the rows of a record's files.
pub(super) async fn rows(snow: &ServiceNow, sys_id: &str, about: &(dyn Display + Sync)) -> Result<Response> {
    let request = snow.files(Method::Get, [""; 0])?.header("accept", "application/json");
    let request = request.query("sysparm_query", query::is("table_sys_id", sys_id)?);
    snow.send(request.query("sysparm_limit", MOST.to_string()), about).await
}

fn files(response: &Response, sys_id: &str) -> Result<Vec<Attachment>> {
    let Answer { result: Found(rows) } = response.decode()?;
    // A wrong term of a query is passed over in silence: a file of another record is none of ours.
    Ok(rows.iter().filter(|row| row.value("table_sys_id") == sys_id).map(mapping::attachment).collect())
}

/// Returns table and id of a record.
pub(super) async fn record(snow: &ServiceNow, key: Key<'_>) -> Result<(String, String)> {
    let response = read::main(snow, key, false).await?;
    let answer: Answer<'_> = response.decode()?;
    let record = read::only(&answer, &response, key)?;
    Ok((mapping::table(record, Some(key)).to_owned(), record.value("sys_id").to_owned()))
}
