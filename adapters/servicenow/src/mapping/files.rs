//! The rows of the Attachment API.

use usher_adapter_sdk::model::{Attachment, User};

use super::utc;
use crate::api::Record;

/// Returns a file that hangs on a record. Who attached it is told by the name that they sign in with.
pub(crate) fn attachment(record: &Record<'_>) -> Attachment {
    let text = |column: &str| record.filled(column).map(|field| field.value.to_string());
    let author = text("sys_created_by").map(|name| User::new(name.clone()).with_handle(name));
    Attachment::new(record.value("sys_id"), record.value("file_name"))
        .with_size(record.value("size_bytes").parse().ok())
        .with_media_type(text("content_type"))
        .with_author(author)
        .with_created_at(utc(record.value("sys_created_on")))
        .with_url(text("download_link"))
}
