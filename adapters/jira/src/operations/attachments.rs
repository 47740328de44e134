//! Files: listing, reading and adding. Their bytes never come near the adapter.

use usher_adapter_sdk::{
    Error, Result,
    host::{FileSink, FileSource, Method},
    message::NewAttachment,
    model::{Attachment, Visibility},
};

use super::read;
use crate::{Jira, api, key::Key, mapping, site::Edition};

/// What is asked of an issue whose files are wanted.
const FIELD: &str = "attachment";

/// Returns the files of an issue.
pub(crate) async fn attachments(jira: &Jira, key: Key<'_>) -> Result<Vec<Attachment>> {
    let response = read::issue(jira, key, FIELD).await?;
    let issue: api::Issue<'_> = response.decode()?;
    Ok(issue.fields.attachments.iter().flatten().map(mapping::attachment).collect())
}

/// Writes the bytes of a file into the sink; it must hang on that issue.
///
/// Cloud sends on to another host, which gets no credentials: that is the host's to see to.
pub(crate) async fn download(jira: &Jira, key: Key<'_>, id: &str, sink: &FileSink) -> Result<Attachment> {
    let files = attachments(jira, key).await?;
    let file = files.into_iter().find(|file| file.id == id);
    let file = file.ok_or_else(|| Error::not_found(format_args!("the file `{id}` of {key}")))?;
    let edition = jira.edition().await?;
    let request = |api: crate::request::Api<'_>| {
        let request = match edition {
            Edition::Cloud => api.get(["attachment", "content", id])?,
            // The address in the answer is the one by which the server calls itself, which may be another.
            Edition::DataCenter => api.file(&["secure", "attachment", id, &file.name])?,
        };
        Ok(request.into_sink(sink))
    };
    jira.send(&file.name, request).await?;
    Ok(file)
}

/// Hangs a file on an issue.
pub(crate) async fn attach(jira: &Jira, key: Key<'_>, file: &NewAttachment, source: &FileSource) -> Result<Attachment> {
    if file.visibility == Visibility::Internal {
        return Err(Error::validation(format!("{key}: Jira's files are for everybody who sees the issue"))
            .with_field("visibility", "can only be public"));
    }
    let request = |api: crate::request::Api<'_>| {
        let request = api.request(Method::Post, ["issue", key.as_str(), "attachments"])?;
        // Without this header Jira takes a form for a forged one.
        Ok(request.header("x-atlassian-token", "no-check").form_file("file", file, source))
    };
    let response = jira.send(&key, request).await?;
    let files: Vec<api::Attachment<'_>> = response.decode()?;
    let file = files.first().map(mapping::attachment);
    file.ok_or_else(|| {
        Error::new(usher_adapter_sdk::ErrorKind::ResponseParse, format!("{key}: Jira names no new file"))
    })
}
