//! The files that hang on a work item.

use serde::Serialize;
use usher_adapter_sdk::{
    Error, ErrorKind, Result,
    host::{FileSink, FileSource, Method, Response},
    message::NewAttachment,
    model::Attachment,
};

use super::{lookup::is_guid, patch::Operation, read};
use crate::{
    AzureDevOps, api,
    key::Key,
    mapping,
    request::{of_item, with_patch},
};

/// Returns the files of a work item.
pub(crate) async fn attachments(azure: &AzureDevOps, key: Key<'_>) -> Result<Vec<Attachment>> {
    let response = with_relations(azure, key).await?;
    Ok(mapping::attachments(&response.decode()?))
}

/// Writes a file into the sink. It must hang on the work item: ids of files are valid in the whole organisation.
pub(crate) async fn download(azure: &AzureDevOps, key: Key<'_>, id: &str, sink: &FileSink) -> Result<Attachment> {
    let about = read::about(azure, key.number);
    let response = with_relations(azure, key).await?;
    let item: api::WorkItem<'_> = response.decode()?;
    let known = mapping::attachments(&item).into_iter().find(|file| file.id.eq_ignore_ascii_case(id));
    let Some(file) = known.filter(|file| is_guid(&file.id)) else {
        return Err(Error::not_found(format_args!("the attachment `{id}` of {about}")));
    };
    let project = mapping::project_name(&item, Some(key))?;
    let request = azure.bytes([project, "_apis", "wit", "attachments", &file.id])?;
    let request = request.query("fileName", &file.name).query("download", "true").into_sink(sink);
    azure.send(request, &format!("the attachment `{}` of {about}", file.name)).await?;
    Ok(file)
}

/// Uploads a file and hangs it on a work item.
pub(crate) async fn attach(
    azure: &AzureDevOps,
    key: Key<'_>,
    file: &NewAttachment,
    source: &FileSource,
) -> Result<Attachment> {
    let about = read::about(azure, key.number);
    if file.name.is_empty() || file.name.contains(['/', '\\']) {
        return Err(
            Error::validation(format!("`{}` is not the name of a file", file.name)).with_field("name", "is a file's")
        );
    }
    // Whoever cannot be written to is not sent a file.
    let project = read::project_of(azure, key).await?;
    let request = azure.request(Method::Post, [project.as_str(), "_apis", "wit", "attachments"])?;
    let request = request.query("fileName", &file.name).header("content-type", "application/octet-stream");
    let response = azure.send(request.body_from(source), &format!("the file `{}`", file.name)).await?;
    let uploaded: api::Uploaded<'_> = response.decode()?;
    let link = NewFile { rel: mapping::FILE, url: &uploaded.url, attributes: NewFileAttributes { name: &file.name } };
    let patch = [Operation::add("/relations/-", &link)?];
    let request = azure.request(Method::Patch, of_item(key.number))?.query("$expand", "all");
    let response = azure.send(with_patch(request, &patch)?, &about).await?;
    let item: api::WorkItem<'_> = response.decode()?;
    let own = mapping::attachments(&item).into_iter().find(|own| own.id.eq_ignore_ascii_case(&uploaded.id));
    let own = own.ok_or_else(|| {
        Error::new(ErrorKind::OutcomeUnknown, format!("{about}: Azure DevOps took the file and does not show it"))
            .with_hint("Look at the work item before you attach the file again.")
    })?;
    Ok(own.with_media_type(file.media_type.clone()))
}

async fn with_relations(azure: &AzureDevOps, key: Key<'_>) -> Result<Response> {
    let request = azure.get(of_item(key.number))?.query("$expand", "relations");
    azure.send(request, &read::about(azure, key.number)).await
}

/// A relation to a file.
#[derive(Serialize)]
struct NewFile<'a> {
    rel: &'static str,
    url: &'a str,
    attributes: NewFileAttributes<'a>,
}

#[derive(Serialize)]
struct NewFileAttributes<'a> {
    name: &'a str,
}
