//! Files of an issue. Their bytes never come near the adapter; a file is sent first, and then given to the issue.

use serde::Serialize;
use usher_adapter_sdk::{
    Error, ErrorKind, Result,
    host::{FileSink, FileSource, Method},
    message::NewAttachment,
    model::{Attachment, Visibility},
};

use super::read;
use crate::{Redmine, api, key::Key, mapping, request::of_issue};

const PARTS: &str = "attachments";

/// Returns the files of an issue.
pub(crate) async fn attachments(redmine: &Redmine, key: Key) -> Result<Vec<Attachment>> {
    redmine.known().await?;
    let response = read::issue(redmine, key, PARTS).await?;
    let api::One { issue } = response.decode()?;
    Ok(issue.attachments.iter().flatten().map(mapping::attachment).collect())
}

/// Writes the bytes of a file of the issue into the sink.
pub(crate) async fn download(redmine: &Redmine, key: Key, id: &str, sink: &FileSink) -> Result<Attachment> {
    let files = attachments(redmine, key).await?;
    let missing = || Error::not_found(format_args!("the attachment {id} of issue {key}"));
    let file = files.into_iter().find(|file| file.id == id).ok_or_else(missing)?;
    // The address in the answer is the one that the server takes for its own; this one is below the connection's.
    let request = redmine.get(["attachments", "download", id, &file.name])?.header("accept", "*/*").into_sink(sink);
    redmine.send(request, &format!("the attachment {id} of issue {key}")).await?;
    Ok(file)
}

/// The body of the request: <https://www.redmine.org/projects/redmine/wiki/Rest_api#Attaching-files>
#[derive(Serialize)]
struct Given<'a> {
    issue: Uploads<'a>,
}

#[derive(Serialize)]
struct Uploads<'a> {
    uploads: [Upload<'a>; 1],
}

#[derive(Serialize)]
struct Upload<'a> {
    token: &'a str,
    filename: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    content_type: Option<&'a str>,
}

/// Attaches a file, and looks whether it is there.
pub(crate) async fn attach(
    redmine: &Redmine,
    key: Key,
    file: &NewAttachment,
    source: &FileSource,
) -> Result<Attachment> {
    if file.visibility == Visibility::Internal {
        return Err(Error::validation("whoever sees an issue of Redmine's sees its files")
            .with_field("visibility", "can only be public"));
    }
    let before = attachments(redmine, key).await?;
    let request = redmine.request(Method::Post, ["uploads.json"])?.query("filename", file.name.clone());
    let request = request.header("content-type", "application/octet-stream").body_from(source);
    let response = redmine.send(request, &format!("the file `{}`", file.name)).await?;
    let api::Uploaded { upload } = response.decode()?;
    let upload = Upload { token: &upload.token, filename: &file.name, content_type: file.media_type.as_deref() };
    let request = redmine.request(Method::Put, of_issue(key))?.json(&Given { issue: Uploads { uploads: [upload] } })?;
    redmine.send(request, &format!("issue {key}")).await?;
    let after = attachments(redmine, key).await?;
    let is_new = |file: &Attachment| !before.iter().any(|known| known.id == file.id);
    let mut added: Vec<Attachment> = after.into_iter().filter(is_new).collect();
    // Redmine cleans names: of several new files it is the one that is called so, and of one it is that.
    let named = added.iter().position(|own| own.name == file.name);
    match (named, added.len()) {
        (Some(place), _) => Ok(added.swap_remove(place)),
        (None, 1) => Ok(added.swap_remove(0)),
        _ => Err(Error::new(ErrorKind::OutcomeUnknown, format!("issue {key} does not show the file `{}`", file.name))
            .with_hint(
                "Redmine drops files of accounts that may not attach them, without a word. Look before you repeat it.",
            )),
    }
}
